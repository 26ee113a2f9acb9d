import type { z } from 'zod';
import { NamedError } from '../../core/errors.ts';
import { describeIssues } from '../../core/manifest/describe-issues.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { ERROR } from '../../schemas/names.ts';

/** The records of one object, a line each; null when there is no such object. Throws InvalidConfig naming key and field. */
export async function readRecords<T extends z.ZodType>(
  store: ObjectStore,
  key: string,
  schema: T,
): Promise<z.infer<T>[] | null> {
  const bytes = await store.get(key);
  if (bytes === null) return null;
  const records: z.infer<T>[] = [];
  for (const line of new TextDecoder().decode(bytes).split('\n')) {
    if (line === '') continue;
    const input: unknown = JSON.parse(line);
    const parsed = schema.safeParse(input);
    if (!parsed.success)
      throw new NamedError(ERROR.invalidConfig, describeIssues(key, input, parsed.error.issues).join('\n'), {
        hint: 'the record was written by another version of socratic-bench: use that version, or another lake (--lake <dir>)',
      });
    records.push(parsed.data);
  }
  return records;
}
