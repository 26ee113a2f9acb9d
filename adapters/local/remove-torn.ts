import { mkdirSync, readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PREFIX } from '../../schemas/names.ts';
import { storeError, systemCode } from './file-errors.ts';
import { withFileLock } from './file-lock.ts';
import { LOCAL_STATE } from './file-store.ts';

/**
 * Removes the checkpoints of runs that a power cut tore, and what was built on them: turns behind a torn one, verdicts from
 * it on. Their calls are made again. Returns the keys removed. No kill tears a checkpoint, because it is linked whole; a power
 * cut can where it was not flushed (simulated models), and a broken disk always. Any part of a JSON object is no JSON, hence
 * every tear is seen, at whatever byte. Of two starts at once one removes, under a lock a run: the other looks anew, so that it
 * takes away nothing which the first has written again since.
 */
export async function removeTornCheckpoints(root: string, run_ids: readonly string[]): Promise<string[]> {
  const lake = resolve(root);
  const locks = join(lake, LOCAL_STATE, 'locks');
  const removed: string[] = [];
  for (const run_id of run_ids) {
    const folder = join(lake, PREFIX.checkpoints, run_id);
    if (tornIn(folder).length === 0) continue;
    mkdirSync(locks, { recursive: true });
    const names = await withFileLock(join(locks, `mend-${run_id}`), () => removeTorn(folder));
    removed.push(...names.map((name) => `${PREFIX.checkpoints}/${run_id}/${name}`));
  }
  return removed;
}

function removeTorn(folder: string): string[] {
  const torn = tornIn(folder);
  const names = namesIn(folder).filter(
    (name) => torn.includes(name) || torn.some((one) => isBuiltOn(name, one)),
  );
  for (const name of names) {
    const path = join(folder, name);
    try {
      unlinkSync(path);
    } catch (error) {
      throw storeError(error, 'remove', path);
    }
  }
  return names;
}

function tornIn(folder: string): string[] {
  return namesIn(folder).filter((name) => isTorn(join(folder, name)));
}

/**
 * Another reply to turn n is another conversation from there on. Within a turn, answers are numbered without a gap
 * (`judge-0007-02.json`), and the verdict repeats them; the words of a student that were taken stand for themselves.
 */
export function isBuiltOn(name: string, torn: string): boolean {
  const one = partsOf(name);
  const other = partsOf(torn);
  if (one === null || other === null) return false;
  if (other.kind === 'judge' || other.ask !== null) {
    if (other.ask === null || one.kind !== other.kind || one.turn !== other.turn) return false;
    return one.ask === null ? one.kind === 'judge' : one.ask > other.ask;
  }
  return one.kind === 'judge'
    ? one.turn >= other.turn
    : one.turn > other.turn || (one.kind === 'turn' && other.kind === 'student' && one.turn === other.turn);
}

/** What a checkpoint's name says; `ask` is null in one that a turn has once. */
function partsOf(name: string): { kind: string; turn: number; ask: number | null } | null {
  const match = NUMBERED.exec(name);
  return match === null
    ? null
    : { kind: match[1]!, turn: Number(match[2]), ask: match[3] === undefined ? null : Number(match[3]) };
}
const NUMBERED = /^(turn|student|judge)-(\d{4})(?:-(\d{2,}))?\.json$/;

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw storeError(error, 'list', folder);
  }
}

function isTorn(path: string): boolean {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    // Another start has just removed it.
    if (systemCode(error) === 'ENOENT') return false;
    throw storeError(error, 'read', path);
  }
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}
