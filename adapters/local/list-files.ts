import type { Dirent } from 'node:fs';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { NamedError } from '../../core/errors.ts';
import { ERROR } from '../../schemas/names.ts';
import { storeError, systemCode } from './file-errors.ts';

/** Entries listed before other work gets its turn. */
const ENTRIES_A_TURN = 500;

/**
 * Every file below `base` whose `/`-separated path starts with `prefix`, sorted by UTF-16 code unit as S3 sorts. Reads one
 * folder at a time; names that start with a dot are not part of the lake. Throws on a symbolic link: half a listing would
 * pass for a whole one.
 */
export async function* listFiles(
  base: string,
  prefix: string,
): AsyncGenerator<{ key: string; size_bytes: number }> {
  const slash = prefix.lastIndexOf('/') + 1;
  let count = 0;
  const walk = function* (folder: string, starting: string): Generator<{ key: string; size_bytes: number }> {
    for (const { name, isFolder } of sortedEntries(join(base, folder), starting)) {
      const key = folder + name;
      if (isFolder) yield* walk(key, '');
      else {
        const size_bytes = sizeOf(join(base, key));
        if (size_bytes !== null) yield { key, size_bytes };
      }
    }
  };
  for (const file of walk(prefix.slice(0, slash), prefix.slice(slash))) {
    yield file;
    count += 1;
    if (count % ENTRIES_A_TURN === 0) await new Promise((resume) => setImmediate(resume));
  }
}

/** A folder's entries in key order: a folder sorts as its name with the slash, `a-b` before `a/c`. */
function sortedEntries(path: string, starting: string): { name: string; isFolder: boolean }[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw storeError(error, 'list', path);
  }
  const kept: { name: string; isFolder: boolean }[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.') || !entry.name.startsWith(starting)) continue;
    if (entry.isSymbolicLink())
      throw new NamedError(ERROR.storeUnavailable, `${join(path, entry.name)}: a symbolic link in the lake`, {
        isRetryable: false,
        hint: 'replace the link by the files it leads to: the lake is one folder on one file system',
      });
    const isFolder = entry.isDirectory();
    kept.push({ name: isFolder ? `${entry.name}/` : entry.name, isFolder });
  }
  return kept.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Bytes of a file; null when it vanished since its folder was read. */
function sizeOf(path: string): number | null {
  try {
    return lstatSync(path).size;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw storeError(error, 'list', path);
  }
}
