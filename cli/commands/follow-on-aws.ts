import type { StepFunctions } from '../../adapters/aws/step-functions.ts';
import { createSystemClock } from '../../adapters/local/system-clock.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { resumeCommand } from '../../core/tasks/failure-report.ts';
import { ERROR } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { findOnAws } from '../host/aws-executions.ts';
import { runProgress } from '../host/run-progress.ts';
import { stopOnSignals } from '../host/stop-signals.ts';
import type { Gate } from './gates.ts';
import { showResults } from './run-results.ts';
import { whereFlags } from './where-flags.ts';

/** Waits between looks: soon at first, then seldom. A look is three calls of Step Functions and two listings of S3. */
const FIRST_LOOK_MS = 500;
const LAST_LOOK_MS = 15_000;

/** Shows an execution on AWS until it ends, then its results. Ctrl-C stops looking, not the execution. */
export async function followOnAws(
  { store, machine }: { store: ObjectStore; machine: StepFunctions },
  execution_id: string,
  options: { failOn?: Gate[] },
  context: Context,
): Promise<number> {
  const { sleep } = createSystemClock();
  const { stop, release } = stopOnSignals(() => {});
  const other = whereFlags(context, 'other');
  let said = '';
  try {
    for (let waitMs = FIRST_LOOK_MS; ; waitMs = Math.min(waitMs * 1.5, LAST_LOOK_MS)) {
      const found = await findOnAws(store, machine, execution_id);
      if (found === null) throw new CliError('failed', `${execution_id}: Step Functions has forgotten it`);
      const { execution } = found;
      if (execution.state === 'finished') return await showResults(store, execution_id, options, context);
      if (execution.state !== 'running')
        throw failed(execution_id, execution.error, execution.state, context);
      const progress = await runProgress(store, execution);
      const line = `${execution.current_state ?? 'starting'}: ${progress === null ? 'not planned yet' : `${progress.dialogues} of ${progress.planned} dialogues held, ${progress.judged} judged`}`;
      if (line !== said && context.json)
        context.out(
          `${JSON.stringify({ type: 'Progress', execution_id, current_state: execution.current_state, progress })}\n`,
        );
      else if (line !== said && !context.quiet && context.progress !== 'none') context.err(`${line}\n`);
      said = line;
      await sleep(waitMs, stop.drain).catch((error: unknown) => {
        if (!stop.drain.aborted) throw error;
      });
      if (stop.drain.aborted)
        throw new CliError(
          'interrupted',
          `no longer looking; ${execution_id} goes on on AWS`,
          `look: socratic-bench status ${execution_id} --follow${other} · stop: socratic-bench stop ${execution_id}${other}`,
        );
    }
  } finally {
    release();
  }
}

function failed(
  execution_id: string,
  error: { name: string; message: string } | null,
  state: 'failed' | 'aborted',
  context: Context,
): CliError {
  const go = `what was recorded is kept; go on with: ${resumeCommand(execution_id, error, whereFlags(context, 'run'))}`;
  if (state === 'aborted') return new CliError('interrupted', `${execution_id} was stopped on AWS`, go);
  const message =
    error === null ? `${execution_id} failed on AWS` : `${error.name}: ${causeText(error.message)}`;
  const isConfig = error?.name === ERROR.invalidConfig || error?.name === ERROR.artefactChanged;
  return new CliError(isConfig ? 'config' : 'failed', message, go);
}

/** A Lambda's cause is JSON with its message; any other is text. */
export function causeText(cause: string): string {
  try {
    const { errorMessage } = JSON.parse(cause) as { errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : cause;
  } catch {
    return cause;
  }
}
