import { createInterface } from 'node:readline/promises';
import { lakeKeys } from '../../core/identity/lake-keys.ts';
import { dateOf, isoWeekOf } from '../../core/identity/iso-week.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { PREFIX, ERROR } from '../../schemas/names.ts';
import type { Execution } from '../../schemas/execution.ts';
import type { ExecutionInput } from '../../schemas/task-io.ts';
import { executionInputSchema } from '../../schemas/task-io.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { runEmbedded } from '../host/embedded-host.ts';
import { folderConfig } from '../host/folder-config.ts';
import { listExecutions, openLake, readExecution, readExecutionSummary } from '../host/local-lake.ts';
import { planLocally, type LocalPlan } from '../host/local-plan.ts';
import { packageVersion } from '../host/package-root.ts';
import { paidModels } from '../host/paid-models.ts';
import { stopOnSignals } from '../host/stop-signals.ts';
import { createProgress, duration } from '../view/progress.ts';
import { resultsText } from '../view/results-view.ts';
import { usdText } from '../view/table.ts';
import { checkGates, type Gate } from './gates.ts';
import { DEFAULT_PROFILE, overridesOf, scheduledAt, type SelectorOptions } from './select.ts';

export interface RunOptions extends SelectorOptions {
  concurrency?: number;
  maxCostUsd?: number;
  resume?: string | true;
  retryErrors?: boolean;
  new?: boolean;
  target?: 'local' | 'aws';
  detach?: boolean;
  failOn?: Gate[];
}

/** The start of an execution: what the state machine is given, and under which name. */
interface Start {
  input: ExecutionInput;
  execution_id: string;
  plan: LocalPlan;
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

  await confirmCost(start, options, context);
  const executionName = options.retryErrors === true ? await retryName(store, start) : start.execution_id;
  return execute(store, start, executionName, options, context);
}

function refuseUnavailable(options: RunOptions): void {
  if (options.target === 'aws')
    throw new CliError(
      'usage',
      '--target aws: this version runs on this machine only',
      'the AWS target is on docs/roadmap.md; leave the flag out to run here',
    );
  if (options.detach === true)
    throw new CliError(
      'usage',
      '--detach: goes with --target aws only',
      'on this machine, run the command in the background of your shell',
    );
  if (options.resume === undefined) return;
  const given = (
    ['profile', 'models', 'phases', 'temps', 'seeds', 'turns', 'repeats', 'week', 'new'] as const
  ).filter((name) => options[name] !== undefined);
  if (given.length > 0)
    throw new CliError(
      'usage',
      `--resume continues an execution with the selectors it was started with; leave out --${given.join(', --')}`,
    );
}

async function startOf(options: RunOptions, store: ObjectStore, context: Context): Promise<Start> {
  const scheduled_at = scheduledAt(options.week, new Date().toISOString());
  const profile = options.profile ?? DEFAULT_PROFILE;
  const overrides = overridesOf(options);
  const plan = await planLocally(store, folderConfig(context.configFolder), profile, overrides, scheduled_at);
  const base = plan.executionId(isoWeekOf(scheduled_at));
  const execution_id = options.new === true ? await unusedId(store, base) : base;
  const input: ExecutionInput = {
    profile,
    scheduled_at,
    execution_id,
    ...(Object.keys(overrides).length > 0 ? { overrides } : {}),
    ...limitsOf(options),
    ...(options.retryErrors === true ? { retry_errors: true } : {}),
  };
  return { input, execution_id, plan };
}

async function resumeOf(options: RunOptions, store: ObjectStore, context: Context): Promise<Start> {
  const record = await recordToResume(options, store);
  const stored = executionInputSchema.parse(record.input);
  const plan = await planLocally(
    store,
    folderConfig(context.configFolder),
    stored.profile ?? DEFAULT_PROFILE,
    stored.overrides ?? {},
    record.scheduled_at,
  );
  const { retry_errors: _earlier, ...rest } = stored;
  const input: ExecutionInput = {
    ...rest,
    execution_id: record.execution_id,
    scheduled_at: record.scheduled_at,
    // The execution goes on with the measure it was planned with, whatever config/ says today.
    ...(record.manifest_key === null ? {} : { manifest_key: record.manifest_key }),
    ...limitsOf(options, stored.limits),
    ...(options.retryErrors === true ? { retry_errors: true } : {}),
  };
  return { input, execution_id: record.execution_id, plan };
}

async function recordToResume(options: RunOptions, store: ObjectStore): Promise<Execution> {
  const all = await listExecutions(store);
  if (typeof options.resume === 'string') {
    const named = all.find((execution) => execution.execution_id === options.resume);
    if (named === undefined)
      throw new CliError(
        'usage',
        `--resume: no execution "${options.resume}" in this lake`,
        '`socratic-bench status` lists them',
      );
    return named;
  }
  const last =
    all.find((execution) => execution.state !== 'finished') ??
    (options.retryErrors === true ? all[0] : undefined);
  if (last === undefined)
    throw new CliError(
      'usage',
      '--resume: every execution in this lake is finished',
      'start one with `socratic-bench run`',
    );
  return last;
}

