import { reindexDashboard } from '../../core/tasks/reindex-dashboard.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { listExecutions, openLake } from '../host/local-lake.ts';

/**
 * `reindex`: rebuilds what is derived from the lake. On this machine the run index is SQL over the lake itself; what can
 * be lost and is rebuilt here is what the dashboard reads.
 */
export async function reindexCommand(context: Context): Promise<number> {
  const store = openLake(context);
  const finished = (await listExecutions(store)).filter(({ state }) => state === 'finished');
  const count = await reindexDashboard(store, finished);
  context.out(
    context.json
      ? `${JSON.stringify({ executions: count })}\n`
      : `indexed ${count} execution${count === 1 ? '' : 's'}\n`,
  );
  return EXIT.ok;
}
