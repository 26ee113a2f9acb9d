import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLakeDatabase, type LakeDatabase } from '../../adapters/local/lake-database.ts';
import { readNamedQueries } from '../../glue/named-queries.ts';
import { glueTables, type GlueTable } from '../../glue/table-definitions.ts';
import { root, run } from './python-tool.ts';
import { table, writeSection } from './report.ts';
import { startTrino, TRINO_VERSION, type Trino } from './trino-server.ts';

const FIRST_WEEK = '2026-W46';
const SECOND_WEEK = '2026-W47';

/**
 * The Glue tables as Trino tables over a lake made here, every table counted and every saved query run on both engines. Trino
 * is what Athena's engine version 3 is made of.
 */
export async function trino(): Promise<number> {
  const lake = mkdtempSync(join(tmpdir(), 'socratic-trino-lake-'));
  try {
    for (const week of [FIRST_WEEK, SECOND_WEEK])
      run('nice', [
        '-n',
        '10',
        process.execPath,
        join(root, 'dist', 'cli', 'main.js'),
        'run',
        '--profile',
        'quick',
        '--week',
        week,
        '--quiet',
        '--lake',
        lake,
      ]);
    const server = await startTrino();
    const database = await openLakeDatabase(lake);
    try {
      return await compare(server, database, lake);
    } finally {
      database.close();
      server.stop();
    }
  } finally {
    rmSync(lake, { recursive: true, force: true });
  }
}

async function compare(server: Trino, database: LakeDatabase, lake: string): Promise<number> {
  const rows: string[][] = [];
  await server.query('CREATE SCHEMA hive.socratic_bench');
  const models = [...new Set((await column(database, 'SELECT DISTINCT model FROM runs')).map(String))];
  const tables = glueTables({
    lakeUrl: `file://${lake}`,
    models: models.sort(),
    weeks: [FIRST_WEEK, SECOND_WEEK, '2026-W48'],
    firstDate: '2026-11-01',
  });
  for (const one of tables)
    rows.push(await attempt(`table ${one.name}`, () => checkTable(server, database, one)));
  for (const query of readNamedQueries(join(root, 'glue', 'queries')))
    rows.push(await attempt(`query ${query.name}`, () => checkQuery(server, database, query.sql)));
  const text = table(['what', 'result', 'detail'], rows);
  writeSection(
    'trino',
    `## Trino ${TRINO_VERSION}, Hive connector\n\nThe tables of \`glue/\` with their partition projection and SerDes over a lake of two simulated weeks (profile quick), and the saved queries, run as they are on Trino and on DuckDB; equal: the same rows in the same order, numbers to 9 digits.\n\n${text}\n\nNot shown: S3 and the Glue catalogue (the metastore is a folder, the lake \`file://\`), Athena's own limits, workgroup settings. ${TRINO_VERSION} is the newest Trino on Java 17. A partition whose folder is missing is no error in either.`,
  );
  console.log(text);
  return rows.every(([, result]) => result === 'equal') ? 0 : 1;
}

/** Why a result differs, where that is understood. */
const KNOWN: Readonly<Record<string, string>> = {
  'table canary_items':
    'Trino, like Athena, reads the summary file beside the items as one row without an item; DuckDB takes *.jsonl alone',
  'query 05_salience_recall': 'approx_percentile of a few values is another neighbour in each engine',
};

async function attempt(what: string, check: () => Promise<[string, string]>): Promise<string[]> {
  try {
    const [result, detail] = await check();
    const why = result === 'different' ? KNOWN[what] : undefined;
    return [what, result, why === undefined ? detail : `${why}: ${detail}`];
  } catch (error) {
    return [what, 'refused', (error as Error).message.slice(0, 300)];
  }
}

async function checkTable(server: Trino, database: LakeDatabase, one: GlueTable): Promise<[string, string]> {
  await server.query(createTable(one));
  const columns = [...one.columns, ...one.partitionKeys].map(({ name }) => name);
  // Beside an execution's record lie its summary and seal, which have no state: DuckDB reads the record alone.
  const where = one.name === 'executions' ? ' WHERE state IS NOT NULL' : '';
  // Counting every column reads every column of every row.
  const sql = `SELECT count(*) AS n, ${columns.map((name) => `count("${name}") AS "n_${name}"`).join(', ')} FROM ${one.name}${where}`;
  const [here, there] = [await local(database, sql), (await server.query(sql)).rows];
  return isEqual(here, there)
    ? [
        'equal',
        `${one.parameters['classification']}, ${columns.length} columns, ${String(there[0]![0])} rows`,
      ]
    : ['different', `DuckDB ${JSON.stringify(here)}, Trino ${JSON.stringify(there)}`];
}

