import { readFile, rm } from 'node:fs/promises';
import { csvLine, type CsvCell } from '../../core/csv-line.ts';
import type { SqlValue } from './duckdb-values.ts';
import { encodeArrow } from './export-arrow.ts';
import type { LakeDatabase, QueryParameter, QueryResult } from './lake-database.ts';

export const EXPORT_FORMATS = ['csv', 'parquet', 'arrow', 'jsonl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/**
 * The result of a query as a file, in chunks. CSV and JSONL stream; Parquet (written by DuckDB, which knows the types of
 * any query) and Arrow need their whole file in memory. Throws InvalidConfig as `query` does.
 */
export async function exportTable(
  database: LakeDatabase,
  format: ExportFormat,
  sql: string,
  parameters: readonly QueryParameter[] = [],
): Promise<AsyncIterable<Uint8Array>> {
  switch (format) {
    case 'csv':
      return encodeCsv(await database.query(sql, parameters));
    case 'jsonl':
      return encodeJsonLines(await database.query(sql, parameters));
    case 'arrow':
      return once(await encodeArrow(await database.query(sql, parameters)));
    case 'parquet':
      return once(await viaFile(await database.copyToParquet(sql, parameters)));
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function viaFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } finally {
    await rm(path, { force: true });
  }
}

/** CSV by `csvLine`; lists and structs are JSON text. */
export async function* encodeCsv({ columns, batches }: QueryResult): AsyncGenerator<Uint8Array> {
  yield Buffer.from(csvLine(columns.map(({ name }) => name)));
  for await (const batch of batches) yield Buffer.from(batch.map((row) => csvLine(row.map(toCell))).join(''));
}

function toCell(value: SqlValue): CsvCell {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

/** One JSON object a line; the two line separators that JSON allows and JavaScript sources once did not are escaped. */
export async function* encodeJsonLines({ columns, batches }: QueryResult): AsyncGenerator<Uint8Array> {
  const names = columns.map(({ name }) => JSON.stringify(name));
  const line = (row: readonly SqlValue[]) =>
    `{${row.map((value, i) => `${names[i]}:${JSON.stringify(value)}`).join(',')}}\n`;
  for await (const batch of batches)
    yield Buffer.from(
      batch.map(line).join('').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029'),
    );
}
