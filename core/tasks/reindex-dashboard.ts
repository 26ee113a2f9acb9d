import type { Execution } from '../../schemas/execution.ts';
import { PREFIX } from '../../schemas/names.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import type { Turn } from '../../schemas/turn.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import type { ObjectStore } from '../ports.ts';
import { publishAlerts, readAlerts } from './check-alerts.ts';
import { createDashboardPublisher } from './dashboard-data.ts';
import { readPlan } from './generate-runs.ts';
import { createMeasureLoader } from './measure.ts';
import { readSummary } from './publish-metrics.ts';
import { parseJsonLines } from './text-codec.ts';

/**
 * Rebuilds dashboard/data/ from what the lake holds of finished executions; nothing is computed again. Gives how many.
 * @param finished in any order: they are published in the order in which they ended, the last of a week becoming official.
 */
export async function reindexDashboard(store: ObjectStore, finished: readonly Execution[]): Promise<number> {
  const site = fromScratch(store);
  const measureOf = createMeasureLoader(store);
  const inOrder = [...finished].sort((a, b) => (endOf(a) < endOf(b) ? -1 : 1));
  let count = 0;
  for (const { execution_id, manifest_key, plan_key, week } of inOrder) {
    if (manifest_key === null || plan_key === null) continue;
    const summary = await readSummary(store, execution_id);
    const publisher = createDashboardPublisher(site, await measureOf(manifest_key));
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
