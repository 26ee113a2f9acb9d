import { existsSync, mkdirSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportTable, type ExportFormat } from '../../adapters/local/export-table.ts';
import { openLakeDatabase } from '../../adapters/local/lake-database.ts';
import { unknownName } from '../../core/manifest/closest-name.ts';
import { sha256Hex } from '../../core/identity/hash.ts';
import { LAKE_TABLES } from '../../schemas/lake-tables.ts';
import { EXIT, PREFIX } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { openLake } from '../host/local-lake.ts';
import { bytesText } from '../view/table.ts';
import { statementOf } from './query.ts';

export interface ExportOptions {
  format: ExportFormat;
  table?: string;
  name?: string;
  sql?: string;
  out?: string;
}

/** `export --format csv|parquet|arrow|jsonl`: a table, a saved query or SQL as a file, by default below exports/ of the lake, or (`--out -`) on stdout. */
export async function exportCommand(
  options: ExportOptions,
  context: Context,
  stdout: Writable = process.stdout,
): Promise<number> {
  openLake(context);
  if (!existsSync(context.lake))
    throw new CliError(
      'usage',
      `--lake ${context.lake}: there is no such folder`,
      '`socratic-bench run` makes a lake',
    );
  const sql = sqlOf(options);
  const database = await openLakeDatabase(context.lake);
  try {
    const chunks = await exportTable(database, options.format, sql);
    if (options.out === '-') {
      // Nothing but the file: what --json would say has no place beside it.
      await pipeline(Readable.from(chunks), stdout, { end: false });
      return EXIT.ok;
    }
    const path = options.out ?? freePath(join(context.lake, PREFIX.exports), options, sql);
    const bytes = await write(path, chunks);
    context.out(
      context.json
        ? `${JSON.stringify({ path, bytes, format: options.format })}\n`
        : `${path} (${bytesText(bytes)})\n`,
    );
    return EXIT.ok;
  } finally {
    database.close();
  }
}

function sqlOf({ table, name, sql }: ExportOptions): string {
  if ([table, name, sql].filter((given) => given !== undefined).length > 1)
    throw new CliError('usage', 'expected one of --table, --name and --sql');
  if (name !== undefined || sql !== undefined) return statementOf(sql, name);
  const wanted = table ?? 'weekly_summary';
  const known = Object.keys(LAKE_TABLES);
  if (!known.includes(wanted)) throw new CliError('usage', unknownName('table', wanted, known));
  return `SELECT * FROM ${wanted}`;
}

/** `<date>_<what>-<hash of the SQL>.<ending>`; the second of a day ends `-2`, so that none replaces another. */
function freePath(folder: string, options: ExportOptions, sql: string): string {
  const what = options.table ?? options.name ?? (options.sql === undefined ? 'weekly_summary' : 'query');
  const export_id = `${what}-${sha256Hex(sql).slice(0, 8)}`;
  const day = new Date().toISOString().slice(0, 10);
  for (let n = 1; ; n += 1) {
    const path = join(folder, `${day}_${export_id}${n === 1 ? '' : `-${n}`}.${options.format}`);
    if (!existsSync(path)) return path;
  }
}

/** A file that exists is refused; a failed export leaves none. */
async function write(path: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  mkdirSync(dirname(path), { recursive: true });
  const file = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
    throw new CliError(
      'usage',
      `${path}: ${error.code === 'EEXIST' ? 'the file exists already' : (error.code ?? error.message)}`,
      'name another with --out',
    );
  });
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      await file.write(chunk);
      bytes += chunk.length;
    }
  } catch (error) {
    await rm(path);
    throw error;
  } finally {
    await file.close();
  }
  return bytes;
}
