import { lakeKeys } from '../../core/identity/lake-keys.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { readPlan } from '../../core/tasks/read-plan.ts';
import type { Execution } from '../../schemas/execution.ts';
import { PREFIX } from '../../schemas/names.ts';

/** How far an unfinished execution is: its planned runs, those with a raw file, those with a judged file. */
export interface RunProgress {
  planned: number;
  dialogues: number;
  judged: number;
}

/** What the lake shows of an unfinished execution; null before it has a plan, and when it is finished. */
export async function runProgress(
  store: ObjectStore,
  execution: Execution,
): Promise<(RunProgress & { ids: ReadonlySet<string> }) | null> {
  if (execution.state === 'finished' || execution.manifest_id === null) return null;
  const plan = await readPlan(store, lakeKeys.plan(execution.manifest_id, execution.execution_id));
  if (plan === null) return null;
  const ids = new Set(plan.filter((row) => row.status === 'planned').map((row) => row.run_id));
  const count = { planned: ids.size, dialogues: 0, judged: 0, ids };
  for await (const { key } of store.list(`${PREFIX.raw}/dt=${execution.dt}/`))
    if (ids.has(runIdOf(key))) count.dialogues += 1;
  for await (const { key } of store.list(`${PREFIX.judged}/dt=${execution.dt}/`))
    if (ids.has(runIdOf(key))) count.judged += 1;
  return count;
}

/** Turns that are kept as checkpoints: one listing a run, so not for every look at a lake on S3. */
export async function turnsKept(store: ObjectStore, ids: ReadonlySet<string>): Promise<number> {
  let turns = 0;
  for (const id of ids)
    for await (const { key } of store.list(lakeKeys.checkpoints(id))) if (key.includes('/turn-')) turns += 1;
  return turns;
}

function runIdOf(key: string): string {
  return /\/([^/]+)\.jsonl$/.exec(key)?.[1] ?? '';
}
