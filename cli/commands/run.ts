import { createInterface } from 'node:readline/promises';
import type { CheckpointDurability } from '../../adapters/local/file-store.ts';
import { lakeKeys } from '../../core/identity/lake-keys.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { ERROR, EXIT } from '../../schemas/names.ts';
import type { Execution } from '../../schemas/execution.ts';
import type { ExecutionSummary } from '../../schemas/execution-summary.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { runEmbedded } from '../host/embedded-host.ts';
import { folderConfig } from '../host/folder-config.ts';
import { openLake, readExecution, readExecutionSummary } from '../host/local-lake.ts';
import { hasErrors, runsStoppedByBudget } from '../host/local-runs.ts';
import { paidModels } from '../host/paid-models.ts';
import { stopOnSignals } from '../host/stop-signals.ts';
import { createProgress, duration } from '../view/progress.ts';
import { resultsText } from '../view/results-view.ts';
import { usdText } from '../view/table.ts';
import { checkGates, type Gate } from './gates.ts';
import {
  refuseUnavailable,
  resumeOf,
  retryName,
  runningRecord,
  startOf,
  type Start,
} from './execution-start.ts';
import type { SelectorOptions } from './select.ts';

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

/** `run`: the state machine on this machine. Returns the exit code of spec 4.1. */
export async function runCommand(options: RunOptions, context: Context): Promise<number> {
  refuseUnavailable(options);
  const store = openLake(context);
  const start =
    options.resume === undefined
      ? await startOf(options, store, context)
      : await resumeOf(options, store, context);
  const record = await readExecution(store, start.execution_id);
  if (record?.state === 'finished' && options.retryErrors !== true)
    return showFinished(store, record, options, context);
  if (record?.state === 'finished' && !(await hasErrors(store, record)))
    return showFinished(
      store,
      record,
      options,
      context,
      'no row ended failed or censored by infrastructure or judge',
    );

  await confirmCost(start, options, context);
  const executionName = options.retryErrors === true ? await retryName(store, start) : start.execution_id;
  return execute(store, start, executionName, options, context);
}

/** A paid model never starts without a shown cost and a yes, or --yes with --max-cost-usd. */
async function confirmCost(start: Start, options: RunOptions, context: Context): Promise<void> {
  const paid = paidModels(start.plan.measure.manifest.content.models);
  if (paid.length === 0) return;
  const { low, likely, high } = start.plan.estimate.calls;
  const cap = options.maxCostUsd ?? start.plan.measure.manifest.content.profile.budget_usd;
  const names = paid.map((model) => model.model_id).join(', ');
  if (!context.quiet)
    context.err(
      `${names}: about ${usdText(likely.usd)} (${usdText(low.usd)} – ${usdText(high.usd)}), capped at ${usdText(cap)}\n`,
    );
  if (context.yes && options.maxCostUsd !== undefined) return;
  const hint = `see \`socratic-bench plan\`, then add --yes --max-cost-usd ${Math.max(1, Math.ceil(likely.usd * 1.2))}`;
  if (!context.isInTty || context.yes)
    throw new CliError(
      'budget',
      `paid models (${names}) need ${context.yes ? '--max-cost-usd beside --yes' : 'a confirmation'}; nothing was called`,
      hint,
    );
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-D, an input without an answer: no.
  const answer = await prompt.question('Start? [y/N] ').catch(() => '');
  prompt.close();
  if (!/^y(es)?$/i.test(answer.trim()))
    throw new CliError('budget', 'not confirmed; nothing was called', hint);
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
  const resume = `socratic-bench run --resume ${start.execution_id}${context.lake === 'lake' ? '' : ` --lake ${context.lake}`}`;
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
      throw new CliError('interrupted', 'stopped; every finished turn is kept', `go on with: ${resume}`);
    }
    const error = { name: result.error ?? 'Failed', message: result.cause ?? 'no cause given' };
    await record('failed', error);
    throw failed(error, resume, context.lake);
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
  if (error.name === ERROR.nothingMeasured && /\(\d+ budget\)/.test(error.message))
    return new CliError(
      'budget',
      error.message,
      `go on with: ${resume} --retry-errors --max-cost-usd <more>`,
    );
  return new CliError(
    'failed',
    // Buckets are this folder here.
    `${error.name}: ${error.message}`.replaceAll(/s3:\/\/local-\w+/g, lake),
    `what was recorded is kept; go on with: ${resume}`,
  );
}

async function showFinished(
  store: ObjectStore,
  record: Execution,
  options: RunOptions,
  context: Context,
  why = '--new starts another, --retry-errors re-opens failed rows',
): Promise<number> {
  if (!context.quiet && !context.json)
    context.err(`${record.execution_id} is finished: nothing to do (0 model calls); ${why}\n`);
  return showResults(store, record.execution_id, options, context);
}

async function showResults(
  store: ObjectStore,
  execution_id: string,
  options: RunOptions,
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
  const lake = context.lake === 'lake' ? '' : ` --lake ${context.lake}`;
  const { yellow, dim } = context.colors;
  const more = Math.max(0.01, Math.ceil(summary.estimated_usd * 1.2 * 100) / 100);
  return `${yellow('budget')} the cap of ${usdText(summary.budget_usd)} stopped ${stopped} run${stopped === 1 ? '' : 's'}; what they have is kept\n${dim('hint')}   go on with: socratic-bench run --resume ${summary.execution_id} --retry-errors --yes --max-cost-usd ${Math.max(more, summary.budget_usd * 2)}${lake}\n`;
}

function footer(execution_id: string, context: Context, ms: number): string {
  const lake = context.lake === 'lake' ? '' : ` --lake ${context.lake}`;
  const { dim } = context.colors;
  return `${dim(`done in ${duration(ms)} · lake: ${context.lake}`)}\n${dim('next:')} socratic-bench show <run_id>${lake} ${dim('· one dialogue, turn by turn')}\n      socratic-bench query --name 09_worst_runs${lake} ${dim('· where it broke')}\n      socratic-bench verify ${execution_id}${lake} ${dim('· every byte against its hash')}\n`;
}
