import { createLakeEvents } from '../../adapters/aws/lake-events.ts';
import { reindexLake } from '../../adapters/aws/reindex.ts';
import type { Context } from '../context.ts';
import { openAwsTables } from './aws-account.ts';
import { awsAccount } from './local-lake.ts';

/** Fills the three tables of a deployment from its lake. Gives the number of executions. */
export async function reindexTables(context: Pick<Context, 'lake' | 'environment'>): Promise<number> {
  const account = await awsAccount(context);
  const { tables, index } = openAwsTables(account);
  return reindexLake(account.store, index, createLakeEvents(tables, account.store));
}
