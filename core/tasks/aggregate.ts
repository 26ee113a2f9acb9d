import { createAuditQueue } from '../aggregate/audit-queue.ts';
import { curatedRow } from '../aggregate/curated-row.ts';
import { summarizeRun } from '../aggregate/summarize-run.ts';
import { isWanted } from '../aggregate/run-group.ts';
import { createWeekAccumulator } from '../aggregate/week-accumulator.ts';
import { NamedError } from '../errors.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import { costUsd } from '../cost/price-of-usage.ts';
import { quantile } from '../statistics/quantile.ts';
import type { ObjectStore, RunIndex, TableEncoder } from '../ports.ts';
import type { CanarySummary } from '../../schemas/canary-result.ts';
import type { ExecutionSummary } from '../../schemas/execution-summary.ts';
import type { LedgerRow } from '../../schemas/ledger-row.ts';
import { ERROR } from '../../schemas/names.ts';
import type { PlannedRun } from '../../schemas/planned-run.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import type { AggregateOutput, PlanPointers } from '../../schemas/task-io.ts';
import { planPointersSchema } from '../../schemas/task-io.ts';
import { createDashboardPublisher } from './dashboard-data.ts';
import { readCorrectionLabels } from './correction-labels.ts';
import { readPlan } from './read-plan.ts';
import type { Measure } from './measure.ts';
import { previousWeek } from './previous-week.ts';
import { readCheckpoints, readRuns, type StoredRun } from './read-run.ts';
import { putSealed, sealWeek, type SealedFile } from './seal-week.ts';
import { createDropper } from './shed-blocks.ts';
import { decodeUtf8, toJsonLines } from './text-codec.ts';

export interface AggregatePorts {
  store: ObjectStore;
  index: RunIndex;
  tables: TableEncoder;
  measure: (manifest_key: string) => Promise<Measure>;
}

/**
 * State 5. Walks the plan, never a listing: one RunSummary a row, weekly rows, Parquet, ledger, audit queue, index,
 * dashboard data and last the seal. One dialogue in memory at a time. Rewrites only keys of its own execution, from the
 * same inputs with the same bytes. Throws NothingMeasured when no planned run was scored; then nothing is published.
 */
export function createAggregate(ports: AggregatePorts) {
  return async (input: PlanPointers): Promise<AggregateOutput> => {
    const pointers = planPointersSchema.parse(input);
    const { store } = ports;
    const measure = await ports.measure(pointers.manifest_key);
    const plan = await readPlan(store, pointers.plan_key);
    if (plan === null)
      throw new NamedError(ERROR.planConflict, `${pointers.plan_key}: expected the plan, got nothing`);

    const { content } = measure.manifest;
    const facts = {
      execution_id: pointers.execution_id,
      manifest_id: pointers.manifest_id,
      measure_sha256: content.measure_sha256,
      series: pointers.series,
      week: pointers.week,
      dt: pointers.dt,
    };
    const week = createWeekAccumulator(facts, {
      rubric: measure.rubric,
      permutations: measure.alerts.permutations,
    });
    const turnsTable = ports.tables.open('turns_curated');
    const files: SealedFile[] = [];
    const ledger: LedgerRow[] = preflightRows(measure, plan);
    const summaries: RunSummary[] = [];
    const latencies = new Map<string, number[]>();
    const audit = createAuditQueue({ ...facts, split_pts: measure.rubric.judge.split_pts });
    const dashboard = createDashboardPublisher(store, measure);

    const dropped = await createDropper(store, measure, plan, pointers);

    for await (const stored of readRuns(store, plan)) {
      const run = dropped(stored);
      const summary = summarizeStored(measure, run);
      const [score] = await Promise.all([
        putSealed(store, lakeKeys.score(run.row.dt, run.row.run_id), toJsonLines([summary])),
        dashboard.addRun(summary, run.turns),
      ]);
      files.push(...run.files, score);
      turnsTable.append(run.turns.map((turn) => curatedRow(turn, summary)));
      week.addRun(run.row, summary, run.turns);
      ledger.push(...run.ledger);
      summaries.push(summary);
      for (const turn of run.turns) {
        if (turn.score !== null)
          audit.add({
            run_id: turn.run_id,
            turn_index: turn.turn_index,
            raw_key: lakeKeys.raw(run.row),
            split_pts: splitOf(turn.judge?.score, turn.heuristic.score),
          });
        if (turn.judge !== null) push(latencies, `${turn.model}|${turn.phase}`, turn.judge.latency_ms);
      }
    }

    const scored = summaries.filter(isScored).length;
    const planned = plan.filter(isWanted).length;
    if (scored === 0) throw nothingMeasured(pointers, summaries);

    const canaryId = `canary-${pointers.execution_id}`;
    if (content.profile.canary.is_on) ledger.push(...(await readCheckpoints(store, canaryId)).ledger);
    const previous = await previousWeek(
      ports,
      {
        models: content.profile.models,
        phases: content.profile.phases,
        measure_sha256: content.measure_sha256,
      },
      pointers,
    );
    const weekly = week.finish({
      previous: previous.runs,
      labels: await readCorrectionLabels(store, facts, measure.rubric),
    });
    const spent_usd = ledger.reduce((sum, row) => sum + row.cost_usd, 0);
    const canary = await readCanary(store, pointers);
    const summary: ExecutionSummary = {
      ...facts,
      profile: content.profile_name,
      is_simulated: content.profile.models.every((id) => measure.model(id).provider === 'simulated'),
      n_planned: planned,
      n_scored: scored,
      n_skipped: summaries.filter((run) => run.ended === 'skipped').length,
      n_failed: summaries.filter((run) => run.ended === 'failed').length,
      n_turns: summaries.reduce((sum, run) => sum + run.n_turns, 0),
      coverage_frac: planned === 0 ? 0 : scored / planned,
      is_partial: scored < planned,
      budget_usd: pointers.max_cost_usd,
      estimated_usd: pointers.estimated_usd,
      spent_usd,
      spent_by_component: byComponent(ledger),
      skips: skipsOf(summaries),
      weekly,
      judge_latency_p95_ms: [...latencies].map(([key, values]) => ({
        model: key.split('|')[0]!,
        phase: key.split('|')[1]!,
        value: quantile(values, 0.95),
      })),
      canary,
      previous: previous.pointer,
      baseline: previous.baseline,
      week_root_sha256: weekly[0]!.week_root_sha256,
    };

    const weeklyTable = ports.tables.open('weekly_summary');
    weeklyTable.append(weekly);
    files.push(
      await putSealed(
        store,
        lakeKeys.curatedTurns(pointers.week, pointers.execution_id),
        turnsTable.finish(),
      ),
      await putSealed(
        store,
        lakeKeys.curatedWeekly(pointers.week, pointers.execution_id),
        weeklyTable.finish(),
      ),
    );
    await store.put(lakeKeys.ledger(pointers.week, pointers.execution_id), toJsonLines(ledger));
    await store.put(lakeKeys.audit(pointers.week, pointers.execution_id), toJsonLines(audit.finish()));
    await store.put(lakeKeys.summary(pointers.execution_id), `${JSON.stringify(summary)}\n`);
    await dashboard.finish(summary);
    await ports.index.record(toAsync(summaries), weekly);
    await sealWeek(store, measure, pointers, files, summary.week_root_sha256);
    return {
      planned,
      scored,
      skipped: summary.n_skipped,
      failed: summary.n_failed,
      coverage_frac: summary.coverage_frac,
      spent_usd,
      is_partial: summary.is_partial,
    };
  };
}

