import { createFileBudget } from '../adapters/local/file-budget.ts';
import { createFileStore } from '../adapters/local/file-store.ts';
import { NamedError } from '../core/errors.ts';
import type { Budget, Clock, ObjectStore } from '../core/ports.ts';
import { ENV, ERROR } from '../schemas/names.ts';

/** The lake that SOCRATIC_LAKE names, `s3://<bucket>` or a folder, and the budget kept with it. Throws InvalidConfig. */
export async function openLake(
  environment: Readonly<Record<string, string | undefined>>,
  clock: Clock,
): Promise<{ store: ObjectStore; budget: Budget }> {
  const lake = environment[ENV.lake] ?? '';
  if (lake === '')
    throw new NamedError(ERROR.invalidConfig, `${ENV.lake}: expected s3://<bucket> or a folder, got nothing`);
  if (!lake.startsWith('s3://')) return { store: createFileStore(lake), budget: createFileBudget(lake) };
  // Loaded here: over a folder no SDK is evaluated.
  const { openAwsBudget, openAwsStore } = await import('../adapters/aws/aws-lake.ts');
  const retry = { clock, random: Math.random };
  return { store: openAwsStore(environment, retry), budget: openAwsBudget(environment, retry) };
}
