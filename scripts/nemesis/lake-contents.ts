import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of all files below a folder of a lake, relative to the lake, sorted; none where the folder is missing. */
export function filesOf(lake: string, folder = ''): string[] {
  if (!existsSync(join(lake, folder))) return [];
  return readdirSync(join(lake, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(lake.length + 1))
    .sort();
}

/** SHA-256 by path of the files below a folder. */
export function hashesOf(lake: string, folder: string): Map<string, string> {
  return new Map(
    filesOf(lake, folder).map((path) => [
      path,
      createHash('sha256')
        .update(readFileSync(join(lake, path)))
        .digest('hex'),
    ]),
  );
}

/** The records of a JSONL file. */
export function linesOf<T>(lake: string, path: string): T[] {
  return readFileSync(join(lake, path), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}
