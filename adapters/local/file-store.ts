import { existsSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { NamedError } from '../../core/errors.ts';
import { checkDerivedKey, checkLakeKey, checkLakePrefix } from '../../core/identity/check-lake-key.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { ERROR, PREFIX } from '../../schemas/names.ts';
import { storeError, systemCode } from './file-errors.ts';
import { flushFolder, readWhole, writeWhole } from './file-io.ts';
import { listFiles } from './list-files.ts';
import { inFolder, isFolder, placeIfAbsent } from './place-file.ts';
import { createTempFiles, removeLeftOvers } from './temp-files.ts';

/** Folder of a local lake for what is not part of the lake: temporary files, the budget's log, local metrics. Never listed. */
export const LOCAL_STATE = '.local';
/** Where files are written before they are placed, below LOCAL_STATE. */
const TEMPORARY = 'tmp';

/**
 * What checkpoints survive. `power_loss`: the bytes are on the disk before the checkpoint can be seen. `process`: they are
 * with the operating system, which is enough for kill -9; right where a lost call costs nothing (simulated models only).
 */
export type CheckpointDurability = 'power_loss' | 'process';

/**
 * The lake as a folder: one file an object, the key its path.
 *
 * Writes go to `.local/tmp/`, then link(2) (put-if-absent: EEXIST decides, for threads, processes and hosts alike) or
 * rename(2) (put), so no reader ever sees half a file. File systems without hard links (exFAT, some network mounts) get the
 * same promise by an exclusive lock file a key. Links must not be used inside the lake; a listing throws on one.
 *
 * Flushing. Everything but a checkpoint is flushed (fdatasync) before it can be seen; what is written once and cannot be
 * derived again is also entered into its folder durably (fsync of the folder) before the call returns. A derived file that
 * a power cut un-renames is written again by the same command. Checkpoints follow `durability`, without the folder's fsync:
 * each later flush commits the journal with the earlier entries, so a power cut costs the last calls and never tears a file.
 *
 * System calls. Measured here (2 cores, ext4 on a virtual disk, 1 KB bodies, 20 writers), ms of wall time / CPU a put:
 * synchronous without flush 0.036 / 0.043; asynchronous (fs/promises) without flush 0.057 / 0.093; synchronous with
 * fdatasync in the thread pool 0.10 / 0.12; all asynchronous with fdatasync 0.13 / 0.16; all synchronous 0.27 / 0.14 with the
 * loop blocked. Hence small bodies synchronously, flushes and large bodies in the thread pool. For the 14,400 checkpoints of
 * a week that is 0.6 s of CPU (`process`) or 1.7 s (`power_loss`). Where thousands of files were deleted a moment ago, making
 * one costs up to 0.5 ms whatever the calls: ext4 searches for an inode that was not just freed.
 */
export function createFileStore(root: string, durability: CheckpointDurability = 'power_loss'): ObjectStore {
  const base = resolve(root);
  const state = join(base, LOCAL_STATE);
  const temps = createTempFiles(join(state, TEMPORARY));

  /** Writes `body` to a temporary file and hands it to `place`; whatever fails, nothing is left behind. */
  async function viaTemp<T>(
    body: Uint8Array | string,
    flush: 'flushed' | 'buffered',
    place: (temp: string) => Promise<T>,
  ): Promise<T> {
    const temp = temps.next();
    try {
      await writeWhole(temp, typeof body === 'string' ? Buffer.from(body, 'utf8') : body, flush);
      return await place(temp);
    } catch (error) {
      rmSync(temp, { force: true });
      throw error;
    }
  }

  return {
    async get(key) {
      checkLakeKey(key);
      const path = join(base, key);
      try {
        return await readWhole(path);
      } catch (error) {
        const code = systemCode(error);
        if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return null;
        throw storeError(error, 'read', path);
      }
    },

    async putIfAbsent(key, body) {
      checkLakeKey(key);
      const path = join(base, key);
      const isCheckpoint = key.startsWith(`${PREFIX.checkpoints}/`);
      try {
        // A look first spares writing what is there; checkpoints are small and nearly always new.
        if (!isCheckpoint && existsSync(path)) return exists(path);
        const flush = isCheckpoint && durability === 'process' ? 'buffered' : 'flushed';
        const { outcome, changed } = await viaTemp(body, flush, (temp) =>
          inFolder(path, () => placeIfAbsent(temp, path, join(state, 'locks'))),
        );
        if (outcome === 'exists') return exists(path);
        if (!isCheckpoint) for (const folder of changed) await flushFolder(folder);
        return 'written';
      } catch (error) {
        throw storeError(error, 'write', path);
      }
    },

    async put(key, body) {
      checkDerivedKey(key);
      const path = join(base, key);
      try {
        await viaTemp(body, 'flushed', (temp) => inFolder(path, () => renameSync(temp, path)));
      } catch (error) {
        throw storeError(error, 'write', path);
      }
    },

    list(prefix) {
      checkLakePrefix(prefix);
      return listFiles(base, prefix);
    },
  };
}

/**
 * Removes temporary files of processes that were killed. A store does so at its first write; this is for a command that finds
 * nothing to write, after a process that died beside the one that finished.
 */
export function sweepLake(root: string): void {
  removeLeftOvers(join(resolve(root), LOCAL_STATE, TEMPORARY));
}

/** `exists`, unless what exists is a folder: on S3 `a` and `a/b` may both be objects, in a folder they cannot. */
function exists(path: string): 'exists' {
  if (!isFolder(path)) return 'exists';
  throw new NamedError(ERROR.storeUnavailable, `cannot write ${path}: a folder of that name is there`, {
    isRetryable: false,
    hint: 'one id may not be the beginning of another key: rename the model, seed or execution',
  });
}
