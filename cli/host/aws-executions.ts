import type { ExecutionListed, ExecutionOnAws, StepFunctions } from '../../adapters/aws/step-functions.ts';
import { dateOf, isoWeekOf } from '../../core/identity/iso-week.ts';
import { lakeKeys } from '../../core/identity/lake-keys.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { DEFAULT_PROFILE } from '../../core/tasks/load-manifest.ts';
import { readPlan } from '../../core/tasks/read-plan.ts';
import type { Execution } from '../../schemas/execution.ts';
import { PREFIX } from '../../schemas/names.ts';
import { executionInputSchema, type ExecutionInput } from '../../schemas/task-io.ts';
import { listExecutions, readExecution } from './local-lake.ts';

/** Executions of Step Functions that a listing looks at. */
const MAX_LISTED = 50;

/** The last try of an execution: `name` is its execution id, or `<execution_id>--r2`, … after retries. */
export interface LastTry {
  execution_id: string;
  on_aws: ExecutionOnAws;
  input: ExecutionInput & { execution_id: string };
}

/** Name of try `n` of an execution (spec 1.1). */
export function tryName(execution_id: string, n: number): string {
  return n === 1 ? execution_id : `${execution_id}--r${n}`;
}

/**
 * The last try of the execution that `which` names, by execution id or by the name of a try; null when Step Functions knows
 * none (never started, or closed more than 90 days ago).
 */
export async function lastTry(machine: StepFunctions, which: string): Promise<LastTry | null> {
  const named = await machine.describe(which);
  const execution_id = named === null ? which : inputOf(named).execution_id;
  let last = execution_id === which ? named : await machine.describe(execution_id);
  for (let n = 2; last !== null || n === 2; n += 1) {
    const next = await machine.describe(tryName(execution_id, n));
    if (next === null) break;
    last = next;
  }
  last ??= named;
  return last === null ? null : { execution_id, on_aws: last, input: inputOf(last) };
}

/** The first name of a try that no execution has. */
export async function freeTryName(machine: StepFunctions, execution_id: string): Promise<string> {
  for (let n = 2; ; n += 1)
    if ((await machine.describe(tryName(execution_id, n))) === null) return tryName(execution_id, n);
}

/**
 * Executions of a deployment, newest first: the lake's records, and above them what Step Functions knows of those that have
 * not written theirs (the last state does).
 */
export async function listOnAws(store: ObjectStore, machine: StepFunctions): Promise<Execution[]> {
  const [records, listed] = await Promise.all([listExecutions(store), machine.list(MAX_LISTED)]);
  const known = new Map(records.map((record) => [record.execution_id, record]));
  const open = new Map<string, ExecutionListed>();
  for (const one of listed) {
    const id = one.name.replace(/--r\d+$/, '');
    if (!open.has(id)) open.set(id, one);
  }
  for (const [id, one] of open) {
    const record = known.get(id);
    if (record !== undefined && (one.status === 'SUCCEEDED' || (record.ended_at ?? '') > one.started_at))
      continue;
    const found = await machine.describe(one.name);
    if (found === null) continue;
    const input = inputOf(found);
    const execution = await executionOf(store, { execution_id: input.execution_id, on_aws: found, input });
    known.set(execution.execution_id, execution);
  }
  return [...known.values()].sort((a, b) => (a.started_at < b.started_at ? 1 : -1));
}

/** One execution as the lake and Step Functions together know it; null when neither does. */
export async function findOnAws(
  store: ObjectStore,
  machine: StepFunctions,
  which: string,
): Promise<{ execution: Execution; last: LastTry | null } | null> {
  const last = await lastTry(machine, which);
  if (last === null) {
    const execution = await readExecution(store, which);
    return execution === null ? null : { execution, last };
  }
  const execution = await executionOf(store, last);
  if (execution.state !== 'running') return { execution, last };
  return {
    execution: { ...execution, current_state: await machine.currentState(last.on_aws.name) },
    last,
  };
}

/** The execution's record; where its last try has not written one, in the same form from Step Functions and the plan. */
async function executionOf(store: ObjectStore, last: LastTry): Promise<Execution> {
  const { execution_id, on_aws, input } = last;
  const record = await readExecution(store, execution_id);
  if (record !== null && on_aws.status === 'SUCCEEDED') return record;
  const scheduled_at = (input.scheduled_at ?? on_aws.started_at).replace(/\.\d+Z$/, 'Z');
  const manifest_id = record?.manifest_id ?? (await manifestOf(store, execution_id));
  const plan = manifest_id === null ? null : await readPlan(store, lakeKeys.plan(manifest_id, execution_id));
  const profile = input.profile ?? DEFAULT_PROFILE;
  return {
    execution_id,
    manifest_id,
    manifest_key: manifest_id === null ? null : lakeKeys.manifest(manifest_id),
    plan_key: manifest_id === null || plan === null ? null : lakeKeys.plan(manifest_id, execution_id),
    measure_sha256: record?.measure_sha256 ?? null,
    profile,
    series: record?.series ?? profile,
    week: isoWeekOf(scheduled_at),
    dt: dateOf(scheduled_at),
    scheduled_at,
    state: STATE[on_aws.status],
    outcome: null,
    current_state: null,
    n_planned: plan?.filter((row) => row.status === 'planned').length ?? 0,
    n_scored: record?.n_scored ?? 0,
    n_skipped: plan?.filter((row) => row.status !== 'planned').length ?? 0,
    n_failed: record?.n_failed ?? 0,
    n_alerts: record?.n_alerts ?? 0,
    spent_usd: record?.spent_usd ?? 0,
    estimated_usd: record?.estimated_usd ?? 0,
    is_simulated: record?.is_simulated ?? false,
    input,
    error: on_aws.error,
    versions: record?.versions ?? {},
    started_at: record?.started_at ?? on_aws.started_at,
    updated_at: on_aws.ended_at ?? on_aws.started_at,
    ended_at: on_aws.ended_at,
  };
}

const STATE: Readonly<Record<ExecutionOnAws['status'], Execution['state']>> = {
  RUNNING: 'running',
  PENDING_REDRIVE: 'running',
  SUCCEEDED: 'finished',
  FAILED: 'failed',
  TIMED_OUT: 'failed',
  ABORTED: 'aborted',
};

/** The manifest whose plan an execution has; null before GenerateRuns. */
async function manifestOf(store: ObjectStore, execution_id: string): Promise<string | null> {
  for await (const { key } of store.list(`${PREFIX.manifests}/`)) {
    const found = /^manifests\/([^/]+)\/plans\/(.+)\.jsonl$/.exec(key);
    if (found?.[2] === execution_id) return found[1]!;
  }
  return null;
}

/** The input of a try; what it does not name is the execution's own name and start. */
function inputOf({ input, name }: ExecutionOnAws): LastTry['input'] {
  const parsed = executionInputSchema.safeParse(JSON.parse(input));
  const known = parsed.success ? parsed.data : {};
  return { ...known, execution_id: known.execution_id ?? name.replace(/--r\d+$/, '') };
}
