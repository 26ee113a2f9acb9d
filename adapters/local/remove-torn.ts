import { readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PREFIX } from '../../schemas/names.ts';
import { storeError, systemCode } from './file-errors.ts';

/**
 * Removes the checkpoints of runs that a power cut tore, and what was built on them: turns behind a torn one, verdicts from
 * it on. Their calls are made again. Returns the keys removed. No kill tears a checkpoint, because it is linked whole; a power
 * cut can where it was not flushed (simulated models), and a broken disk always. Any part of a JSON object is no JSON, hence
 * every tear is seen, at whatever byte. For a lake on which nobody works.
 */
export function removeTornCheckpoints(root: string, run_ids: readonly string[]): string[] {
  return run_ids.flatMap((run_id) => {
    const folder = join(resolve(root), PREFIX.checkpoints, run_id);
    const names = namesIn(folder);
    const torn = names.filter((name) => !isJson(join(folder, name)));
    return names
      .filter((name) => torn.includes(name) || torn.some((one) => isBuiltOn(name, one)))
      .map((name) => {
        const path = join(folder, name);
        try {
          unlinkSync(path);
        } catch (error) {
          throw storeError(error, 'remove', path);
        }
        return `${PREFIX.checkpoints}/${run_id}/${name}`;
      });
  });
}

/** Another reply to turn n is another conversation from there on. */
export function isBuiltOn(name: string, torn: string): boolean {
  const [, kind, turn] = NUMBERED.exec(name) ?? [];
  const [, tornKind, tornTurn] = NUMBERED.exec(torn) ?? [];
  if (turn === undefined || tornTurn === undefined || tornKind === 'judge') return false;
  return kind === 'judge'
    ? turn >= tornTurn
    : turn > tornTurn || (kind === 'turn' && tornKind === 'student' && turn === tornTurn);
}
const NUMBERED = /^(turn|student|judge)-(\d{4})\.json$/;

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

function isJson(path: string): boolean {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw storeError(error, 'read', path);
  }
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
