import { ERROR } from '../../schemas/names.ts';
import type { CanaryItem, PlannedRun } from '../../schemas/planned-run.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import { runSummarySchema } from '../../schemas/run-summary.ts';
import type { PlanPointers, Pointers } from '../../schemas/task-io.ts';
import { pointersSchema } from '../../schemas/task-io.ts';
import { NamedError } from '../errors.ts';
import { canonicalSha256 } from '../identity/canonical-json.ts';
import { instantMs, shiftWeek } from '../identity/iso-week.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import { ulidFrom } from '../identity/ulid.ts';
import { calibrateFilter, noFilter, type FilterThresholds } from '../judging/filter.ts';
import { expandMatrix, type MatrixRow } from '../manifest/expand-matrix.ts';
import type { ModelsFor, ObjectStore, RunIndex } from '../ports.ts';
import type { Measure } from './measure.ts';
import { planSizes } from './plan-sizes.ts';
import { preflightModels, type Preflight } from './preflight-models.ts';
import { readPlan } from './read-plan.ts';
import { createExpectation } from './row-expectation.ts';
import { rowsUnderCap } from './shed-blocks.ts';
import { decodeUtf8, toJsonLines } from './text-codec.ts';

export interface GenerateRunsPorts {
  store: ObjectStore;
  models: ModelsFor;
  index: RunIndex;
  measure: (manifest_key: string) => Promise<Measure>;
}

/** Weeks of the series that calibrate the filter. */
const CALIBRATION_WEEKS = 12;

/**
 * State 2. Looks at every model once, expands the matrix and writes the plan and its two work lists, write-once. A plan
 * that exists is adopted: planning is done once an execution. With `retry_errors` the work lists hold only the rows that
 * ended failed or censored by infrastructure or judge. Throws NothingToRun (and writes no plan: the same command plans
 * anew once the cause is mended), BudgetExhausted when the cap holds no block, and InvalidConfig when no judge can be used.
 */
export function createGenerateRuns(ports: GenerateRunsPorts) {
  return async (input: Pointers, signal?: AbortSignal): Promise<PlanPointers> => {
    const pointers = pointersSchema.parse(input);
    const measure = await ports.measure(pointers.manifest_key);
    const plan_key = lakeKeys.plan(pointers.manifest_id, pointers.execution_id);
    const rows =
      (await readPlan(ports.store, plan_key)) ??
      (await writePlan(ports, measure, pointers, plan_key, signal));
    const planned = rows.filter((row) => row.status === 'planned');
    const underCap = rowsUnderCap(measure, rows, pointers.max_cost_usd);
    const work = pointers.retry_errors ? await rowsToRetry(ports.store, underCap.rows) : underCap.rows;
    if (work.length === 0) throw nothingToRun(pointers, rows);

    const hasCanary =
      measure.manifest.content.profile.canary.is_on &&
      (!pointers.retry_errors ||
        (await ports.store.get(lakeKeys.canarySummary(pointers.dt, pointers.execution_id))) === null);
    const runs = toJsonLines(work);
    const name = await listName(ports.store, pointers, runs);
    const runs_key = lakeKeys.runs(pointers.manifest_id, name);
    const judgements_key = lakeKeys.judgements(pointers.manifest_id, name);
    await ports.store.putIfAbsent(runs_key, runs);
    await ports.store.putIfAbsent(
      judgements_key,
      toJsonLines([...work, ...(hasCanary ? [canaryItem(measure, pointers)] : [])]),
    );
    return {
      ...pointers,
      plan_key,
      runs_key,
      judgements_key,
      planned: planned.length,
      skipped: rows.length - planned.length,
      estimated_usd: underCap.expected_usd,
    };
  };
}

/** Work lists are written once: one made under another cap keeps its name, and this one gets its own. */
async function listName(store: ObjectStore, pointers: Pointers, runs: string): Promise<string> {
  const stored = await store.get(lakeKeys.runs(pointers.manifest_id, pointers.execution_name));
  return stored === null || decodeUtf8(stored) === runs
    ? pointers.execution_name
    : `${pointers.execution_name}--cap-${Math.round(pointers.max_cost_usd * 1e6)}`;
}

async function writePlan(
  ports: GenerateRunsPorts,
  measure: Measure,
  pointers: Pointers,
  plan_key: string,
  signal: AbortSignal | undefined,
): Promise<PlannedRun[]> {
  const matrix = expandMatrix(measure.manifest.content, measure.phases.profiles, pointers.dt);
  const preflight = await preflightModels(ports.models(measure), measure, matrix, signal);
  const plannedTurns = matrix.reduce((sum, { turns, skip }) => sum + (skip === null ? turns : 0), 0);
  const filter = await filterThresholds(ports.index, measure, pointers, plannedTurns);
  const rows = planRows(measure, pointers, matrix, preflight, filter);
  // A plan without a run would be adopted for ever: what is mended now would not count before next week.
  if (rows.every((row) => row.status === 'skipped')) throw nothingToRun(pointers, rows);
  await ports.store.putIfAbsent(plan_key, toJsonLines(rows));
  // Another planner may have won with other preflight answers: the file is the plan.
  return (await readPlan(ports.store, plan_key)) ?? rows;
}

