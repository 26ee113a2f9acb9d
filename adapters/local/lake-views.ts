import { join } from 'node:path';
import { columnsOf, type Column, type ColumnType } from '../../schemas/column-types.ts';
import { LAKE_TABLES, type LakeTable, type LakeTableName } from '../../schemas/lake-tables.ts';
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
 * What the files of a table look like: `none` there; all `current`, of the schema's own columns; `mixed`, some written by
 * another version. JSON lines are always current: a field that is missing reads as null.
 */
export type FileShape = 'none' | 'current' | 'mixed';

/**
 * The SELECT of a view over the lake in `root`. Names and types come from the schemas, never from the files: a missing
 * field is null, an unknown one is left out. Without files it gives the same columns and no rows, since DuckDB refuses a
 * pattern that matches nothing.
 */
export function lakeViewSql(root: string, view: LakeViewName, shape: FileShape): string {
  if (view === 'official_executions') return OFFICIAL_EXECUTIONS;
  const table: LakeTable = LAKE_TABLES[view];
  const columns = columnsOf(table.schema);
  if (shape === 'none') return emptySql(columns);
  return table.format === 'parquet' ? parquetSql(root, table, columns, shape) : jsonSql(root, table, columns);
}

/** Files of one schema are read as they are; reconciling footers by name costs each query twice their reading. */
function parquetSql(root: string, table: LakeTable, columns: readonly Column[], shape: FileShape): string {
  const files = `read_parquet(${filePattern(root, table)}, ${hiveOptions(table)}, union_by_name = ${shape === 'mixed'})`;
  const from =
    shape === 'mixed' ? `(SELECT * FROM ${files} UNION ALL BY NAME ${emptySql(columns)}) AS mixed` : files;
  return `SELECT ${columns.map(({ name }) => quoteName(name)).join(', ')} FROM ${from}`;
}

function jsonSql(root: string, table: LakeTable, columns: readonly Column[]): string {
  const types = columns
    .filter(({ name }) => !(table.partitions as readonly string[]).includes(name))
    .map(({ name, type }) => `${quoteText(name)}: ${quoteText(duckDbType(type))}`);
  return `SELECT ${columns.map(({ name }) => quoteName(name)).join(', ')}
    FROM read_json(${filePattern(root, table)}, ${hiveOptions(table)}, format = 'newline_delimited',
      maximum_object_size = ${MAX_LINE_BYTES}, columns = {${types.join(', ')}})`;
}

function filePattern(root: string, table: LakeTable): string {
  const folders = '/*'.repeat(table.partitions.length);
  return quoteText(`${escapeGlob(join(root, table.prefix))}${folders}/${table.files}`);
}

function hiveOptions({ partitions }: LakeTable): string {
  if (partitions.length === 0) return 'hive_partitioning = false';
  return `hive_partitioning = true, hive_types = {${partitions.map((name) => `${quoteText(name)}: VARCHAR`).join(', ')}}`;
}

/**
 * A query that tells how the Parquet files of a table differ: one row, `schemas` the number of different ones and
 * `columns` the types of the first.
 */
export function parquetShapeSql(root: string, name: LakeTableName): { schemas: string; columns: string } {
  const table: LakeTable = LAKE_TABLES[name];
  const pattern = filePattern(root, table);
  return {
    schemas: `SELECT count(DISTINCT shape) FROM (
      SELECT list(concat_ws(' ', name, type, num_children, repetition_type, converted_type)) AS shape
      FROM parquet_schema(${pattern}) GROUP BY file_name)`,
    columns: `DESCRIBE SELECT * FROM read_parquet(${pattern}, ${hiveOptions(table)})`,
  };
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

/** A path as part of a glob pattern: its own wildcards stand for themselves. */
export function escapeGlob(path: string): string {
  return path.replaceAll(/[[*?]/g, (character) => `[${character}]`);
}