async function checkQuery(server: Trino, database: LakeDatabase, sql: string): Promise<[string, string]> {
  const [here, there] = [await local(database, sql), (await server.query(sql.trim().replace(/;$/, ''))).rows];
  if (isEqual(here, there)) return ['equal', `${there.length} rows`];
  const at = here.findIndex((row, i) => !isEqual([row], [there[i] ?? []]));
  return [
    'different',
    `${here.length} and ${there.length} rows; row ${at + 1}: DuckDB ${JSON.stringify(here[at])}, Trino ${JSON.stringify(there[at])}`.slice(
      0,
      600,
    ),
  ];
}

async function local(database: LakeDatabase, sql: string): Promise<unknown[][]> {
  const { batches } = await database.query(sql);
  const rows: unknown[][] = [];
  for await (const batch of batches) rows.push(...batch);
  return rows;
}

async function column(database: LakeDatabase, sql: string): Promise<unknown[]> {
  return (await local(database, sql)).map(([value]) => value);
}

/** Same rows in the same order; numbers to nine digits, since sums add up in another order. */
function isEqual(a: readonly unknown[][], b: readonly unknown[][]): boolean {
  return JSON.stringify(a, plain) === JSON.stringify(b, plain);
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return Number(value.toPrecision(9));
  // Structs come as objects from one engine and as rows from the other.
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.values(value);
  return value;
}

/** A Glue table in Trino's words: the same columns, folder, format and projection. */
function createTable(one: GlueTable): string {
  const { parameters, partitionKeys } = one;
  const columns = one.columns.map(({ name, type }) => `"${name}" ${trinoType(type)}`);
  const partitions = partitionKeys.map(
    ({ name, type }) => `"${name}" ${trinoType(type)} WITH (${projectionOf(name, parameters)})`,
  );
  const properties = [
    `external_location = '${one.location}'`,
    `format = '${one.parameters['classification'] === 'parquet' ? 'PARQUET' : 'JSON'}'`,
    ...(partitionKeys.length === 0
      ? []
      : [
          `partitioned_by = ARRAY[${partitionKeys.map(({ name }) => `'${name}'`).join(', ')}]`,
          'partition_projection_enabled = true',
          `partition_projection_location_template = '${parameters['storage.location.template']}'`,
        ]),
  ];
  return `CREATE TABLE ${one.name} (${[...columns, ...partitions].join(', ')}) WITH (${properties.join(', ')})`;
}

function projectionOf(key: string, parameters: Record<string, string>): string {
  const value = (name: string) => parameters[`projection.${key}.${name}`]!;
  const list = (text: string) =>
    `ARRAY[${text
      .split(',')
      .map((item) => `'${item}'`)
      .join(', ')}]`;
  if (value('type') === 'enum')
    return `partition_projection_type = 'ENUM', partition_projection_values = ${list(value('values'))}`;
  return `partition_projection_type = 'DATE', partition_projection_range = ${list(value('range'))}, partition_projection_format = '${value('format')}', partition_projection_interval = ${value('interval')}, partition_projection_interval_unit = '${value('interval.unit')}'`;
}

/** A Hive type in Trino's words: array<string> → array(varchar), struct<a:double> → row("a" double). */
export function trinoType(hive: string): string {
  const list = /^array<(.*)>$/.exec(hive)?.[1];
  if (list !== undefined) return `array(${trinoType(list)})`;
  const struct = /^struct<(.*)>$/.exec(hive)?.[1];
  if (struct === undefined) return hive === 'string' ? 'varchar' : hive;
  const fields: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= struct.length; at += 1) {
    const sign = struct[at];
    if (sign === '<') depth += 1;
    if (sign === '>') depth -= 1;
    if (depth > 0 || (sign !== ',' && sign !== undefined)) continue;
    const field = struct.slice(from, at);
    const colon = field.indexOf(':');
    fields.push(`"${field.slice(0, colon)}" ${trinoType(field.slice(colon + 1))}`);
    from = at + 1;
  }
  return `row(${fields.join(', ')})`;
}
