import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { NamedError } from '../../core/errors.ts';
import { ERROR } from '../../schemas/names.ts';

type Mending = { hint: string; isRetryable: boolean };

/** What a person can do about a system error; whatever is not listed is worth another try. */
const MENDING: Record<string, Mending> = {
  ENOSPC: { hint: 'the disk is full: free some space, then run the same command again', isRetryable: false },
  EDQUOT: {
    hint: 'the disk quota is used up: free some space, then run the same command again',
    isRetryable: false,
  },
  EROFS: {
    hint: 'the file system is read-only: name a writable folder with --lake <dir>',
    isRetryable: false,
  },
  EACCES: {
    hint: 'permission denied: make the lake folder yours (chown) or name another with --lake <dir>',
    isRetryable: false,
  },
  EPERM: {
    hint: 'operation not permitted: make the lake folder yours (chown) or name another with --lake <dir>',
    isRetryable: false,
  },
  ENOTDIR: {
    hint: 'a file stands where the lake needs a folder: move it away or name another folder with --lake <dir>',
    isRetryable: false,
  },
  EISDIR: {
    hint: 'a folder stands where the lake needs a file: move it away or name another folder with --lake <dir>',
    isRetryable: false,
  },
  EXDEV: {
    hint: 'the lake spans two file systems: keep the whole folder on one, without mounts inside',
    isRetryable: false,
  },
  ELOOP: { hint: 'a symbolic link in the lake leads back to itself: remove it', isRetryable: false },
  ENAMETOOLONG: { hint: 'the path is too long: name a lake folder nearer to the root', isRetryable: false },
  EMFILE: { hint: 'too many open files: lower --concurrency or raise ulimit -n', isRetryable: true },
};

/** The code of a Node system error, else null. */
export function systemCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** Turns a system error into StoreUnavailable with the file, the reason and what mends it; other errors pass unchanged. */
export function storeError(error: unknown, action: string, path: string): unknown {
  const given = systemCode(error);
  if (given === null || error instanceof NamedError) return error;
  const code = given === 'ENOENT' ? (obstacleAbove(path) ?? given) : given;
  const mending = MENDING[code];
  return new NamedError(ERROR.storeUnavailable, `cannot ${action} ${path}: ${code}`, {
    cause: error,
    isRetryable: mending?.isRetryable ?? true,
    ...(mending && { hint: mending.hint }),
  });
}

/**
 * Why nothing can be made below the nearest folder that exists: on a read-only file system Node's recursive mkdir says
 * ENOENT of the folder it could not make, and hides the reason. Null when that folder can be written.
 */
function obstacleAbove(path: string): string | null {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    try {
      accessSync(folder, constants.W_OK);
      return null;
    } catch (error) {
      const code = systemCode(error);
      if (code !== 'ENOENT' || folder === dirname(folder)) return code;
    }
  }
}
