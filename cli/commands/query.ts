import { join } from 'node:path';
import { openLakeDatabase } from '../../adapters/local/lake-database.ts';
import { unknownName } from '../../core/manifest/closest-name.ts';
import { readNamedQueries } from '../../glue/named-queries.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { isOnS3 } from '../host/aws-environment.ts';
import { openLake } from '../host/local-lake.ts';
import { packageRoot } from '../host/package-root.ts';
import { bytesText, fittedTableText, tableText } from '../view/table.ts';
import { printable } from '../view/wrap.ts';

const MAX_ROWS_SHOWN = 200;
const MAX_CELL_CHARS = 160;
const TABLES_HINT = '`socratic-bench query "SHOW TABLES"` lists the tables';

/** `query "<sql>"` or `query --name 03_violation_mix`: SQL over the lake, read-only. */
export async function queryCommand(
  sql: string | undefined,
  options: { name?: string; list?: boolean; target?: 'local' | 'aws' },
  context: Context,
): Promise<number> {
  if (options.list === true) return listQueries(context);
  const statement = statementOf(sql, options.name);
  if (options.target === 'aws' || isOnS3(context.lake)) return queryOnAws(statement, context);
  openLake(context);
  const database = await openLakeDatabase(context.lake);
  try {
    await print(await database.query(statement), context);
    return EXIT.ok;
  } finally {
    database.close();
  }
}

/** The same on Athena, in the deployment's workgroup, with what the query scanned and cost. */
async function queryOnAws(statement: string, context: Context): Promise<number> {
  const { queryAthena } = await import('../host/aws-query.ts');
  const { result, prices } = await queryAthena(statement, context);
  const { columns, rows, bytes_scanned, cost_usd, total_ms } = result;
  if (context.json) {
    const named = rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i] ?? null])));
    context.out(`${JSON.stringify({ columns, rows: named, bytes_scanned, cost_usd, total_ms })}\n`);
    return EXIT.ok;
  }
  const batches = async function* () {
    yield rows;
  };
  await print({ columns, batches: batches() }, context);
  context.err(
    context.colors.dim(
      `Athena: ${bytesText(bytes_scanned)} scanned in ${(total_ms / 1000).toFixed(1)} s, $${cost_usd.toFixed(6)} ($${prices.unit_prices.athena_usd_per_tb} a TB as of ${prices.prices_as_of}, at least 10 MB)\n`,
    ),
  );
  return EXIT.ok;
}

/** The SQL to run: given, or that of a saved query. Throws a usage error when both or neither are given. */
export function statementOf(sql: string | undefined, name: string | undefined): string {
  if ((sql === undefined) === (name === undefined))
    throw new CliError(
      'usage',
      'expected SQL or --name, one of both',
      '`socratic-bench query --list` names the saved queries',
    );
  if (sql?.trim() === '') throw new CliError('usage', 'expected SQL, got nothing', TABLES_HINT);
  if (sql !== undefined) return sql;
  const saved = readNamedQueries(join(packageRoot(), 'glue', 'queries'));
  const query = saved.find((candidate) => candidate.name === name);
  if (query === undefined)
    throw new CliError(
      'usage',
      unknownName(
        'query',
        name!,
        saved.map((candidate) => candidate.name),
      ),
    );
  return query.sql;
}

function listQueries(context: Context): number {
  const saved = readNamedQueries(join(packageRoot(), 'glue', 'queries'));
  context.out(
    context.json
      ? `${JSON.stringify({ queries: saved.map(({ sql: _sql, ...query }) => query) })}\n`
      : tableText(
          [{ title: 'name' }, { title: 'question' }],
          saved.map((query) => [query.name, query.question]),
          context.colors,
        ),
  );
  return EXIT.ok;
}

async function print(
  result: { columns: readonly { name: string }[]; batches: AsyncIterable<unknown[][]> },
  context: Context,
): Promise<void> {
  const names = result.columns.map((column) => column.name);
  if (context.json) {
    const rows: Record<string, unknown>[] = [];
    for await (const batch of result.batches)
      for (const row of batch) rows.push(Object.fromEntries(names.map((name, index) => [name, row[index]])));
    context.out(`${JSON.stringify({ columns: result.columns, rows })}\n`);
    return;
  }
  const shown: string[][] = [];
  let count = 0;
  const isNumeric = names.map(() => true);
  for await (const batch of result.batches) {
    for (const row of batch) {
      count += 1;
      if (shown.length >= MAX_ROWS_SHOWN) continue;
      row.forEach((value, index) => {
        if (value !== null && typeof value !== 'number' && typeof value !== 'bigint')
          isNumeric[index] = false;
      });
      shown.push(row.map(cell));
    }
  }
  context.out(
    fittedTableText(
      names.map((title, index) => ({
        title,
        align: isNumeric[index] === true ? ('right' as const) : ('left' as const),
      })),
      shown,
      context.colors,
      context.outColumns,
    ),
  );
  context.err(
    context.colors.dim(
      `${count} row${count === 1 ? '' : 's'}${count > shown.length ? `, the first ${shown.length} shown; --json or export gives all` : ''}\n`,
    ),
  );
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number')
    return Number.isInteger(value) ? String(value) : String(Math.round(value * 1e4) / 1e4);
  const text = printable(typeof value === 'object' ? JSON.stringify(value) : String(value)).replaceAll(
    '\n',
    ' ',
  );
  return text.length > MAX_CELL_CHARS ? `${text.slice(0, MAX_CELL_CHARS - 1)}…` : text;
}
