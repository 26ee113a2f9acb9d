import { fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { storeError } from './file-errors.ts';

export type BudgetRow =
  | { op: 'open'; usd: number }
  | { op: 'reserve'; id: string; model: string; usd: number }
  | { op: 'settle'; id: string; usd: number };

/** Beginning of the id of a reservation of nothing, which has no row; it is settled all the same when it cost something. */
export const UNLOGGED = 'free-';

/** A billionth of a dollar: sums of decimal prices miss their cap by less than that. */
const ROUNDING_USD = 1e-9;

/**
 * The log of one execution's spend. Every process appends rows (O_APPEND: the operating system puts them in one order) and
 * replays all rows in that order, so that all arrive at the same state: a reservation that exceeds the cap *at its place in
 * the log* is void for everybody. Thus nobody holds a lock, and nothing goes stale when a process is killed.
 *
 * Rows are written whole, each between line feeds; a row torn by a full disk was never acknowledged and is skipped. A
 * process reads only what others appended since its last look: work a call is constant. Local file systems only, as
 * network file systems give no order to appends.
 */
export function openBudgetLog(path: string): {
  /** The cap (null before `open`) and what is settled or outstanding, after a look at what others wrote. */
  current(): { cap_usd: number | null; committed_usd: number };
  /** Would `usd` more fit, as far as known since the last look? */
  fits(usd: number): boolean;
  /** Appends a row; false when it is a reservation that others left no room for. */
  append(row: BudgetRow): boolean;
} {
  let fd: number;
  try {
    mkdirSync(dirname(path), { recursive: true });
    fd = openSync(path, 'a+');
  } catch (error) {
    throw storeError(error, 'open', path);
  }
  /** Bytes of the log that are replayed. */
  let replayed = 0;
  let cap_usd: number | null = null;
  let committed_usd = 0;
  const outstanding = new Map<string, number>();
  const settledUnlogged = new Set<string>();

  const fits = (usd: number) => cap_usd !== null && committed_usd + usd <= cap_usd + ROUNDING_USD;

  const isUnlogged = (id: string) => id.startsWith(UNLOGGED) && !settledUnlogged.has(id);

  function replay(row: BudgetRow): boolean {
    if (row.op === 'open') {
      cap_usd = Math.max(cap_usd ?? 0, row.usd);
      return true;
    }
    if (row.op === 'reserve') {
      if (!fits(row.usd)) return false;
      outstanding.set(row.id, row.usd);
      committed_usd += row.usd;
      return true;
    }
    const reserved = outstanding.get(row.id) ?? (isUnlogged(row.id) ? 0 : undefined);
    if (reserved === undefined) return false; // settled before: the first settlement stands
    if (!outstanding.delete(row.id)) settledUnlogged.add(row.id);
    committed_usd += row.usd - reserved;
    return true;
  }

  /** Replays what others appended, up to the end of the last whole row, or past the row whose line is `until`. */
  function catchUp(until: string | null): boolean {
    const size = fstatSync(fd).size;
    if (size === replayed) return false;
    const bytes = Buffer.allocUnsafe(size - replayed);
    const read = readSync(fd, bytes, 0, bytes.length, replayed);
    let at = 0;
    for (let end = bytes.indexOf(10); end !== -1 && end < read; end = bytes.indexOf(10, at)) {
      const line = bytes.toString('utf8', at, end);
      at = end + 1;
      const row = parseRow(line);
      const holds = row !== null && replay(row);
      if (until !== null && line === until) {
        replayed += at;
        return holds;
      }
    }
    replayed += at;
    return false;
  }

  return {
    current() {
      catchUp(null);
      return { cap_usd, committed_usd };
    },
    fits,
    append(row) {
      const line = JSON.stringify(row);
      const text = `\n${line}\n`;
      try {
        const length = Buffer.byteLength(text);
        const written = writeSync(fd, text);
        if (written !== length)
          throw Object.assign(new Error(`wrote ${written} of ${length} bytes`), { code: 'ENOSPC' });
        if (fstatSync(fd).size === replayed + length) {
          replayed += length;
          return replay(row);
        }
        return catchUp(line);
      } catch (error) {
        throw storeError(error, 'append to', path);
      }
    },
  };
}

function parseRow(line: string): BudgetRow | null {
  if (line === '') return null;
  try {
    return JSON.parse(line) as BudgetRow;
  } catch {
    return null; // torn: its writer was told so
  }
}
