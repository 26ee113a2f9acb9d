import { buildDigest } from '../../core/alerts/digest.ts';
import { digestLinks } from '../../core/alerts/digest-links.ts';
import { digestSlack, digestText } from '../../core/alerts/digest-text.ts';
import { failureMail } from '../../core/alerts/failure-mail.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { readAlerts } from '../../core/tasks/check-alerts.ts';
import { reportFailure } from '../../core/tasks/failure-report.ts';
import type { Execution } from '../../schemas/execution.ts';
import { ENV, EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { findExecution, openAnyLake, readExecutionSummary } from '../host/local-lake.ts';
import { openSpend } from '../host/open-spend.ts';
import { whereFlags } from './where-flags.ts';

type Format = 'text' | 'slack' | 'json';

/** `digest [week] --format text|slack|json`: the weekly message; of an execution that failed, what it left and how to go on. */
export async function digestCommand(
  which: string,
  options: { format?: Format },
  context: Context,
): Promise<number> {
  const store = openAnyLake(context);
  const execution = await findExecution(store, which);
  const format = context.json ? 'json' : (options.format ?? 'text');
  if (execution.state === 'failed' || execution.state === 'aborted')
    return failureDigest(store, execution, format, context);
  const summary = await readExecutionSummary(store, execution.execution_id);
  if (summary === null) throw new CliError('failed', `${execution.execution_id} has no results yet`);
  const alerts = await readAlerts(store, execution.week, execution.execution_id);
  const site = context.environment[ENV.siteUrl] ?? null;
  const digest = buildDigest(summary, alerts, digestLinks(site, summary, alerts));
  context.out(
    format === 'text'
      ? `${digestText(digest)}\n`
      : `${JSON.stringify(format === 'slack' ? digestSlack(digest) : digest)}\n`,
  );
  if (site === null && format === 'text' && !context.quiet)
    context.err(
      context.colors.dim(
        `look: socratic-bench view${whereFlags(context, 'other')} (${ENV.siteUrl} gives links)\n`,
      ),
    );
  return EXIT.ok;
}

async function failureDigest(
  store: ObjectStore,
  execution: Execution,
  format: Format,
  context: Context,
): Promise<number> {
  const budget = await openSpend(context);
  const failure = await reportFailure({ store, budget }, execution, whereFlags(context, 'run'));
  const { subject, body } = failureMail(failure);
  const text = { text: `${subject}\n\n${body}` };
  context.out(
    format === 'text' ? `${text.text}\n` : `${JSON.stringify(format === 'slack' ? text : failure)}\n`,
  );
  return EXIT.ok;
}
