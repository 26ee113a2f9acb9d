import { runningProcesses } from '../../adapters/local/running-marks.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { lastTry } from '../host/aws-executions.ts';
import { isOnS3 } from '../host/aws-environment.ts';
import { awsAccount, openLake, readExecution } from '../host/local-lake.ts';
import { whereFlags } from './where-flags.ts';

/** `stop <execution>`: ends an execution under way; what it recorded stays, and `run --resume` goes on. */
export async function stopCommand(
  which: string,
  options: { target?: 'local' | 'aws' },
  context: Context,
): Promise<number> {
  const isAws = options.target === 'aws' || isOnS3(context.lake);
  return isAws ? stopOnAws(which, context) : stopHere(which, context);
}

async function stopOnAws(which: string, context: Context): Promise<number> {
  const machine = (await awsAccount(context)).machine();
  const last = await lastTry(machine, which);
  if (last === null)
    throw new CliError(
      'usage',
      `Step Functions knows no execution "${which}"`,
      `\`socratic-bench status${whereFlags(context, 'other')}\` lists them`,
    );
  const { execution_id, on_aws } = last;
  if (on_aws.status !== 'RUNNING')
    throw new CliError('usage', `${execution_id} is not running: it ended ${on_aws.status.toLowerCase()}`);
  await machine.stop(on_aws.name, 'stopped by socratic-bench stop');
  say(
    context,
    { execution_id, name: on_aws.name, state: 'aborted' },
    `${on_aws.name} stopped; its containers get SIGTERM and keep what they have`,
  );
  return EXIT.ok;
}

async function stopHere(which: string, context: Context): Promise<number> {
  const execution = await readExecution(openLake(context), which);
  if (execution === null)
    throw new CliError('usage', `no execution "${which}" in this lake`, '`socratic-bench status` lists them');
  const { execution_id } = execution;
  const processes = execution.state === 'running' ? runningProcesses(context.lake, execution_id) : [];
  const mine = processes.filter((process) => process.is_here);
  if (mine.length === 0) {
    const elsewhere = processes.map(({ host, pid }) => `process ${pid} of ${host}`).join(', ');
    throw new CliError(
      'usage',
      elsewhere === ''
        ? `${execution_id} is not running (${execution.state === 'running' ? 'interrupted' : execution.state})`
        : `${execution_id} runs elsewhere: ${elsewhere}; press Ctrl-C there`,
      execution.state === 'finished'
        ? null
        : `a run in a terminal ends with Ctrl-C; go on with: socratic-bench run --resume ${execution_id}${whereFlags(context, 'run')}`,
    );
  }
  for (const { pid } of mine) process.kill(pid, 'SIGTERM');
  say(
    context,
    { execution_id, processes: mine.map(({ pid }) => pid), state: 'stopping' },
    `${execution_id}: asked process ${mine.map(({ pid }) => pid).join(', ')} to stop; turns in flight finish and are kept`,
  );
  return EXIT.ok;
}

function say(
  context: Context,
  document: Record<string, unknown> & { execution_id: string },
  text: string,
): void {
  const hint = `go on with: socratic-bench run --resume ${document.execution_id}${whereFlags(context, 'run')}`;
  context.out(context.json ? `${JSON.stringify(document)}\n` : `${text}\n${context.colors.dim(hint)}\n`);
}
