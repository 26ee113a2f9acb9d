import { appendFileSync, mkdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isBuiltOn } from '../../adapters/local/remove-torn.ts';
import type { Random } from '../../core/identity/random.ts';
import { filesOf } from './lake-contents.ts';
import type { Damage } from './plan-faults.ts';

/** A process id that nobody has: above the largest that Linux gives. */
const DEAD_PID = 2 ** 22 + 1;

/**
 * Does damage to a lake on which nobody works, nothing where there is nothing to damage yet. Returns the acknowledged turns
 * that are no longer what they were.
 */
export function damageLake(lake: string, damage: Damage, random: Random): string[] {
  const drawn = (folder: string) => {
    const files = filesOf(lake, folder);
    return files[Math.floor(random() * files.length)];
  };
  const lose = (folder: string) => {
    const lost = drawn(folder);
    if (lost !== undefined) rmSync(join(lake, lost));
    return [];
  };
  switch (damage) {
    case 'torn temporary file': {
      const folder = join(lake, '.local', 'tmp');
      mkdirSync(folder, { recursive: true });
      const host = hostname().replaceAll(/[^0-9A-Za-z]/g, '');
      writeFileSync(join(folder, `${host}_${DEAD_PID}_aaaa_1`), '{"turn_index":3,"tutor_te');
      return [];
    }
    case 'torn checkpoint': {
      const written = (path: string) => statSync(join(lake, path)).mtimeMs;
      const [torn] = filesOf(lake, 'checkpoints').sort((a, b) => written(b) - written(a));
      if (torn === undefined) return [];
      truncateSync(join(lake, torn), Math.floor(random() * statSync(join(lake, torn)).size));
      return filesOf(lake, dirname(torn)).filter(
        (path) => path === torn || isBuiltOn(basename(path), basename(torn)),
      );
    }
    case 'torn budget row':
      for (const path of filesOf(lake, '.local/budget'))
        appendFileSync(join(lake, path), '\n{"op":"reserve","id":"dead-1","mo');
      return [];
    case 'lost raw file':
      return lose('raw');
    case 'lost judged file':
      return lose('judged');
  }
}
