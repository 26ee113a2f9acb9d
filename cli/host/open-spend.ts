import type { Budget } from '../../core/ports.ts';
import type { Context } from '../context.ts';
import { isOnS3 } from './aws-environment.ts';

/** Where the spend of this lake's executions is accounted. */
export async function openSpend(context: Context): Promise<Pick<Budget, 'committed'>> {
  if (isOnS3(context.lake)) {
    const { openAwsAccount, openAwsSpend } = await import('./aws-account.ts');
    return openAwsSpend(openAwsAccount(context));
  }
  const { createFileBudget } = await import('../../adapters/local/file-budget.ts');
  return createFileBudget(context.lake);
}
