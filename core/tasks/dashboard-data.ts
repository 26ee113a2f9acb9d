import type { z } from 'zod';
import { calibrationItemSchema } from '../../schemas/calibration-item.ts';
import type { CanaryResult } from '../../schemas/canary-result.ts';
import { indexFileSchema, modelTrendFileSchema, trendsFileSchema } from '../../schemas/dashboard-data.ts';
import type { LocalFile } from '../../schemas/dashboard-data.ts';
import { DASHBOARD_FILES } from '../../schemas/dashboard-files.ts';
import type { RunRow } from '../../schemas/dashboard-runs.ts';
import type { ExecutionSummary } from '../../schemas/execution-summary.ts';
import { ERROR, PREFIX } from '../../schemas/names.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import type { Turn } from '../../schemas/turn.ts';
import { canaryFile } from '../dashboard/canary-file.ts';
import { dataDictionary } from '../dashboard/data-dictionary.ts';
import { addToIndex } from '../dashboard/index-file.ts';
import { manifestFile, verbatimArtefacts } from '../dashboard/manifest-file.ts';
import { runRow, scaleOf } from '../dashboard/run-row.ts';
import { transcriptFile } from '../dashboard/transcript.ts';
import { addToModelTrend, addToTrends } from '../dashboard/trends-file.ts';
import { NamedError } from '../errors.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import type { ObjectStore } from '../ports.ts';
import type { Measure } from './measure.ts';
import { decodeUtf8, parseJsonLines } from './text-codec.ts';

/** Transcripts being written at once: hides a store's latency as reading ahead does, and bounds memory the same way. */
const WRITES_AT_ONCE = 8;

/** What a static site can do beyond showing files. */
const STATIC_SITE: LocalFile = { api_base: null, features: [], lake: null, version: null };

/** As much of a measure as its pages need: a lake whose prices or alert rules are of an older form can still be shown. */
export type SiteMeasure = Pick<Measure, 'manifest' | 'rubric' | 'seeds' | 'goldenSet'>;

/** Publishes one execution for the static site, run by run. */
export interface DashboardPublisher {
  /** A plan row, in plan order. Its transcript is on its way when this returns; `finish` waits for the last of them. */
  addRun(summary: RunSummary, turns: readonly Turn[]): Promise<void>;
  /** All other files; the index last, so that a page never meets a week whose files are not there. */
  finish(summary: ExecutionSummary): Promise<void>;
}

/**
 * What the static site reads (schemas/dashboard-*.ts), but alerts.json, which is CheckAlerts' own. Files that carry an id
 * are functions of the execution alone; index and trends take the execution into what stands there, as the official one
 * of its series and week. All of it is derived: `socratic-bench reindex` rebuilds it.
 */
export function createDashboardPublisher(store: ObjectStore, measure: SiteMeasure): DashboardPublisher {
  const { rubric } = measure;
  const scale = scaleOf(rubric);
  const rows: RunRow[] = [];
  const writes: Promise<void>[] = [];
  return {
    addRun: async (summary, turns) => {
      const row = runRow(summary, turns, rubric);
      rows.push(row);
      if (turns.length === 0) return;
      // The planner refuses seeds that the measure does not hold.
      const seed = measure.seeds.get(summary.seed_id)!;
      const write = putDashboard(
        store,
        DASHBOARD_FILES.transcript(summary.run_id),
        transcriptFile({ summary, row, seed, scale }, turns),
      );
      // The failure is thrown where the write is awaited; until then it must not count as unhandled.
      write.catch(() => undefined);
      writes.push(write);
      if (writes.length >= WRITES_AT_ONCE) await writes.shift();
    },
    finish: async (summary) => {
      await Promise.all(writes);
      const { execution_id, manifest_id, series, week } = summary;
      const used = new Set(rows.map(({ seed_id }) => seed_id));
      await putDashboard(store, DASHBOARD_FILES.runs(execution_id), {
        execution_id,
        manifest_id,
        series,
        week,
        scale,
        seeds: [...measure.seeds.values()]
          .filter(({ seed_id }) => used.has(seed_id))
          .map(({ seed_id, vector, test_type, title }) => ({ seed_id, vector, test_type, title })),
        runs: rows,
      });
      await putDashboard(store, DASHBOARD_FILES.execution(execution_id), summary);
      await publishCanary(store, measure, summary);
      await publishManifest(store, measure);
      await publishTrends(store, summary);
      await putDashboard(store, DASHBOARD_FILES.methods, dataDictionary());
      await putDashboard(store, DASHBOARD_FILES.local, STATIC_SITE);
      const index = await readDashboard(store, DASHBOARD_FILES.index, indexFileSchema);
      await putDashboard(store, DASHBOARD_FILES.index, addToIndex(index, summary));
    },
  };
}

