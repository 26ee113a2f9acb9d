import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LAKE_TABLES, type LakeTable, type LakeTableName } from '../../schemas/lake-tables.ts';
import { systemCode } from './file-errors.ts';

/**
 * Tells the files of a table apart from those it had at another time: '' without files; for JSON lines, whose views fit any
 * file, no more than that there are some; for Parquet their names, sizes and times.
 */
export function lakeFilesState(root: string, name: LakeTableName): string {
  const table: LakeTable = LAKE_TABLES[name];
  const levels = [...table.partitions.map((partition) => `${partition}=*`), ...table.files.split('/')];
  const files = matchingFiles(join(root, table.prefix), levels);
  if (table.format === 'jsonl') return files.next().done === true ? '' : 'some';
  return [...files]
    .map((path) => {
      const { size, mtimeMs } = statSync(path);
      return `${path} ${size} ${mtimeMs}`;
    })
    .join('\n');
}

function* matchingFiles(folder: string, [level, ...below]: string[]): Generator<string> {
  for (const name of entriesOf(folder)) {
    if (!matches(name, level!)) continue;
    if (below.length === 0) yield join(folder, name);
    else yield* matchingFiles(join(folder, name), below);
  }
}

/** Does a name fit a pattern with at most one star? */
function matches(name: string, pattern: string): boolean {
  const [start = '', end] = pattern.split('*');
  if (end === undefined) return name === start;
  return name.length >= start.length + end.length && name.startsWith(start) && name.endsWith(end);
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
