import { closeSync, fdatasync, fstatSync, fsync, openSync, read, readSync, write, writeSync } from 'node:fs';
import { promisify } from 'node:util';

/** Larger files go through the thread pool, so that no read or write holds the event loop for more than a fraction of a ms. */
const SYNC_BYTES = 256 * 1024;

const readAsync = promisify(read);
const writeAsync = promisify(write);
const fdatasyncAsync = promisify(fdatasync);
const fsyncAsync = promisify(fsync);

/** All bytes of a file. */
export async function readWhole(path: string): Promise<Uint8Array> {
  const fd = openSync(path, 'r');
  try {
    const size = fstatSync(fd).size;
    const bytes = Buffer.allocUnsafe(size);
    let at = 0;
    while (at < size) {
      const n =
        size <= SYNC_BYTES
          ? readSync(fd, bytes, at, size - at, at)
          : (await readAsync(fd, bytes, at, size - at, at)).bytesRead;
      if (n === 0) throw new Error(`${path}: ended after ${at} of ${size} bytes`);
      at += n;
    }
    return bytes;
  } finally {
    closeSync(fd);
  }
}

/** Makes a file that must not exist and writes it whole; `flush` has the bytes on the disk before it returns. */
export async function writeWhole(
  path: string,
  bytes: Uint8Array,
  flush: 'flushed' | 'buffered',
): Promise<void> {
  const fd = openSync(path, 'wx');
  try {
    let at = 0;
    while (at < bytes.length) {
      at +=
        bytes.length <= SYNC_BYTES
          ? writeSync(fd, bytes, at)
          : (await writeAsync(fd, bytes, at, bytes.length - at)).bytesWritten;
    }
    if (flush === 'flushed') await fdatasyncAsync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Has a folder's entries on the disk. Windows opens no folder for this and journals its entries anyhow. */
export async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const fd = openSync(path, 'r');
  try {
    await fsyncAsync(fd);
  } finally {
    closeSync(fd);
  }
}
