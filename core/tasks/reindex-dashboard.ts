import type { Execution } from '../../schemas/execution.ts';
import type { ExecutionSummary } from '../../schemas/execution-summary.ts';
import { ERROR, PREFIX } from '../../schemas/names.ts';
import { rubricSchema } from '../../schemas/rubric.ts';
import type { ArtefactKind } from '../../schemas/run-manifest.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import { seedFileSchema } from '../../schemas/seed.ts';
import type { Turn } from '../../schemas/turn.ts';
import { NamedError } from '../errors.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import type { ObjectStore } from '../ports.ts';
import { publishAlerts, readAlerts } from './check-alerts.ts';
import { createDashboardPublisher, type SiteMeasure } from './dashboard-data.ts';
import { readPlan } from './read-plan.ts';
import { readManifest } from './load-manifest.ts';
import { decodeUtf8, parseJsonLines } from './text-codec.ts';

/**
 * Rebuilds dashboard/data/ from what the lake holds of finished executions; nothing is computed again. Gives how many.
 * @param finished in any order: they are published in the order in which they ended, the last of a week becoming official.
 */
export async function reindexDashboard(store: ObjectStore, finished: readonly Execution[]): Promise<number> {
  const site = fromScratch(store);
  const inOrder = [...finished].sort((a, b) => (endOf(a) < endOf(b) ? -1 : 1));
  let count = 0;
  for (const { execution_id, manifest_key, plan_key, week } of inOrder) {
    if (manifest_key === null || plan_key === null) continue;
    // As Aggregate wrote it, its fields in their order: the same bytes come out.
    const [summary] = await readLines<ExecutionSummary>(store, lakeKeys.summary(execution_id));
    if (summary === undefined) continue;
    const publisher = createDashboardPublisher(site, await readSiteMeasure(store, manifest_key));
    for (const row of (await readPlan(store, plan_key)) ?? []) {
      const [run] = await readLines<RunSummary>(store, lakeKeys.score(row.dt, row.run_id));
      if (run !== undefined) await publisher.addRun(run, await readLines<Turn>(store, lakeKeys.judged(row)));
    }
    await publisher.finish(summary);
    const alerts = await readAlerts(store, week, execution_id);
    await publishAlerts(site, summary, alerts);
    count += 1;
  }
  return count;
}

async function readSiteMeasure(store: ObjectStore, manifest_key: string): Promise<SiteMeasure> {
  const manifest = await readManifest(store, manifest_key);
  const { artefacts, profile } = manifest.content;
  const textOf = async (kind: ArtefactKind, stem: string): Promise<string> => {
    const key = artefacts.find((one) => one.kind === kind && one.stem === stem)?.key;
    const bytes = key === undefined ? null : await store.get(key);
    if (bytes !== null) return decodeUtf8(bytes);
    throw new NamedError(
      ERROR.artefactChanged,
      `${manifest.manifest_id}: expected artefact ${kind}/${stem} in the lake, got none`,
    );
  };
  const { seeds, rubric, golden_set } = profile.artefacts;
  const seedFile = seedFileSchema.parse(JSON.parse(await textOf('seeds', seeds)));
  return {
    manifest,
    rubric: rubricSchema.parse(JSON.parse(await textOf('rubrics', rubric))),
    seeds: new Map(seedFile.seeds.map((seed) => [seed.seed_id, seed])),
    goldenSet: profile.canary.is_on ? await textOf('golden', golden_set) : null,
  };
}

function endOf({ ended_at, execution_id }: Execution): string {
  return `${ended_at ?? ''} ${execution_id}`;
}

async function readLines<T>(store: ObjectStore, key: string): Promise<T[]> {
  const bytes = await store.get(key);
  return bytes === null ? [] : parseJsonLines<T>(bytes, key);
}

/** The store with none of the site's files, but those that have been written through this view of it. */
function fromScratch(store: ObjectStore): ObjectStore {
  const written = new Set<string>();
  return {
    get: async (key) =>
      key.startsWith(`${PREFIX.dashboard}/`) && !written.has(key) ? null : await store.get(key),
    put: async (key, body) => {
      written.add(key);
      await store.put(key, body);
    },
    putIfAbsent: (key, body) => store.putIfAbsent(key, body),
    list: (prefix) => store.list(prefix),
  };
}
