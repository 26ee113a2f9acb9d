import type { CheckpointDurability } from '../../adapters/local/file-store.ts';
import { markRunning } from '../../adapters/local/running-marks.ts';
import { lakeKeys } from '../../core/identity/lake-keys.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { resumeCommand } from '../../core/tasks/failure-report.ts';
import { ERROR } from '../../schemas/names.ts';
import type { Execution } from '../../schemas/execution.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { runEmbedded } from '../host/embedded-host.ts';
import { folderConfig } from '../host/folder-config.ts';
import { openLake, readExecution } from '../host/local-lake.ts';
import { hasErrors } from '../host/local-runs.ts';
import { stopOnSignals } from '../host/stop-signals.ts';
import { createProgress, duration } from '../view/progress.ts';
import { confirmCost } from './confirm-cost.ts';
import {
  refuseContradictions,
  resumeOf,
  retryName,
  runningRecord,
  startOf,
  type Start,
} from './execution-start.ts';
import type { Gate } from './gates.ts';
import { NOTHING_TO_RETRY, showFinished, showResults } from './run-results.ts';
import type { SelectorOptions } from './select.ts';
import { whereFlags } from './where-flags.ts';

export interface RunOptions extends SelectorOptions {
  concurrency?: number;
  maxCostUsd?: number;
  resume?: string | true;
  retryErrors?: boolean;
  new?: boolean;
  target?: 'local' | 'aws';
  isolation?: 'inline' | 'process';
  detach?: boolean;
  failOn?: Gate[];
}

/** `run`: the state machine, on this machine or on AWS. Returns the exit code of spec 4.1. */
export async function runCommand(options: RunOptions, context: Context): Promise<number> {
  refuseContradictions(options);
  if (options.target === 'aws') {
    const { runOnAws } = await import('./run-on-aws.ts');
    return runOnAws(options, context);
  }
  const store = openLake(context);
  const start =
    options.resume === undefined
      ? await startOf(options, store, context)
      : await resumeOf(options, store, context);
  const record = await readExecution(store, start.execution_id);
  if (record?.state === 'finished' && options.retryErrors !== true)
    return showFinished(store, record, options, context);
  if (record?.state === 'finished' && !(await hasErrors(store, record)))
    return showFinished(store, record, options, context, NOTHING_TO_RETRY);

  await confirmCost(start.plan, options, context);
  const executionName = options.retryErrors === true ? await retryName(store, start) : start.execution_id;
  return execute(store, start, executionName, options, context);
}

async function execute(
  store: ObjectStore,
  start: Start,
  executionName: string,
  options: RunOptions,
  context: Context,
): Promise<number> {
  const startedMs = performance.now();
  const progress = createProgress(context, plannedTurns(start));
  const resume = (error: Execution['error']) =>
    resumeCommand(start.execution_id, error, whereFlags(context, 'run'));
  const { stop, release } = stopOnSignals(() =>
    progress.telemetry.log('info', 'stopping: calls in flight finish and are kept; again to give them up'),
  );
  const earlier = await readExecution(store, start.execution_id);
  const record = async (state: Execution['state'], error: Execution['error']): Promise<void> =>
    store.put(
      lakeKeys.status(start.execution_id),
      `${JSON.stringify(runningRecord(start, earlier, state, error))}\n`,
    );
  await record('running', null);
  const mark = markRunning(context.lake, start.execution_id);
  try {
    const result = await runEmbedded(start.input, executionName, {
      lake: context.lake,
      config: folderConfig(context.configFolder),
      environment: context.environment,
      telemetry: progress.telemetry,
      stop,
      isolation: options.isolation ?? 'inline',
      durability: durabilityOf(start),
      onEvent: (event) => {
        progress.onEvent(event);
        if (context.json && event.execution === executionName && !event.type.startsWith('Task'))
          context.out(`${JSON.stringify({ ...event, at: new Date(event.at).toISOString() })}\n`);
      },
      printAlert: (text) => progress.telemetry.log('warn', text.trim()),
    });
    progress.end();
    if (result.status === 'SUCCEEDED') {
      const code = await showResults(store, start.execution_id, options, context);
      if (!context.quiet && !context.json)
        context.err(footer(start.execution_id, context, performance.now() - startedMs));
      return code;
    }
    if (result.status === 'ABORTED') {
      await record('aborted', null);
      throw new CliError(
        'interrupted',
        'stopped; every finished turn is kept',
        `go on with: ${resume(null)}`,
      );
    }
    const error = { name: result.error ?? 'Failed', message: result.cause ?? 'no cause given' };
    await record('failed', error);
    throw failed(error, resume(error), context.lake);
  } catch (error) {
    progress.end();
    if (error instanceof CliError) throw error;
    const { name, message } = error as Error;
    // A lake that takes no more writes must not hide what went wrong first.
    await record('failed', { name, message: message.slice(0, 500) }).catch((second: unknown) =>
      progress.telemetry.log(
        'warn',
        `the execution record keeps its last state: ${(second as Error).message}`,
      ),
    );
    throw error;
  } finally {
    mark.release();
    release();
  }
}

function plannedTurns(start: Start): number {
  return start.plan.matrix.reduce((sum, row) => sum + (row.skip === null ? row.turns : 0), 0);
}

/** Simulated models answer a lost call again for nothing; every other call is somebody's money or minutes. */
function durabilityOf(start: Start): CheckpointDurability {
  const { models } = start.plan.measure.manifest.content;
  return models.every((model) => model.provider === 'simulated') ? 'process' : 'power_loss';
}

function failed(error: { name: string; message: string }, resume: string, lake: string): CliError {
  if (error.name === ERROR.invalidConfig || error.name === ERROR.artefactChanged)
    return new CliError('config', error.message);
  if (error.name === ERROR.nothingToRun)
    return new CliError(
      'failed',
      `${error.name}: ${error.message}`,
      'mend what is named and run the same command again',
    );
  if (error.name === ERROR.budgetExhausted)
    return new CliError('budget', error.message, `go on with: ${resume} --max-cost-usd <more>`);
  if (error.name === ERROR.nothingMeasured && /\d+ budget\b/.test(error.message))
    return new CliError('budget', error.message, `go on with: ${resume} --max-cost-usd <more>`);
  return new CliError(
    'failed',
    // Buckets are this folder here.
    `${error.name}: ${error.message}`.replaceAll(/s3:\/\/local-\w+/g, lake),
    `what was recorded is kept; go on with: ${resume}`,
  );
}

function footer(execution_id: string, context: Context, ms: number): string {
  const lake = whereFlags(context, 'other');
  const { dim } = context.colors;
  return `${dim(`done in ${duration(ms)} · lake: ${context.lake}`)}\n${dim('next:')} npx socratic-bench view --open${lake} ${dim('· the dashboard: what changed, and the sentence that broke a model')}\n      npx socratic-bench show <run_id>${lake} ${dim('· one dialogue, turn by turn')}\n      npx socratic-bench query --name 09_worst_runs${lake} ${dim('· where it broke')}\n      npx socratic-bench verify ${execution_id}${lake} ${dim('· every byte against its hash')}\n`;
}
