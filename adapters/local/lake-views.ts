import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { columnsOf, type Column, type ColumnType } from '../../schemas/column-types.ts';
import { LAKE_TABLES, type LakeTable, type LakeTableName } from '../../schemas/lake-tables.ts';
import { systemCode } from './file-errors.ts';
import { quoteName, quoteText } from './sql-quoting.ts';

/** The last finished execution of each series and week (spec 2.1). */
const OFFICIAL_EXECUTIONS = `
  SELECT * FROM executions WHERE state = 'finished'
  QUALIFY row_number() OVER (
    PARTITION BY series, week ORDER BY CAST(ended_at AS TIMESTAMPTZ) DESC NULLS LAST, execution_id DESC
  ) = 1`;

export type LakeViewName = LakeTableName | 'official_executions';
export const LAKE_VIEW_NAMES = [...Object.keys(LAKE_TABLES), 'official_executions'] as LakeViewName[];

/** The tables whose files a view reads. */
export function tableOf(view: LakeViewName): LakeTableName {
  return view === 'official_executions' ? 'executions' : view;
}

/**
 * The SELECT of a view over the lake in `root`. Names and types come from the schemas, never from the files: a missing
 * field is null, an unknown one is left out. `hasFiles` false gives the same columns without rows, since DuckDB refuses a
 * pattern without files.
 */
export function lakeViewSql(root: string, view: LakeViewName, hasFiles: boolean): string {
  if (view === 'official_executions') return OFFICIAL_EXECUTIONS;
  const table: LakeTable = LAKE_TABLES[view];
  const columns = columnsOf(table.schema);
  return hasFiles ? filesSql(root, table, columns) : emptySql(columns);
}

function filesSql(root: string, table: LakeTable, columns: readonly Column[]): string {
  const partitions = new Set<string>(table.partitions);
  const hive =
    partitions.size === 0
      ? 'hive_partitioning = false'
      : `hive_partitioning = true, hive_types = {${[...partitions].map((name) => `${quoteText(name)}: VARCHAR`).join(', ')}}`;
  const pattern = quoteText(
    `${escapeGlob(join(root, table.prefix))}${'/*'.repeat(partitions.size)}/${table.files}`,
  );
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  if (table.format === 'parquet')
    // The empty side adds columns that files of an earlier version lack.
    return `SELECT ${names} FROM (
      SELECT * FROM read_parquet(${pattern}, ${hive}, union_by_name = true)
      UNION ALL BY NAME ${emptySql(columns)})`;
  const types = columns
    .filter(({ name }) => !partitions.has(name))
    .map(({ name, type }) => `${quoteText(name)}: ${quoteText(duckDbType(type))}`);
  return `SELECT ${names} FROM read_json(${pattern}, ${hive},
    format = 'newline_delimited', maximum_object_size = ${MAX_LINE_BYTES}, columns = {${types.join(', ')}})`;
}

/** Longest line of a lake file: a turn of 512 KB of text is far below. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

function emptySql(columns: readonly Column[]): string {
  const nulls = columns.map(({ name, type }) => `CAST(NULL AS ${duckDbType(type)}) AS ${quoteName(name)}`);
  return `SELECT ${nulls.join(', ')} WHERE false`;
}

export function duckDbType(type: ColumnType): string {
  switch (type.kind) {
    case 'string':
      return 'VARCHAR';
    case 'integer':
      return 'BIGINT';
    case 'double':
      return 'DOUBLE';
    case 'boolean':
      return 'BOOLEAN';
    case 'list':
      return `${duckDbType(type.element)}[]`;
    case 'struct':
      return `STRUCT(${type.fields.map((field) => `${quoteName(field.name)} ${duckDbType(field.type)}`).join(', ')})`;
  }
}

/** Has the table any file? Looks no further than the first. */
export function hasFiles(root: string, name: LakeTableName): boolean {
  const table: LakeTable = LAKE_TABLES[name];
  const levels = [...table.partitions.map((partition) => `${partition}=*`), ...table.files.split('/')];
  return hasMatch(join(root, table.prefix), levels);
}

function hasMatch(folder: string, [level, ...below]: string[]): boolean {
  if (level === undefined) return true;
  return entriesOf(folder).some(
    (name) => matches(name, level) && (below.length === 0 || hasMatch(join(folder, name), below)),
  );
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

/** A path as part of a glob pattern: its own wildcards stand for themselves. */
export function escapeGlob(path: string): string {
  return path.replaceAll(/[[*?]/g, (character) => `[${character}]`);
}
