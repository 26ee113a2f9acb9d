import type { Execution } from '../../schemas/execution.ts';
import { ERROR, PREFIX, type STATE_NAMES } from '../../schemas/names.ts';
import type { PlannedRun } from '../../schemas/planned-run.ts';
import type { Failure } from '../alerts/failure-mail.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import type { Budget, ObjectStore } from '../ports.ts';
import { readPlan } from './read-plan.ts';
import { readManifest } from './load-manifest.ts';

type StateName = (typeof STATE_NAMES)[number];

/**
 * What is known of an execution that ended without results: how far it came by what the lake holds, what it spent, and how
 * to go on.
 * @param where flags that the resume command needs to reach this lake, e.g. ` --target aws --lake s3://…`.
 */
export async function reportFailure(
  { store, budget }: { store: ObjectStore; budget: Pick<Budget, 'committed'> },
  execution: Execution,
  where: string,
): Promise<Failure> {
  const { execution_id, manifest_id, manifest_key, week, error } = execution;
  const plan = manifest_id === null ? null : await readPlan(store, lakeKeys.plan(manifest_id, execution_id));
  const planned = (plan ?? []).filter(({ status }) => status === 'planned');
  const recorded = await countRuns(store, PREFIX.raw, planned);
  return {
    execution_id,
    week,
    state: await stateReached(store, execution, { isPlanned: plan !== null, planned, recorded }),
    error: error ?? {
      name: execution.state === 'aborted' ? 'Aborted' : 'Failed',
      message: 'no cause is recorded',
    },
    n_recorded: recorded,
    n_planned: planned.length,
    spent_usd: await budget.committed(execution_id),
    budget_usd: await capOf(store, execution, manifest_key),
    resume_command: resumeCommand(execution_id, error, where),
  };
}

/**
 * The command that goes on with an execution that did not finish. Where nothing was measured its runs have ended, and only
 * a retry of those that ended in error changes what Aggregate finds.
 */
export function resumeCommand(execution_id: string, error: Execution['error'], where: string): string {
  const retry = error?.name === ERROR.nothingMeasured ? ' --retry-errors' : '';
  return `socratic-bench run --resume ${execution_id}${where}${retry}`;
}

/** The first state whose work is not all there: what a state leaves in the lake says whether it ended. */
async function stateReached(
  store: ObjectStore,
  { execution_id, week, manifest_key }: Execution,
  work: { isPlanned: boolean; planned: readonly PlannedRun[]; recorded: number },
): Promise<StateName> {
  const isThere = async (key: string) => (await store.get(key)) !== null;
  if (manifest_key === null || !(await isThere(manifest_key))) return 'LoadManifest';
  if (!work.isPlanned) return 'GenerateRuns';
  if (await isThere(lakeKeys.alerts(week, execution_id))) return 'PublishMetrics';
  if (await isThere(lakeKeys.seal(execution_id))) return 'CheckAlerts';
  const judged = await countRuns(store, PREFIX.judged, work.planned);
  if (judged === work.planned.length) return 'Aggregate';
  return judged === 0 && work.recorded < work.planned.length ? 'RunDialogues' : 'JudgeRuns';
}

/** How many runs of a plan have their file below a prefix. */
async function countRuns(store: ObjectStore, prefix: string, runs: readonly PlannedRun[]): Promise<number> {
  const ids = new Set(runs.map(({ run_id }) => run_id));
  let count = 0;
  for (const dt of new Set(runs.map((run) => run.dt)))
    for await (const { key } of store.list(`${prefix}/dt=${dt}/`))
      if (ids.has(/\/([^/]+)\.jsonl$/.exec(key)?.[1] ?? '')) count += 1;
  return count;
}

async function capOf(store: ObjectStore, { input }: Execution, manifest_key: string | null): Promise<number> {
  const limit = (input as { limits?: { max_cost_usd?: number } } | null)?.limits?.max_cost_usd;
  if (limit !== undefined || manifest_key === null) return limit ?? 0;
  if ((await store.get(manifest_key)) === null) return 0;
  return (await readManifest(store, manifest_key)).content.profile.budget_usd;
}
