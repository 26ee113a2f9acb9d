import { readFile, rm } from 'node:fs/promises';
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

/**
 * RFC 4180: comma, CRLF, quotes doubled. Lists and structs are JSON text; null is empty and empty text is `""`. Text that a
 * spreadsheet would run as a formula gets a leading apostrophe (OWASP ASVS 1.2.10; quoting does not stop formulas); numbers
 * stay numbers.
 */
export async function* encodeCsv({ columns, batches }: QueryResult): AsyncGenerator<Uint8Array> {
  const line = (cells: readonly SqlValue[]) => `${cells.map(csvCell).join(',')}\r\n`;
  yield Buffer.from(line(columns.map(({ name }) => name)));
  for await (const batch of batches) yield Buffer.from(batch.map(line).join(''));
}

function csvCell(value: SqlValue): string {
  if (value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = inert(typeof value === 'string' ? value : JSON.stringify(value));
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What OWASP lists as the start of a formula, and whole numbers too large for a double, which are no formula. */
// oxlint-disable-next-line no-control-regex
const FORMULA = /^[=+\-@\t\r\u0000]/;
const WHOLE_NUMBER = /^-?\d+$/;

function inert(text: string): string {
  return FORMULA.test(text) && !WHOLE_NUMBER.test(text) ? `'${text}` : text;
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