/** Plan rows of a matrix; pure. Throws PlanConflict when two rows get one id. */
export function planRows(
  measure: Measure,
  pointers: Pointers,
  matrix: readonly MatrixRow[],
  preflight: Preflight,
  filter: FilterThresholds,
): PlannedRun[] {
  const { manifest } = measure;
  const sizes = planSizes(measure);
  const ids = new Set<string>();
  const seenModels = new Set<string>();
  const expected = createExpectation(sizes);
  return matrix.map(({ cell, block, phase, turns, skip: staticSkip }) => {
    const run_id = ulidFrom(
      instantMs(pointers.scheduled_at),
      canonicalSha256([
        manifest.manifest_sha256,
        pointers.execution_id,
        cell.model,
        cell.variant,
        cell.temperature,
        cell.seed_id,
        cell.phase,
        cell.repeat,
      ]),
    );
    if (ids.has(run_id))
      throw new NamedError(
        ERROR.planConflict,
        `two rows of the plan have run_id ${run_id}: ${JSON.stringify(cell)}`,
      );
    ids.add(run_id);
    const looked = preflight.get(cell.model);
    const skip = staticSkip ?? looked?.skip ?? null;
    const isFirstOfModel = !seenModels.has(cell.model);
    seenModels.add(cell.model);
    const likely = expected(cell, turns);
    return {
      kind: 'run',
      run_id,
      execution_id: pointers.execution_id,
      manifest_id: manifest.manifest_id,
      measure_sha256: manifest.content.measure_sha256,
      dt: pointers.dt,
      week: pointers.week,
      ...cell,
      manifest_key: pointers.manifest_key,
      scheduled_at: pointers.scheduled_at,
      series: pointers.series,
      block,
      turns,
      target_tokens: phase.target_tokens,
      status: skip === null ? 'planned' : 'skipped',
      skip_reason: skip?.reason ?? null,
      skip_detail: skip?.detail.slice(0, 500) ?? null,
      filter,
      preflight_usage: isFirstOfModel ? (looked?.usage ?? null) : null,
      retry_errors: false,
      ...likely,
      cap: null,
    };
  });
}

/** Thresholds of the heuristic filter from the judged turns of the last weeks of this series and measure. */
async function filterThresholds(
  index: RunIndex,
  measure: Measure,
  pointers: Pointers,
  plannedTurns: number,
): Promise<FilterThresholds> {
  const { profile, measure_sha256 } = measure.manifest.content;
  if (!profile.judges.use_filter) return noFilter(measure.rubric);
  const bins: RunSummary['risk_bins'] = [];
  for (const model of profile.models) {
    const runs = await index.modelRuns(
      pointers.series,
      model,
      shiftWeek(pointers.week, -CALIBRATION_WEEKS),
      pointers.week,
    );
    for (const run of runs) if (run.measure_sha256 === measure_sha256) bins.push(...run.risk_bins);
  }
  return calibrateFilter(bins, measure.rubric, plannedTurns);
}

async function rowsToRetry(store: ObjectStore, planned: readonly PlannedRun[]): Promise<PlannedRun[]> {
  const rows: PlannedRun[] = [];
  for (const row of planned) {
    const bytes = await store.get(lakeKeys.score(row.dt, row.run_id));
    const summary = bytes === null ? null : runSummarySchema.parse(JSON.parse(decodeUtf8(bytes)));
    if (summary === null || needsRetry(summary)) rows.push({ ...row, retry_errors: true });
  }
  return rows;
}

/** Ended failed, or censored by something that may have mended. */
export function needsRetry(summary: RunSummary): boolean {
  if (summary.ended === 'failed') return true;
  // Access may have been granted, the cap raised.
  if (summary.ended === 'skipped')
    return summary.skip_reason === 'access' || summary.skip_reason === 'budget';
  return (
    summary.ended === 'censored' &&
    (summary.censor_reason === 'infrastructure' ||
      summary.censor_reason === 'judge' ||
      summary.censor_reason === 'student')
  );
}

function canaryItem(measure: Measure, pointers: Pointers): CanaryItem {
  return {
    kind: 'canary',
    run_id: `canary-${pointers.execution_id}`,
    execution_id: pointers.execution_id,
    manifest_id: measure.manifest.manifest_id,
    manifest_key: pointers.manifest_key,
    scheduled_at: pointers.scheduled_at,
    measure_sha256: measure.manifest.content.measure_sha256,
    series: pointers.series,
    dt: pointers.dt,
    week: pointers.week,
  };
}

function nothingToRun(pointers: Pointers, rows: readonly PlannedRun[]): NamedError {
  if (pointers.retry_errors)
    return new NamedError(
      ERROR.nothingToRun,
      `${pointers.execution_id}: no row ended failed or censored by infrastructure or judge`,
      {
        hint: 'rows skipped when they were planned are no work of it: `socratic-bench run --new` plans them again',
      },
    );
  const reasons = new Map<string, { n_rows: number; detail: string }>();
  for (const row of rows) {
    const name = `${row.model}: ${row.skip_reason ?? 'none'}`;
    const reason = reasons.get(name) ?? { n_rows: 0, detail: row.skip_detail ?? '' };
    reason.n_rows += 1;
    reasons.set(name, reason);
  }
  const why = [...reasons].map(
    ([name, { n_rows, detail }]) => `${name} (${n_rows} rows)${detail === '' ? '' : `: ${detail}`}`,
  );
  return new NamedError(
    ERROR.nothingToRun,
    [`every one of ${rows.length} rows is skipped; no model was called for a dialogue`, ...why].join('\n'),
    {
      hint: 'mend what is named and run the same command again; `socratic-bench doctor --online` looks at the models',
    },
  );
}
