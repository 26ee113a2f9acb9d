import { z } from 'zod';
import { sha256Hex } from '../core/identity/hash.ts';
import { executionIdSchema } from '../schemas/common.ts';
import { ApiProblem } from './problem.ts';

const cursorSchema = z.tuple([executionIdSchema, z.string().length(8), z.number().int().min(1)]);

/** Where a listing goes on: the next row of an execution's plan, under the filters it began with. */
export interface Position {
  execution_id: string;
  row: number;
}

/** A cursor for the next page. It names its execution: a newer official one does not mix into a listing under way. */
export function writeCursor({ execution_id, row }: Position, filters: object): string {
  return btoa(JSON.stringify([execution_id, filterHash(filters), row]))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** The position of a cursor. Throws 400 on one that this API did not write, or that belongs to other filters. */
export function readCursor(cursor: string, filters: object): Position {
  const bad = (reason: string) =>
    new ApiProblem(400, `query.cursor: ${reason}`, { errors: [{ path: 'query.cursor', reason }] });
  let value: unknown;
  try {
    value = JSON.parse(atob(cursor.replaceAll('-', '+').replaceAll('_', '/')));
  } catch {
    throw bad('expected a next_cursor of this API');
  }
  const parsed = cursorSchema.safeParse(value);
  if (!parsed.success) throw bad('expected a next_cursor of this API');
  const [execution_id, hash, row] = parsed.data;
  if (hash !== filterHash(filters)) throw bad('expected the filters that the listing began with');
  return { execution_id, row };
}

function filterHash(filters: object): string {
  return sha256Hex(JSON.stringify(filters)).slice(0, 8);
}