function limitsOf(
  options: RunOptions,
  stored: ExecutionInput['limits'] = undefined,
): Pick<ExecutionInput, 'limits'> {
  const limits = {
    ...stored,
    ...(options.maxCostUsd === undefined ? {} : { max_cost_usd: options.maxCostUsd }),
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
  };
  return Object.keys(limits).length === 0 ? {} : { limits };
}

/** `<id>-2`, `<id>-3` …: the first that no execution has. */
async function unusedId(store: ObjectStore, base: string): Promise<string> {
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? base : `${base}-${n}`;
    if ((await readExecution(store, id)) === null) return id;
  }
}

/** `<execution_id>--r2`, …: a retry is an execution of its own name over the same execution id. */
async function retryName(store: ObjectStore, start: Start): Promise<string> {
  const names = new Set<string>();
  for await (const { key } of store.list(`${PREFIX.manifests}/`)) {
    const name = /\/plans\/(.+)\.runs\.jsonl$/.exec(key)?.[1];
    if (name !== undefined) names.add(name);
  }
  for (let n = 2; ; n += 1)
    if (!names.has(`${start.execution_id}--r${n}`)) return `${start.execution_id}--r${n}`;
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
  const answer = await prompt.question('Start? [y/N] ');
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
  const progress = createProgress(context);
  const resume = `socratic-bench run --resume ${start.execution_id}${context.lake === 'lake' ? '' : ` --lake ${context.lake}`}`;
  const { stop, release } = stopOnSignals(() =>
    progress.telemetry.log('info', 'stopping: calls in flight finish and are kept; again to give them up'),
  );
  const earlier = await readExecution(store, start.execution_id);
  const record = async (state: Execution['state'], error: Execution['error']) =>
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
      onEvent: (event) => {
        progress.onEvent(event);
        if (context.json && !event.type.startsWith('Task')) context.out(`${JSON.stringify(event)}\n`);
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
    throw failed(error, resume);
  } catch (error) {
    progress.end();
    if (!(error instanceof CliError))
      await record('failed', {
        name: (error as Error).name,
        message: (error as Error).message.slice(0, 500),
      });
    throw error;
  } finally {
    release();
  }
}

function failed(error: { name: string; message: string }, resume: string): CliError {
  if (error.name === ERROR.invalidConfig || error.name === ERROR.artefactChanged)
    return new CliError('config', error.message);
  return new CliError(
    'failed',
    `${error.name}: ${error.message}`,
    `what was recorded is kept; go on with: ${resume}`,
  );
}

function runningRecord(
  start: Start,
  earlier: Execution | null,
  state: Execution['state'],
  error: Execution['error'],
): Execution {
  const now = new Date().toISOString();
  const scheduled_at = start.input.scheduled_at!;
  const { manifest } = start.plan.measure;
  return {
    execution_id: start.execution_id,
    manifest_id: earlier?.manifest_id ?? manifest.manifest_id,
    manifest_key: earlier?.manifest_key ?? lakeKeys.manifest(manifest.manifest_id),
    plan_key: null,
    measure_sha256: manifest.content.measure_sha256,
    profile: manifest.content.profile_name,
    series: manifest.content.series,
    week: isoWeekOf(scheduled_at),
    dt: dateOf(scheduled_at),
    scheduled_at,
    state,
    outcome: null,
    current_state: null,
    n_planned: 0,
    n_scored: 0,
    n_skipped: 0,
    n_failed: 0,
    n_alerts: 0,
    spent_usd: 0,
    estimated_usd: start.plan.estimate.calls.likely.usd,
    is_simulated: paidModels(manifest.content.models).length === 0,
    input: start.input,
    error,
    versions: { 'socratic-bench': packageVersion(), node: process.versions.node },
    started_at: earlier?.started_at ?? now,
    updated_at: now,
    ended_at: state === 'running' ? null : now,
  };
}

async function showFinished(
  store: ObjectStore,
  record: Execution,
  options: RunOptions,
  context: Context,
): Promise<number> {
  if (!context.quiet && !context.json)
    context.err(
      `${record.execution_id} is finished: nothing to do (0 model calls). --new starts another, --retry-errors re-opens failed rows.\n`,
    );
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
    context.json ? `${JSON.stringify({ type: 'Results', summary })}\n` : resultsText(summary, context.colors),
  );
  return checkGates(store, summary, options.failOn ?? [], context);
}

function footer(execution_id: string, context: Context, ms: number): string {
  const lake = context.lake === 'lake' ? '' : ` --lake ${context.lake}`;
  const { dim } = context.colors;
  return `${dim(`done in ${duration(ms)} · lake: ${context.lake}`)}\n${dim('next:')} socratic-bench show <run_id>${lake} ${dim('· one dialogue, turn by turn')}\n      socratic-bench query --name 09_worst_runs${lake} ${dim('· where it broke')}\n      socratic-bench verify ${execution_id}${lake} ${dim('· every byte against its hash')}\n`;
}
