/** Times the half-life trend of a lake through the product, and typed into DuckDB. */
import { DuckDBInstance } from '@duckdb/node-api';
import { openLakeDatabase, type LakeDatabase } from '../../../adapters/local/lake-database.ts';
import { median } from '../bench.ts';

export interface SqlRequest {
  lake: string;
  /** The query, with the table named by `table`. */
  sql: string;
  table: string;
  /** What a person would type for that table. */
  typed: string;
}

export interface SqlReport {
  rows: number;
  /** Opening the lake, one query, every row read. */
  first_ms: number;
  /** Each later one. */
  product_ms: number;
  typed_ms: number;
}

const MEASURED = 15;
const { lake, sql, table, typed } = JSON.parse(process.argv[2]!) as SqlRequest;

async function rowsOf(database: LakeDatabase): Promise<number> {
  let rows = 0;
  for await (const batch of (await database.query(sql)).batches) rows += batch.length;
  return rows;
}

async function medianMs(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < MEASURED; i += 1) {
    const startMs = performance.now();
    await work();
    times.push(performance.now() - startMs);
  }
  return median(times);
}

const startMs = performance.now();
const database = await openLakeDatabase(lake);
const rows = await rowsOf(database);
const first_ms = performance.now() - startMs;

const connection = await (await DuckDBInstance.create(':memory:')).connect();
const typedSql = sql.replaceAll(new RegExp(`\\b${table}\\b`, 'g'), () => typed);
await connection.runAndReadAll(typedSql);
const report: SqlReport = {
  rows,
  first_ms,
  product_ms: await medianMs(() => rowsOf(database)),
  typed_ms: await medianMs(async () => (await connection.runAndReadAll(typedSql)).getRows()),
};
database.close();
console.log(JSON.stringify(report));
