import { publishDashboard } from '../../core/tasks/dashboard-data.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { listExecutions, openLake, readExecutionSummary } from '../host/local-lake.ts';

/**
 * `reindex`: rebuilds what is derived from the lake. On this machine the run index is SQL over the lake itself; what can
 * be lost and is rebuilt here is the dashboard's index.
 */
export async function reindexCommand(context: Context): Promise<number> {
  const store = openLake(context);
  let count = 0;
  for (const execution of await listExecutions(store)) {
    const summary =
      execution.state === 'finished' ? await readExecutionSummary(store, execution.execution_id) : null;
    if (summary === null) continue;
    await publishDashboard(store, summary);
    count += 1;
  }
  context.out(
    context.json
      ? `${JSON.stringify({ executions: count })}\n`
      : `indexed ${count} execution${count === 1 ? '' : 's'}\n`,
  );
  return EXIT.ok;
}
