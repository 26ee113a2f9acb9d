import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of all files below a folder, sorted. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Bytes of the files below folders of a lake, those only whose path holds `part`. */
export function bytesOf(lake: string, folders: readonly string[], part = ''): number {
  return folders
    .flatMap((folder) => filesBelow(join(lake, folder)))
    .filter((path) => path.includes(part))
    .reduce((sum, path) => sum + statSync(path).size, 0);
}