async function publishCanary(
  store: ObjectStore,
  measure: SiteMeasure,
  summary: ExecutionSummary,
): Promise<void> {
  const key = lakeKeys.canaryResults(summary.dt, summary.execution_id);
  const bytes = summary.canary === null ? null : await store.get(key);
  if (bytes === null) return;
  const items = (measure.goldenSet ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => calibrationItemSchema.parse(JSON.parse(line)));
  const file = canaryFile(summary, parseJsonLines<CanaryResult>(bytes, key), items);
  await putDashboard(store, DASHBOARD_FILES.canary(summary.execution_id), file);
}

async function publishManifest(store: ObjectStore, { manifest, seeds }: SiteMeasure): Promise<void> {
  const texts = await Promise.all(
    verbatimArtefacts(manifest).map(async ({ key }) => {
      const bytes = await store.get(key);
      if (bytes === null)
        throw new NamedError(ERROR.artefactChanged, `${key}: expected the artefact, got nothing`, {
          hint: 'published files are write-once: restore this one from a copy',
        });
      return decodeUtf8(bytes);
    }),
  );
  await putDashboard(
    store,
    DASHBOARD_FILES.manifest(manifest.manifest_id),
    manifestFile(manifest, texts, seeds),
  );
}

async function publishTrends(store: ObjectStore, summary: ExecutionSummary): Promise<void> {
  const path = DASHBOARD_FILES.trends(summary.series);
  const stored = await readDashboard(store, path, trendsFileSchema);
  // A model that a superseded execution of this week had and this one has not loses its week too.
  const models = new Set(summary.weekly.map(({ model }) => model));
  const before = stored?.weeks.findIndex(({ week }) => week === summary.week) ?? -1;
  stored?.columns.week.forEach((week, at) => {
    if (week === before) models.add(stored.models[stored.columns.model[at]!]!);
  });
  for (const model of [...models].sort()) {
    const file = DASHBOARD_FILES.modelTrend(summary.series, model);
    const trend = await readDashboard(store, file, modelTrendFileSchema);
    await putDashboard(store, file, addToModelTrend(trend, summary, model));
  }
  await putDashboard(store, path, addToTrends(stored, summary));
}

/**
 * A file of the site, or null when it is not there or was written by another version of the schemas: what is derived is
 * started anew then, and `reindex` brings the history back.
 */
export async function readDashboard<T extends z.ZodType>(
  store: ObjectStore,
  path: string,
  schema: T,
): Promise<z.output<T> | null> {
  const bytes = await store.get(`${PREFIX.dashboard}/${path}`);
  if (bytes === null) return null;
  const parsed = schema.safeParse(JSON.parse(decodeUtf8(bytes)));
  return parsed.success ? parsed.data : null;
}

/** Writes a file of the site. */
export async function putDashboard(store: ObjectStore, path: string, value: unknown): Promise<void> {
  await store.put(`${PREFIX.dashboard}/${path}`, `${JSON.stringify(value)}\n`);
}
