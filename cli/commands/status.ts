import { resumeCommand } from '../../core/tasks/failure-report.ts';
import type { Execution } from '../../schemas/execution.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { awsEnvironment, isOnS3 } from '../host/aws-environment.ts';
import { openExecutions, type ExecutionSource, type SeenExecution } from '../host/execution-source.ts';
import { runProgress, turnsKept, type RunProgress } from '../host/run-progress.ts';
import { tableText, usdText } from '../view/table.ts';
import { causeText } from './follow-on-aws.ts';
import { whereFlags } from './where-flags.ts';

/** A folder is looked at every two seconds, AWS less and less often: a look is three calls and two listings. */
const FOLLOW_MS = 2_000;
const LAST_FOLLOW_MS = 15_000;
const MAX_LISTED = 20;

interface StatusOptions {
  follow?: boolean;
  target?: 'local' | 'aws';
}

/** `status [execution] [--follow]`: the executions of a lake, or one of them and how far it is; the same for a lake on S3. */
export async function statusCommand(
  which: string | undefined,
  options: StatusOptions,
  context: Context,
): Promise<number> {
  if (options.target === 'aws') awsEnvironment(context);
  const source = await openExecutions(context);
  if (which === undefined && options.follow !== true) return listAll(source, context);
  const id = which ?? (await source.list())[0]?.execution.execution_id;
  if (id === undefined)
    throw new CliError('usage', 'no execution in this lake', '`socratic-bench run` makes one');
  for (
    let waitMs = FOLLOW_MS;
    ;
    waitMs = isOnS3(context.lake) ? Math.min(waitMs * 1.5, LAST_FOLLOW_MS) : waitMs
  ) {
    const seen = await source.find(id);
    if (seen === null)
      throw new CliError('usage', `no execution "${id}" in this lake`, '`socratic-bench status` lists them');
    const progress = await progressOf(source, seen, options, context);
    context.out(
      context.json
        ? `${JSON.stringify({ ...seen.execution, is_alive: seen.is_alive, progress })}\n`
        : oneText(seen, progress, context),
    );
    if (options.follow !== true || !seen.is_alive) return EXIT.ok;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

/** Turns are counted run by run: in a folder always, on S3 only for a single look, because each listing is billed. */
async function progressOf(
  source: ExecutionSource,
  { execution }: SeenExecution,
  { follow }: StatusOptions,
  context: Context,
): Promise<(RunProgress & { turns: number | null }) | null> {
  const progress = await runProgress(source.store, execution);
  if (progress === null) return null;
  const { ids, ...counts } = progress;
  const isDear = isOnS3(context.lake) && follow === true;
  return { ...counts, turns: isDear ? null : await turnsKept(source.store, ids) };
}

async function listAll(source: ExecutionSource, context: Context): Promise<number> {
  const all = await source.list();
  if (context.json)
    context.out(
      `${JSON.stringify({ executions: all.map(({ execution, is_alive }) => ({ ...execution, is_alive })) })}\n`,
    );
  else if (all.length === 0) context.out('no execution in this lake; `socratic-bench run` makes one\n');
  else
    context.out(
      tableText(
        [
          { title: 'execution' },
          { title: 'week' },
          { title: 'state' },
          { title: 'scored', align: 'right' },
          { title: 'alerts', align: 'right' },
          { title: 'spent', align: 'right' },
          { title: 'started' },
        ],
        all
          .slice(0, MAX_LISTED)
          .map(({ execution: e, is_alive }) => [
            e.execution_id,
            e.week,
            stateText(e, is_alive),
            `${e.n_scored}/${e.n_planned}`,
            String(e.n_alerts),
            usdText(e.spent_usd),
            e.started_at.slice(0, 16).replace('T', ' '),
          ]),
        context.colors,
      ),
    );
  return EXIT.ok;
}

function oneText(
  { execution: e, is_alive }: SeenExecution,
  progress: Awaited<ReturnType<typeof progressOf>>,
  context: Context,
): string {
  const { bold, dim } = context.colors;
  const how =
    e.state === 'finished'
      ? `${e.n_scored} of ${e.n_planned} runs scored, ${e.n_skipped} skipped, ${e.n_failed} failed, ${e.n_alerts} alerts`
      : progress === null
        ? 'not planned yet'
        : `${progress.dialogues} of ${progress.planned} dialogues held${progress.turns === null ? '' : ` (${progress.turns} turns kept)`}, ${progress.judged} judged`;
  const resume = resumeCommand(e.execution_id, e.error, whereFlags(context, 'run'));
  return [
    `${bold(e.execution_id)}  ${stateText(e, is_alive)}${e.current_state === null ? '' : `, in ${e.current_state}`}`,
    `${how}; ${usdText(e.spent_usd)} spent, ${usdText(e.estimated_usd)} predicted`,
    dim(
      `${e.profile}, week ${e.week}, manifest ${e.manifest_id ?? '–'}, started ${e.started_at}${e.ended_at === null ? '' : `, ended ${e.ended_at}`}`,
    ),
    ...(e.error === null ? [] : [`${e.error.name}: ${causeText(e.error.message)}`]),
    ...(e.state === 'finished' || is_alive ? [] : [dim(`go on with: ${resume}`)]),
    '',
  ].join('\n');
}

/** A record that says `running` without a live process behind it was cut off (kill -9, power). */
function stateText(e: Execution, is_alive: boolean): string {
  if (e.state === 'running' && !is_alive) return 'interrupted';
  return e.state === 'finished' && e.outcome === 'partial' ? 'finished (partial)' : e.state;
}
