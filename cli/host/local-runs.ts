import { lakeKeys } from '../../core/identity/lake-keys.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { listCheckpoints } from '../../core/tasks/checkpoints.ts';
import { needsRetry } from '../../core/tasks/generate-runs.ts';
import { readPlan } from '../../core/tasks/read-plan.ts';
import { decodeUtf8, parseJsonLines } from '../../core/tasks/text-codec.ts';
import { endedSchema, type Ended } from '../../schemas/checkpoint.ts';
import type { Execution } from '../../schemas/execution.ts';
import { PREFIX } from '../../schemas/names.ts';
import { runSummarySchema, type RunSummary } from '../../schemas/run-summary.ts';
import type { Turn } from '../../schemas/turn.ts';
import { CliError } from '../failure.ts';

/** The run summaries of an execution, in plan order. */
export async function readRunSummaries(store: ObjectStore, execution: Execution): Promise<RunSummary[]> {
  const plan = execution.plan_key === null ? null : await readPlan(store, execution.plan_key);
  if (plan === null) throw new CliError('failed', `${execution.execution_id} has no plan in this lake`);
  const summaries: RunSummary[] = [];
  for (const row of plan) {
    const bytes = await store.get(lakeKeys.score(row.dt, row.run_id));
    if (bytes !== null) summaries.push(runSummarySchema.parse(JSON.parse(decodeUtf8(bytes))));
  }
  return summaries;
}

/** Has a finished execution rows that --retry-errors would re-open? */
export async function hasErrors(store: ObjectStore, execution: Execution): Promise<boolean> {
  const plan = execution.plan_key === null ? null : await readPlan(store, execution.plan_key);
  const summaries = new Map((await readRunSummaries(store, execution)).map((run) => [run.run_id, run]));
  return (plan ?? []).some((row) => {
    const summary = summaries.get(row.run_id);
    return row.status === 'planned' && (summary === undefined || needsRetry(summary));
  });
}

/** Runs of an execution that the cap on its cost ended early, and that no retry has finished since. */
export async function runsStoppedByBudget(store: ObjectStore, execution: Execution): Promise<number> {
  let count = 0;
  for (const run of await readRunSummaries(store, execution)) {
    if (!needsRetry(run)) continue;
    if (run.skip_reason === 'budget') {
      count += 1;
      continue;
    }
    if ((await lastEnd(store, run.run_id))?.reason === 'budget') count += 1;
  }
  return count;
}

/** The last end of a run says how it stands; an earlier one may have been mended, or followed by the cap. */
async function lastEnd(store: ObjectStore, run_id: string): Promise<Ended | null> {
  const { n_ends } = await listCheckpoints(store, run_id);
  const bytes = n_ends === 0 ? null : await store.get(lakeKeys.ended(run_id, n_ends));
  return bytes === null ? null : endedSchema.parse(JSON.parse(decodeUtf8(bytes)));
}

/**
 * One run by its id, or by the first characters that no other run of the lake begins with; and what stopped it, where
 * somebody did.
 */
export async function readRun(
  store: ObjectStore,
  run_id: string,
): Promise<{ summary: RunSummary; turns: Turn[]; stopped_by: string | null }> {
  const wanted = run_id.toUpperCase();
  const found: string[] = [];
  for await (const { key } of store.list(`${PREFIX.scores}/`)) {
    const id = /\/([^/]+)_summary\.json$/.exec(key)?.[1];
    if (
      id === wanted ||
      (id !== undefined && wanted.length >= 6 && (id.startsWith(wanted) || id.endsWith(wanted)))
    )
      found.push(key);
  }
  if (found.length === 0)
    throw new CliError(
      'usage',
      `no run "${run_id}" in this lake`,
      '`socratic-bench query "select run_id, model, phase, mean_score from runs"` lists them',
    );
  if (found.length > 1)
    throw new CliError(
      'usage',
      `"${run_id}" fits ${found.length} runs`,
      'give more characters of the run id',
    );
  const summary = runSummarySchema.parse(JSON.parse(decodeUtf8((await store.get(found[0]!))!)));
  const key = lakeKeys.judged(summary);
  const bytes = await store.get(key);
  const isWhole = summary.ended === 'complete' || summary.skip_reason !== null;
  return {
    summary,
    turns: bytes === null ? [] : parseJsonLines<Turn>(bytes, key),
    stopped_by: isWhole ? null : ((await lastEnd(store, summary.run_id))?.error ?? null),
  };
}
