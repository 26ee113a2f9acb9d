import { closeSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { systemCode } from './file-errors.ts';

/** A holder on another host, or one whose process id was given to somebody else, is taken for dead after this long. */
const STALE_AFTER_MS = 30_000;
const POLL_MS = 5;

/**
 * Runs `work` while holding the lock file `path`, made exclusively (O_EXCL). A lock whose process is dead (same host), or
 * older than 30 s, is broken; breaking is itself done under a second lock file, so that two waiters never break each
 * other's. `work` must be short: it may not hold the lock for anything near 30 s.
 */
export async function withFileLock<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  while (!claim(path)) {
    if (isStale(path)) breakLock(path);
    else await wait(POLL_MS);
  }
  try {
    return await work();
  } finally {
    unlinkSync(path);
  }
}

function claim(path: string): boolean {
  let fd: number;
  try {
    fd = openSync(path, 'wx');
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(fd, `${hostname()} ${process.pid}`);
  } finally {
    closeSync(fd);
  }
  return true;
}

function isStale(path: string): boolean {
  try {
    const [host, pid] = readFileSync(path, 'utf8').split(' ');
    if (host === hostname() && pid !== undefined && !isAlive(Number(pid))) return true;
    return Date.now() - statSync(path).mtimeMs > STALE_AFTER_MS;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function breakLock(path: string): void {
  const breaking = `${path}.breaking`;
  if (!claim(breaking)) {
    if (isStale(breaking)) removeIfThere(breaking);
    return;
  }
  try {
    if (isStale(path)) removeIfThere(path);
  } finally {
    removeIfThere(breaking);
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

/** Is there a process of this id on this host? One that we may not signal is alive as well. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
