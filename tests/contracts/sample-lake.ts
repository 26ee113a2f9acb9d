import { createFileStore } from '../../adapters/local/file-store.ts';
import { createParquetEncoder } from '../../adapters/parquet/parquet-encoder.ts';
import { curatedRow } from '../../core/aggregate/curated-row.ts';
import { dateOf, instantMs, scheduledAtOf } from '../../core/identity/iso-week.ts';
import { lakeKeys } from '../../core/identity/lake-keys.ts';
import { ulidFrom } from '../../core/identity/ulid.ts';
import { alertSchema } from '../../schemas/alert.ts';
import { auditItemSchema } from '../../schemas/audit-item.ts';
import { canaryResultSchema, type CanaryResult } from '../../schemas/canary-result.ts';
import type { CuratedTurn } from '../../schemas/curated-turn.ts';
import { executionSchema, type Execution } from '../../schemas/execution.ts';
import { ledgerRowSchema, type LedgerRow } from '../../schemas/ledger-row.ts';
import { runSummarySchema, type RunSummary } from '../../schemas/run-summary.ts';
import { turnSchema, type Turn } from '../../schemas/turn.ts';
import { weeklySummarySchema, type WeeklySummary } from '../../schemas/weekly-summary.ts';
import { sampleRecords } from './sample-records.ts';

/** What one execution of the sample lake consists of; tests compute what SQL should find from these. */
export interface SampleExecution {
  execution: Execution;
  runs: RunSummary[];
  turns: Turn[];
  weekly: WeeklySummary[];
  canary: CanaryResult[];
  ledger: LedgerRow[];
}

const [anyExecution] = sampleRecords(executionSchema, 1);
const anyRuns = sampleRecords(runSummarySchema, 4);
const anyTurns = sampleRecords(turnSchema, 12);
const anyWeeks = sampleRecords(weeklySummarySchema, 4);
const anyCanary = sampleRecords(canaryResultSchema, 3);
const anyLedger = sampleRecords(ledgerRowSchema, 6);
const [anyAlert] = sampleRecords(alertSchema, 1);
const [anyAudit] = sampleRecords(auditItemSchema, 1);

const MODELS = ['drifter', 'steadfast'] as const;
const RUN_PHASES = ['P0', 'P3'] as const;

/** One execution: two models, two phases, one run each of three turns. Figures differ by record, ids by execution. */
export function sampleExecution(
  execution_id: string,
  week: string,
  change: Partial<Pick<Execution, 'series' | 'ended_at' | 'state'>> & { measure_sha256?: string } = {},
): SampleExecution {
  const scheduled_at = scheduledAtOf(week);
  const dt = dateOf(scheduled_at);
  const series = change.series ?? 'weekly';
  const measure_sha256 = change.measure_sha256 ?? 'a'.repeat(64);
  const place = { execution_id, week, dt };
  const execution: Execution = {
    ...anyExecution!,
    ...place,
    series,
    measure_sha256,
    scheduled_at,
    state: change.state ?? 'finished',
    ended_at: change.ended_at === undefined ? scheduled_at.replace('T03', 'T05') : change.ended_at,
  };
  const cells = MODELS.flatMap((model) => RUN_PHASES.map((phase) => ({ model, phase, variant: 'main' })));
  const runs = cells.map((cell, i): RunSummary => {
    const hex = Buffer.from(`${execution_id}${i}`).toString('hex');
    const run_id = ulidFrom(instantMs(scheduled_at), `${'0'.repeat(20)}${hex}`.slice(-20));
    return {
      ...anyRuns[i]!,
      ...place,
      ...cell,
      run_id,
      series,
      measure_sha256,
      n_scored_turns: i === 0 ? 0 : 3,
      half_life_turn: i === 1 ? null : 3 + i,
    };
  });
  const turns = runs.flatMap(({ run_id, model, phase, variant }, r) =>
    [1, 2, 3].map((turn_index): Turn => ({
      ...anyTurns[3 * r + turn_index - 1]!,
      ...place,
      run_id,
      model,
      phase,
      variant,
      turn_index,
      measure_sha256,
    })),
  );
  const weekly = cells.map((cell, i): WeeklySummary => ({
    ...anyWeeks[i]!,
    ...place,
    ...cell,
    series,
    measure_sha256,
  }));
  const canary = anyCanary.map((item, i): CanaryResult => ({
    ...item,
    ...place,
    series,
    measure_sha256,
    golden_set: 'golden_set_v1',
    judge_model: 'judge',
    item_id: `item-${i}`,
  }));
  const ledger = anyLedger.map((row, i): LedgerRow => ({
    ...row,
    execution_id,
    week,
    model: MODELS[i % 2]!,
  }));
  return { execution, runs, turns, weekly, canary, ledger };
}

export function curatedRows({ runs, turns }: SampleExecution): CuratedTurn[] {
  const byId = new Map(runs.map((run) => [run.run_id, run]));
  return turns.map((turn) => curatedRow(turn, byId.get(turn.run_id)!));
}

/** Writes executions into a lake folder, every file where the tasks write it. */
export async function writeSampleLake(root: string, executions: readonly SampleExecution[]): Promise<void> {
  const store = createFileStore(root, 'process');
  const lines = (records: readonly object[]) =>
    records.map((record) => `${JSON.stringify(record)}\n`).join('');
  for (const sample of executions) {
    const { execution_id, week, dt } = sample.execution;
    for (const run of sample.runs) {
      const turns = sample.turns.filter((turn) => turn.run_id === run.run_id);
      await store.putIfAbsent(lakeKeys.raw(run), lines(turns));
      await store.put(lakeKeys.judged(run), lines(turns));
      await store.put(lakeKeys.score(dt, run.run_id), lines([run]));
    }
    const tables = createParquetEncoder();
    const turnsFile = tables.open('turns_curated');
    turnsFile.append(curatedRows(sample));
    await store.put(lakeKeys.curatedTurns(week, execution_id), turnsFile.finish());
    const weeklyFile = tables.open('weekly_summary');
    weeklyFile.append(sample.weekly);
    await store.put(lakeKeys.curatedWeekly(week, execution_id), weeklyFile.finish());
    await store.putIfAbsent(lakeKeys.canaryResults(dt, execution_id), lines(sample.canary));
    await store.putIfAbsent(lakeKeys.canarySummary(dt, execution_id), '{"mae_pts":1}\n');
    await store.put(lakeKeys.ledger(week, execution_id), lines(sample.ledger));
    await store.put(lakeKeys.alerts(week, execution_id), lines([{ ...anyAlert, execution_id, week }]));
    await store.put(lakeKeys.audit(week, execution_id), lines([{ ...anyAudit, execution_id, week }]));
    await store.put(lakeKeys.summary(execution_id), '{"weekly":[]}\n');
    await store.put(lakeKeys.seal(execution_id), '{"files":[]}\n');
    await store.put(lakeKeys.status(execution_id), lines([sample.execution]));
  }
}
