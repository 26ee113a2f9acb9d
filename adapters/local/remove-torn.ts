import { existsSync, mkdirSync, readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PREFIX } from '../../schemas/names.ts';
import { storeError, systemCode } from './file-errors.ts';
import { withFileLock } from './file-lock.ts';
import { LOCAL_STATE } from './file-store.ts';

/** A run whose checkpoints are looked through. */
export interface Mendable {
  run_id: string;
  /** Key of its raw file; null for the canary, which has no dialogue. */
  raw_key: string | null;
}

/**
 * Removes the checkpoints of runs that a power cut tore, and what was built on them: turns behind a torn one, verdicts from
 * it on. Their calls are made again. So is what was built on a turn that is gone, of a run whose raw file is gone too: its
 * verdict would judge another reply. Returns the keys removed.
 *
 * No kill tears a checkpoint, because it is linked whole; a power cut can where it was not flushed (simulated models), and a
 * broken disk always. Any part of a JSON object is no JSON, hence every tear is seen, at whatever byte. Of two starts at once
 * one removes, under a lock a run: the other looks anew, so that it takes away nothing which the first has written again since.
 */
export async function removeTornCheckpoints(root: string, runs: readonly Mendable[]): Promise<string[]> {
  const lake = resolve(root);
  const locks = join(lake, LOCAL_STATE, 'locks');
  const removed: string[] = [];
  for (const run of runs) {
    if (lostOf(lake, run).length === 0) continue;
    mkdirSync(locks, { recursive: true });
    removed.push(...(await withFileLock(join(locks, `mend-${run.run_id}`), () => removeLost(lake, run))));
  }
  return removed;
}

function removeLost(lake: string, run: Mendable): string[] {
  const keys = lostOf(lake, run).map((name) => `${PREFIX.checkpoints}/${run.run_id}/${name}`);
  for (const key of keys) {
    try {
      unlinkSync(join(lake, key));
    } catch (error) {
      throw storeError(error, 'remove', join(lake, key));
    }
  }
  return keys;
}

/** Names of a run's checkpoints that are torn, or built on one that is torn or gone. */
function lostOf(lake: string, { run_id, raw_key }: Mendable): string[] {
  const folder = join(lake, PREFIX.checkpoints, run_id);
  const names = namesIn(folder);
  const torn = names.filter((name) => isTorn(join(folder, name)));
  const gone =
    raw_key === null || existsSync(join(lake, raw_key)) ? torn : [...torn, firstMissingTurn(names)];
  return names.filter((name) => torn.includes(name) || gone.some((one) => isBuiltOn(name, one)));
}

function firstMissingTurn(names: readonly string[]): string {
  const name = (turn: number) => `turn-${String(turn).padStart(4, '0')}.json`;
  let turn = 1;
  while (names.includes(name(turn))) turn += 1;
  return name(turn);
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
