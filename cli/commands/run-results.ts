import { sweepLake } from '../../adapters/local/file-store.ts';
import type { ObjectStore } from '../../core/ports.ts';
import type { Execution } from '../../schemas/execution.ts';
import type { ExecutionSummary } from '../../schemas/execution-summary.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { readExecution, readExecutionSummary } from '../host/local-lake.ts';
import { runsStoppedByBudget } from '../host/local-runs.ts';
import { resultsText } from '../view/results-view.ts';
import { usdText } from '../view/table.ts';
import { checkGates, type Gate } from './gates.ts';
import { whereFlags } from './where-flags.ts';

/** Where --retry-errors finds nothing: a row that was skipped when it was planned is no work of its execution. */
export const NOTHING_TO_RETRY =
  'no row ended failed or censored by infrastructure or judge; --new plans skipped models again';

interface Gates {
  failOn?: Gate[];
}

/** The results of an execution that was finished before: nothing is called. */
export async function showFinished(
  store: ObjectStore,
  record: Pick<Execution, 'execution_id'>,
  options: Gates,
  context: Context,
  why = '--new starts another and plans skipped models again, --retry-errors re-opens failed rows',
): Promise<number> {
  sweepLake(context.lake);
  if (!context.quiet && !context.json)
    context.err(`${record.execution_id} is finished: nothing to do (0 model calls); ${why}\n`);
  return showResults(store, record.execution_id, options, context);
}

/** The table of a finished execution, its gates and what its cap cut off. Gives the exit code of spec 4.1. */
export async function showResults(
  store: ObjectStore,
  execution_id: string,
  options: Gates,
  context: Context,
): Promise<number> {
  const summary = await readExecutionSummary(store, execution_id);
  if (summary === null)
    throw new CliError(
      'failed',
      `${execution_id}: expected results in the lake, got none`,
      '`socratic-bench verify` says what is missing',
    );
  context.out(
    context.json
      ? `${JSON.stringify({ type: 'Results', summary })}\n`
      : resultsText(summary, context.colors, context.outColumns),
  );
  const code = await checkGates(store, summary, options.failOn ?? [], context);
  // Below half of the cap nothing can have met it: a call reserves less than that.
  const isNearCap = summary.is_partial || summary.spent_usd >= summary.budget_usd / 2;
  const record = isNearCap ? await readExecution(store, execution_id) : null;
  const stopped = record === null ? 0 : await runsStoppedByBudget(store, record);
  if (stopped === 0) return code;
  context.err(budgetNote(summary, stopped, context));
  return code === EXIT.gate ? code : EXIT.budget;
}

function budgetNote(summary: ExecutionSummary, stopped: number, context: Context): string {
  const { yellow, dim } = context.colors;
  const more = Math.max(0.01, Math.ceil(summary.estimated_usd * 1.2 * 100) / 100);
  return `${yellow('budget')} the cap of ${usdText(summary.budget_usd)} stopped ${stopped} run${stopped === 1 ? '' : 's'}; what they have is kept\n${dim('hint')}   go on with: socratic-bench run --resume ${summary.execution_id} --retry-errors --yes --max-cost-usd ${Math.max(more, summary.budget_usd * 2)}${whereFlags(context, 'run')}\n`;
}
