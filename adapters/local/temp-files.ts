import { existsSync, mkdirSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { systemCode } from './file-errors.ts';
import { isAlive } from './file-lock.ts';

/** Temporary files of other hosts, and of process ids given to somebody else, are left over after an hour. */
const LEFT_OVER_AFTER_MS = 3_600_000;

const hostName = () => hostname().replaceAll(/[^0-9A-Za-z]/g, '');

/** Names for files being written, in one folder of the lake's own file system, and the removal of those left by the dead. */
export function createTempFiles(folder: string): { next(): string } {
  const owner = `${hostName()}_${process.pid}_${randomBytes(6).toString('hex')}`;
  let count = 0;
  let isReady = false;
  return {
    next() {
      if (!isReady) {
        mkdirSync(folder, { recursive: true });
        removeLeftOvers(folder);
        isReady = true;
      }
      count += 1;
      return join(folder, `${owner}_${count}`);
    },
  };
}

/** Removes what the dead left in the folder, if there is one. */
export function removeLeftOvers(folder: string): void {
  const host = hostName();
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const path = join(folder, name);
    const [owner, pid] = name.split('_');
    try {
      const isOrphan = owner === host && !isAlive(Number(pid));
      if (isOrphan || Date.now() - statSync(path).mtimeMs > LEFT_OVER_AFTER_MS) unlinkSync(path);
    } catch (error) {
      // Another process cleans the same folder.
      if (systemCode(error) !== 'ENOENT') throw error;
    }
  }
}
