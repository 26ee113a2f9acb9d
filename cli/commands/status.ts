import type { ObjectStore } from '../../core/ports.ts';
import type { Execution } from '../../schemas/execution.ts';
import { EXIT, PREFIX } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { listExecutions, openLake, readExecution } from '../host/local-lake.ts';
import { readPlan } from '../../core/tasks/generate-runs.ts';
import { lakeKeys } from '../../core/identity/lake-keys.ts';
import { tableText, usdText } from '../view/table.ts';

const FOLLOW_MS = 2_000;
const MAX_LISTED = 20;

/** `status [execution] [--follow]`: the executions of a lake, or one of them and how far it is. */
export async function statusCommand(
  execution_id: string | undefined,
  options: { follow?: boolean },
  context: Context,
): Promise<number> {
  const store = openLake(context);
  if (execution_id === undefined && options.follow !== true) return listAll(store, context);
  const id = execution_id ?? (await listExecutions(store))[0]?.execution_id;
  if (id === undefined)
    throw new CliError('usage', 'no execution in this lake', '`socratic-bench run` makes one');
  for (;;) {
    const execution = await readExecution(store, id);
    if (execution === null)
      throw new CliError('usage', `no execution "${id}" in this lake`, '`socratic-bench status` lists them');
    const done = await progressOf(store, execution);
    context.out(
      context.json
        ? `${JSON.stringify({ ...execution, progress: done })}\n`
        : oneText(execution, done, context),
    );
    if (options.follow !== true || execution.state !== 'running') return EXIT.ok;
    await new Promise((resolve) => setTimeout(resolve, FOLLOW_MS));
  }
}

async function listAll(store: ObjectStore, context: Context): Promise<number> {
  const all = await listExecutions(store);
  if (context.json) context.out(`${JSON.stringify({ executions: all })}\n`);
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
          .map((e) => [
            e.execution_id,
            e.week,
            stateText(e),
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

/** What the lake shows of an unfinished execution: runs with a raw file, turns checkpointed. */
async function progressOf(
  store: ObjectStore,
  execution: Execution,
): Promise<{ planned: number; dialogues: number; turns: number; judged: number } | null> {
  if (execution.state === 'finished' || execution.manifest_id === null) return null;
  const plan = await readPlan(store, lakeKeys.plan(execution.manifest_id, execution.execution_id));
  if (plan === null) return { planned: 0, dialogues: 0, turns: 0, judged: 0 };
  const ids = new Set(plan.filter((row) => row.status === 'planned').map((row) => row.run_id));
  const count = { planned: ids.size, dialogues: 0, turns: 0, judged: 0 };
  for await (const { key } of store.list(`${PREFIX.raw}/dt=${execution.dt}/`))
    if (ids.has(runIdOf(key))) count.dialogues += 1;
  for await (const { key } of store.list(`${PREFIX.judged}/dt=${execution.dt}/`))
    if (ids.has(runIdOf(key))) count.judged += 1;
  for (const id of ids)
    for await (const { key } of store.list(lakeKeys.checkpoints(id)))
      if (key.includes('/turn-')) count.turns += 1;
  return count;
}

function runIdOf(key: string): string {
  return /\/([^/]+)\.jsonl$/.exec(key)?.[1] ?? '';
}

function oneText(e: Execution, progress: Awaited<ReturnType<typeof progressOf>>, context: Context): string {
  const { bold, dim } = context.colors;
  const how =
    progress === null
      ? `${e.n_scored} of ${e.n_planned} runs scored, ${e.n_skipped} skipped, ${e.n_failed} failed, ${e.n_alerts} alerts`
      : `${progress.dialogues} of ${progress.planned} dialogues held (${progress.turns} turns kept), ${progress.judged} judged`;
  return [
    `${bold(e.execution_id)}  ${stateText(e)}`,
    `${how}; ${usdText(e.spent_usd)} spent, ${usdText(e.estimated_usd)} predicted`,
    dim(
      `${e.profile}, week ${e.week}, manifest ${e.manifest_id ?? '–'}, started ${e.started_at}${e.ended_at === null ? '' : `, ended ${e.ended_at}`}`,
    ),
    ...(e.error === null ? [] : [`${e.error.name}: ${e.error.message}`]),
    ...(e.state === 'finished' ? [] : [dim(`go on with: socratic-bench run --resume ${e.execution_id}`)]),
    '',
  ].join('\n');
}

function stateText(e: Execution): string {
  return e.state === 'finished' && e.outcome === 'partial' ? 'finished (partial)' : e.state;
}
