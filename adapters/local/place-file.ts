import { createHash } from 'node:crypto';
import { existsSync, linkSync, lstatSync, mkdirSync, renameSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemCode } from './file-errors.ts';
import { withFileLock } from './file-lock.ts';

/** What link(2) says on a file system that has no hard links: exFAT and SMB, FUSE, some network mounts. */
const NO_HARD_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** Makes the finished file `temp` visible as `path`, unless something is there; `temp` is gone afterwards. */
export async function placeIfAbsent(
  temp: string,
  path: string,
  lockFolder: string,
  link: (from: string, to: string) => void = linkSync,
): Promise<'written' | 'exists'> {
  try {
    link(temp, path);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') {
      unlinkSync(temp);
      return 'exists';
    }
    if (code !== null && NO_HARD_LINKS.includes(code)) return placeUnderLock(temp, path, lockFolder);
    throw error;
  }
  unlinkSync(temp);
  return 'written';
}

/** The same without hard links: whoever holds the key's lock looks and renames; all writers on such a file system do. */
async function placeUnderLock(temp: string, path: string, lockFolder: string): Promise<'written' | 'exists'> {
  mkdirSync(lockFolder, { recursive: true });
  const lock = join(lockFolder, createHash('sha256').update(path).digest('hex'));
  return withFileLock(lock, () => {
    if (existsSync(path)) {
      unlinkSync(temp);
      return 'exists';
    }
    renameSync(temp, path);
    return 'written';
  });
}

/**
 * Runs `place`, making the folder of `path` when it turns out to be missing. Returns the outcome and the folders whose
 * entries changed, innermost first.
 */
export async function inFolder<T>(
  path: string,
  place: () => T | Promise<T>,
): Promise<{ outcome: T; changed: string[] }> {
  const folder = dirname(path);
  try {
    return { outcome: await place(), changed: [folder] };
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
  const first = mkdirSync(folder, { recursive: true });
  const outcome = await place();
  const changed = [folder];
  if (first !== undefined)
    for (let at = folder; at.length >= first.length; at = dirname(at)) changed.push(dirname(at));
  return { outcome, changed };
}

/** Is there a folder at `path`? */
export function isFolder(path: string): boolean {
  return lstatSync(path).isDirectory();
}
