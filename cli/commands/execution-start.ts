import { dateOf, isoWeekOf } from '../../core/identity/iso-week.ts';
import { lakeKeys } from '../../core/identity/lake-keys.ts';
import type { ObjectStore } from '../../core/ports.ts';
import type { Execution } from '../../schemas/execution.ts';
import { PREFIX } from '../../schemas/names.ts';
import type { ExecutionInput } from '../../schemas/task-io.ts';
import { executionInputSchema } from '../../schemas/task-io.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { folderConfig } from '../host/folder-config.ts';
import { listExecutions, readExecution } from '../host/local-lake.ts';
import { planLocally, type LocalPlan } from '../host/local-plan.ts';
import { packageVersion } from '../host/package-root.ts';
import { paidModels } from '../host/paid-models.ts';
import type { RunOptions } from './run.ts';
import { DEFAULT_PROFILE, overridesOf, scheduledAt } from './select.ts';

/** The start of an execution: what the state machine is given, and under which name. */
export interface Start {
  input: ExecutionInput;
  execution_id: string;
  plan: LocalPlan;
}

/** Throws a usage error for flags that do not go together. */
export function refuseContradictions(options: RunOptions): void {
  if (options.detach === true && options.target !== 'aws')
    throw new CliError(
      'usage',
      '--detach: goes with --target aws only',
      'on this machine, run the command in the background of your shell',
    );
  if (options.isolation !== undefined && options.target === 'aws')
    throw new CliError(
      'usage',
      '--isolation: on AWS every dialogue has a container of its own; leave it out',
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

export async function startOf(options: RunOptions, store: ObjectStore, context: Context): Promise<Start> {
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

export async function resumeOf(options: RunOptions, store: ObjectStore, context: Context): Promise<Start> {
  const record = await recordToResume(options, store);
  const stored = executionInputSchema.parse(record.input);
  const plan = await planLocally(
    store,
    folderConfig(context.configFolder),
    stored.profile ?? DEFAULT_PROFILE,
    stored.overrides ?? {},
    record.scheduled_at,
  );
  const { retry_errors: _earlier, manifest_key: _former, ...rest } = stored;
  // The record is older than its manifest: LoadManifest may never have come to publish it.
  const isPublished = record.manifest_key !== null && (await store.get(record.manifest_key)) !== null;
  const input: ExecutionInput = {
    ...rest,
    execution_id: record.execution_id,
    scheduled_at: record.scheduled_at,
    // The execution goes on with the measure it was planned with, whatever config/ says today.
    ...(isPublished ? { manifest_key: record.manifest_key! } : {}),
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
export async function retryName(store: ObjectStore, start: Start): Promise<string> {
  const names = new Set<string>();
  for await (const { key } of store.list(`${PREFIX.manifests}/`)) {
    const name = /\/plans\/(.+)\.runs\.jsonl$/.exec(key)?.[1];
    if (name !== undefined) names.add(name);
  }
  for (let n = 2; ; n += 1)
    if (!names.has(`${start.execution_id}--r${n}`)) return `${start.execution_id}--r${n}`;
}

/** The execution record while the machine runs, and when it ends without results. */
export function runningRecord(
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
    ...(start.input.manifest_key === undefined || earlier === null
      ? { manifest_id: manifest.manifest_id, manifest_key: lakeKeys.manifest(manifest.manifest_id) }
      : { manifest_id: earlier.manifest_id, manifest_key: start.input.manifest_key }),
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
    n_planned: start.plan.matrix.filter((row) => row.skip === null).length,
    n_scored: earlier?.n_scored ?? 0,
    n_skipped: start.plan.matrix.filter((row) => row.skip !== null).length,
    n_failed: earlier?.n_failed ?? 0,
    n_alerts: earlier?.n_alerts ?? 0,
    spent_usd: earlier?.spent_usd ?? 0,
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
