import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { findExecution, openAnyLake, readExecutionSummary } from '../host/local-lake.ts';
import { resultsText } from '../view/results-view.ts';
import { whereFlags } from './where-flags.ts';

/** `results [week|latest|execution]`: the table of an execution. */
export async function resultsCommand(which: string, context: Context): Promise<number> {
  const store = openAnyLake(context);
  const execution = await findExecution(store, which);
  const summary = await readExecutionSummary(store, execution.execution_id);
  if (summary === null)
    throw new CliError(
      'failed',
      `${execution.execution_id} has no results yet (${execution.state})`,
      `finish it with \`socratic-bench run --resume ${execution.execution_id}\``,
    );
  context.out(
    context.json ? `${JSON.stringify(summary)}\n` : resultsText(summary, context.colors, context.outColumns),
  );
  if (!context.json && !context.quiet)
    context.err(
      context.colors.dim(`as pages: npx socratic-bench view --open${whereFlags(context, 'other')}\n`),
    );
  return EXIT.ok;
}
