import { executionIdSchema } from '../../schemas/common.ts';
import { ERROR } from '../../schemas/names.ts';
import { NamedError } from '../errors.ts';

/**
 * `<profile>-<week>-<manifest12>`: the same content in the same week is the same execution, on every host. It is the Step
 * Functions name too, hence 80 characters of 0-9 A-Z a-z _ - at most. Throws InvalidConfig for a profile that cannot be part of it.
 */
export function defaultExecutionId(profile: string, week: string, manifest_sha256: string): string {
  const id = `${profile}-${week}-${manifest_sha256.slice(0, 12)}`;
  const parsed = executionIdSchema.safeParse(id);
  if (parsed.success) return id;
  throw new NamedError(
    ERROR.invalidConfig,
    `execution id "${id}": ${parsed.error.issues.map((issue) => issue.message).join('; ')}`,
    { hint: 'give the profile a shorter name without "."' },
  );
}