function summarizeStored(measure: Measure, run: StoredRun): RunSummary {
  const model = measure.model(run.row.model);
  return summarizeRun({
    row: run.row,
    seed: measure.seed(run.row.seed_id),
    ended: run.ended,
    provider: model.provider,
    is_simulated: model.provider === 'simulated',
    turns: run.turns,
    rubric: measure.rubric,
    threads: run.turns.at(-1)?.csd_run ?? { thread_depths: [], salience_recall_at_3: null },
  });
}

function isScored(run: RunSummary): boolean {
  return run.ended === 'complete' || run.ended === 'censored';
}

async function readCanary(store: ObjectStore, pointers: PlanPointers): Promise<CanarySummary | null> {
  const bytes = await store.get(lakeKeys.canarySummary(pointers.dt, pointers.execution_id));
  return bytes === null ? null : (JSON.parse(decodeUtf8(bytes)) as CanarySummary);
}

/** The probe calls of planning, as ledger rows. */
function preflightRows(measure: Measure, plan: readonly PlannedRun[]): LedgerRow[] {
  return plan.flatMap((row) => {
    if (row.preflight_usage === null) return [];
    return [
      {
        execution_id: row.execution_id,
        week: row.week,
        run_id: row.run_id,
        turn_index: 0,
        component: 'preflight' as const,
        model: row.model,
        phase: row.phase,
        attempt: 1,
        ...row.preflight_usage,
        cost_usd: costUsd(row.preflight_usage, measure.model(row.model)),
        is_estimated: false,
      },
    ];
  });
}

function byComponent(ledger: readonly LedgerRow[]): ExecutionSummary['spent_by_component'] {
  const sums = new Map<string, { cost_usd: number; n_calls: number }>();
  for (const row of ledger) {
    const sum = sums.get(row.component) ?? { cost_usd: 0, n_calls: 0 };
    sum.cost_usd += row.cost_usd;
    sum.n_calls += 1;
    sums.set(row.component, sum);
  }
  return [...sums].map(([component, sum]) => ({ component, ...sum }));
}

function skipsOf(summaries: readonly RunSummary[]): ExecutionSummary['skips'] {
  const skips = new Map<string, ExecutionSummary['skips'][number]>();
  for (const run of summaries) {
    if (run.ended !== 'skipped') continue;
    const key = `${run.model}|${run.phase}|${run.skip_reason}`;
    const skip = skips.get(key) ?? {
      model: run.model,
      phase: run.phase,
      reason: run.skip_reason ?? 'unknown',
      detail: run.skip_detail ?? '',
      n_rows: 0,
    };
    skip.n_rows += 1;
    skips.set(key, skip);
  }
  return [...skips.values()];
}

function nothingMeasured(pointers: PlanPointers, summaries: readonly RunSummary[]): NamedError {
  const reasons = new Map<string, number>();
  for (const run of summaries) {
    const reason = run.skip_reason ?? run.fault ?? run.ended;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const why = [...reasons].map(([reason, count]) => `${count} ${reason}`).join(', ');
  return new NamedError(
    ERROR.nothingMeasured,
    `${pointers.execution_id}: none of ${summaries.length} runs was scored (${why}); nothing is published`,
    {
      hint: `what was recorded is kept: mend the cause and \`socratic-bench run --resume ${pointers.execution_id} --retry-errors\``,
    },
  );
}

function splitOf(judge: number | undefined, heuristic: number): number | null {
  return judge === undefined ? null : Math.abs(judge - heuristic);
}

function push(map: Map<string, number[]>, key: string, value: number): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

async function* toAsync<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}
