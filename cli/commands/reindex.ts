import { reindexDashboard } from '../../core/tasks/reindex-dashboard.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { awsEnvironment, isOnS3 } from '../host/aws-environment.ts';
import { listExecutions, openAnyLake } from '../host/local-lake.ts';

/**
 * `reindex`: rebuilds what is derived from the lake. On this machine the run index is SQL over the lake itself; what can
 * be lost and is rebuilt here is what the dashboard reads; for a lake on S3 also the tables.
 */
export async function reindexCommand(
  options: { target?: 'local' | 'aws' },
  context: Context,
): Promise<number> {
  if (options.target === 'aws') awsEnvironment(context);
  const store = openAnyLake(context);
  const finished = (await listExecutions(store)).filter(({ state }) => state === 'finished');
  const count = await reindexDashboard(store, finished);
  if (isOnS3(context.lake)) {
    const { reindexTables } = await import('../host/aws-reindex.ts');
    await reindexTables(context);
  }
  context.out(
    context.json
      ? `${JSON.stringify({ executions: count })}\n`
      : `indexed ${count} execution${count === 1 ? '' : 's'}\n`,
  );
  return EXIT.ok;
}
