import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SqlValue } from '../../../adapters/local/duckdb-values.ts';
import {
  openLakeDatabase,
  type LakeDatabase,
  type QueryParameter,
} from '../../../adapters/local/lake-database.ts';
import { lakeKeys } from '../../../core/identity/lake-keys.ts';
import { LAKE_TABLES } from '../../../schemas/lake-tables.ts';
import { curatedRows, sampleExecution, writeSampleLake } from '../../contracts/sample-lake.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'sql-'));

async function ask(
  db: LakeDatabase,
  sql: string,
  parameters: readonly QueryParameter[] = [],
): Promise<Record<string, SqlValue>[]> {
  const { columns, batches } = await db.query(sql, parameters);
  const rows: Record<string, SqlValue>[] = [];
  for await (const batch of batches)
    for (const row of batch) rows.push(Object.fromEntries(columns.map(({ name }, i) => [name, row[i]!])));
  return rows;
}

/** As JSON has it, −0 as 0. */
const json = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
const pick = <T extends object>(record: T, names: (keyof T)[]) =>
  Object.fromEntries(names.map((name) => [name, record[name]]));
const tableNames = Object.keys(LAKE_TABLES) as (keyof typeof LAKE_TABLES)[];

describe('SQL over an empty lake', () => {
  let db: LakeDatabase;
  beforeAll(async () => {
    db = await openLakeDatabase(newFolder());
  });
  afterAll(() => db.close());

  it.each([...tableNames, 'official_executions'])(
    'has the table %s, with its columns and no rows',
    async (name) => {
      const { columns, batches } = await db.query(`SELECT * FROM ${name}`);
      for await (const batch of batches) expect(batch).toEqual([]);
      const table =
        LAKE_TABLES[name === 'official_executions' ? 'executions' : (name as keyof typeof LAKE_TABLES)];
      expect(columns.map((column) => column.name)).toEqual(Object.keys(table.schema.shape));
    },
  );

  it('lists its tables and describes them', async () => {
    const tables = await ask(db, 'SHOW TABLES');
    expect(tables.map(({ name }) => name)).toEqual([...tableNames, 'official_executions'].sort());
    const columns = await ask(db, 'DESCRIBE turns');
    expect(columns.find(({ column_name }) => column_name === 'violations')?.['column_type']).toBe(
      'VARCHAR[]',
    );
  });

  it('gives whole numbers, decimals, dates, lists and structs as JSON has them', async () => {
    const [row] = await ask(
      db,
      `SELECT 1 AS small, 9007199254740993 AS large, 1.50 AS decimal, CAST(0.1 AS DOUBLE) AS double, NULL AS nothing,
        DATE '2026-11-16' AS day, TIMESTAMP '2026-11-16 03:00:00' AS moment, [1, NULL] AS list,
        {'a': 1, 'b': [{'c': 'x'}]} AS struct, 'text' AS text, true AS flag, sum(x) AS total FROM range(3) AS t (x)`,
    );
    expect(row).toEqual({
      small: 1,
      large: '9007199254740993',
      decimal: 1.5,
      double: 0.1,
      nothing: null,
      day: '2026-11-16',
      moment: '2026-11-16 03:00:00',
      list: [1, null],
      struct: { a: 1, b: [{ c: 'x' }] },
      text: 'text',
      flag: true,
      total: 3,
    });
  });

  it('streams: the first rows of a billion come at once', async () => {
    const { batches } = await db.query('SELECT x FROM range(1000000000) AS t (x)');
    for await (const batch of batches) {
      expect(batch[0]).toEqual([0]);
      break;
    }
  });

  it('binds parameters and never mixes them into the text', async () => {
    expect(await ask(db, 'SELECT ? AS a, ? AS b, ? AS c', ["x' OR 1=1 --", 2, null])).toEqual([
      { a: "x' OR 1=1 --", b: 2, c: null },
    ]);
    await expect(db.query('SELECT ?', [])).rejects.toThrow('expected 1 parameters, got 0');
  });

  it.each([
    ["SELECT regexp_like('abc', 'b.')", true],
    ["SELECT CAST(from_iso8601_timestamp('2026-11-16T03:00:00Z') AS VARCHAR)", '2026-11-16 03:00:00+00'],
    ["SELECT CAST(from_iso8601_date('2026-11-16') AS VARCHAR)", '2026-11-16'],
    ['SELECT approx_percentile(x, 0.5) FROM range(101) AS t (x)', 50],
    ['SELECT approx_distinct(x) FROM (VALUES (1), (1), (2)) AS t (x)', 2],
    [`SELECT json_extract_scalar('{"a":{"b":"c"}}', '$.a.b')`, 'c'],
    ['SELECT cardinality(sequence(1, 3))', 3],
    ['SELECT element_at(sequence(4, 6), 2)', 5],
    ['SELECT element_at(sequence(4, 6), 9)', null],
    ["SELECT element_at(map_agg(k, v), 'b') FROM (VALUES ('a', 1), ('b', 2)) AS t (k, v)", 2],
    ["SELECT CAST(date_add('day', 7, DATE '2026-11-16') AS VARCHAR)", '2026-11-23 00:00:00'],
    ["SELECT date_diff('day', DATE '2026-11-16', DATE '2026-11-23')", 7],
    ["SELECT date_format(DATE '2026-11-16', '%Y-%m')", '2026-11'],
    ["SELECT year_of_week(DATE '2027-01-01') * 100 + week_of_year(DATE '2027-01-01')", 202653],
    ["SELECT to_iso8601(TIMESTAMP '2026-11-16 03:00:00')", '2026-11-16T03:00:00.000Z'],
    ["SELECT array_join(split('a,b', ','), '-')", 'a-b'],
    ['SELECT every(x > 0) FROM (VALUES (1), (2)) AS t (x)', true],
    ['SELECT count_if(x > 1) FROM (VALUES (1), (2)) AS t (x)', 1],
    ['SELECT max_by(x, -x) FROM (VALUES (1), (2)) AS t (x)', 1],
    ["SELECT try_cast('x' AS INTEGER)", null],
    ['SELECT 7 / 2', 3],
    ['SELECT 7e0 / 2', 3.5],
    [
      'SELECT sum(v * o) FROM (SELECT sequence(5, 6) AS l) AS s CROSS JOIN UNNEST(s.l) WITH ORDINALITY AS t (v, o)',
      17,
    ],
  ])("answers Trino's %s", async (sql, expected) => {
    const [row] = await ask(db, sql);
    expect(Object.values(row!)).toEqual([expected]);
  });
});

describe('SQL may only read, and only the lake', () => {
  const root = newFolder();
  const outside = newFolder();
  let db: LakeDatabase;
  beforeAll(async () => {
    mkdirSync(join(root, 'exports'));
    writeFileSync(join(outside, 'secret.csv'), 'key\nvalue\n');
    db = await openLakeDatabase(root);
  });
  afterAll(() => db.close());

  it.each([
    "COPY (SELECT 1) TO '{lake}/exports/x.csv'",
    "COPY (SELECT 1) TO '{outside}/x.csv'",
    "EXPORT DATABASE '{lake}/exports'",
    "ATTACH '{lake}/exports/x.db'",
    "ATTACH ':memory:' AS other",
    'CREATE TABLE t (x INTEGER)',
    'CREATE OR REPLACE VIEW turns AS SELECT 1',
    'DROP VIEW IF EXISTS turns',
    'INSERT INTO turns SELECT 1',
    'INSTALL httpfs',
    'LOAD httpfs',
    'SET enable_external_access = true',
    "SET allowed_directories = ['/']",
    'RESET lock_configuration',
    'PRAGMA enable_profiling',
    "CALL query('SELECT 1')",
    'CHECKPOINT',
    'SELECT 1; SELECT 2',
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{lake}/exports/x.csv'",
    "SELECT * FROM read_csv('{outside}/secret.csv')",
    "SELECT * FROM read_text('{lake}/../../etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM '{outside}/secret.csv'",
    "SELECT * FROM glob('{outside}/*')",
    "SELECT * FROM read_csv('https://example.com/x.csv')",
    "SELECT * FROM sniff_csv('{outside}/secret.csv')",
    "SELECT * FROM query('COPY (SELECT 1) TO ''{lake}/exports/x.csv''')",
    'SELECT nothing FROM nowhere',
    'not SQL at all',
    '',
  ])('refuses %s', async (sql) => {
    const text = sql.replaceAll('{lake}', root).replaceAll('{outside}', outside);
    await expect(ask(db, text)).rejects.toMatchObject({
      name: 'InvalidConfig',
      hint: expect.stringContaining('turns'),
    });
    expect(readdirSync(join(root, 'exports'))).toEqual([]);
    expect(readdirSync(outside)).toEqual(['secret.csv']);
  });
});

describe('SQL over a lake with executions', () => {
  const root = join(newFolder(), "o'dd [lake] *?");
  const late = sampleExecution('late', '2026-W47', { ended_at: '2026-11-16T08:00:00Z' });
  const early = sampleExecution('early', '2026-W47', { ended_at: '2026-11-16T07:59:59.999Z' });
  const other = sampleExecution('other', '2026-W48');
  const running = sampleExecution('running', '2026-W48', { state: 'running', ended_at: null });
  const all = [late, early, other, running];
  let db: LakeDatabase;
  beforeAll(async () => {
    await writeSampleLake(root, all);
    db = await openLakeDatabase(root);
  });
  afterAll(() => db.close());

  const expected = {
    turns: all.flatMap((one) => one.turns),
    runs: all.flatMap((one) => one.runs),
    turns_curated: all.flatMap(curatedRows),
    weekly_summary: all.flatMap((one) => one.weekly),
    canary_items: all.flatMap((one) => one.canary),
    ledger: all.flatMap((one) => one.ledger),
  };

  it.each(Object.keys(expected) as (keyof typeof expected)[])(
    'gives back every record of %s',
    async (table) => {
      const rows = await ask(db, `SELECT * FROM ${table}`);
      const sorted = (records: readonly unknown[]) => records.map((record) => JSON.stringify(record)).sort();
      const columns = Object.keys(LAKE_TABLES[table].schema.shape);
      const records = expected[table].map((record) =>
        Object.fromEntries(columns.map((name) => [name, (record as Record<string, unknown>)[name]])),
      );
      expect(sorted(rows.map(json))).toEqual(sorted(records.map(json)));
    },
  );

  it('counts rows of every table', async () => {
    for (const [table, count] of [
      ['raw_turns', 48],
      ['alerts', 4],
      ['audit', 4],
      ['executions', 4],
    ] as const)
      expect(await ask(db, `SELECT count(*) AS n FROM ${table}`)).toEqual([{ n: count }]);
  });

  it('knows the official execution of a week: the last that finished', async () => {
    expect(await ask(db, 'SELECT week, execution_id FROM official_executions ORDER BY week')).toEqual([
      { week: '2026-W47', execution_id: 'late' },
      { week: '2026-W48', execution_id: 'other' },
    ]);
  });

  it('takes partitions from the folders', async () => {
    const rows = await ask(db, 'SELECT DISTINCT dt, model, phase FROM turns WHERE dt = ? AND model = ?', [
      late.execution.dt,
      'drifter',
    ]);
    expect(rows).toHaveLength(2);
  });

  it('sees what was written after it was opened, first files too', async () => {
    const empty = newFolder();
    const fresh = await openLakeDatabase(empty);
    expect(await ask(fresh, 'SELECT count(*) AS n FROM runs')).toEqual([{ n: 0 }]);
    await writeSampleLake(empty, [late]);
    expect(await ask(fresh, 'SELECT count(*) AS n FROM runs')).toEqual([{ n: 4 }]);
    await writeSampleLake(empty, [other]);
    expect(await ask(fresh, 'SELECT count(*) AS n FROM runs')).toEqual([{ n: 8 }]);
    rmSync(join(empty, 'scores'), { recursive: true });
    expect(await ask(fresh, 'SELECT count(*) AS n FROM runs')).toEqual([{ n: 0 }]);
    fresh.close();
  });

  it('reads records of other versions: unknown fields are left out, missing ones null', async () => {
    const lake = newFolder();
    await writeSampleLake(lake, [late]);
    const [run] = late.runs;
    writeFileSync(
      join(lake, lakeKeys.score(run!.dt, run!.run_id)),
      `${JSON.stringify({ run_id: run!.run_id, new_field: { a: 1 }, csd_subscores: { cr: 0.5, zz: 1 } })}\n`,
    );
    const old = await openLakeDatabase(lake);
    const rows = await ask(old, 'SELECT run_id, series, csd_subscores FROM runs WHERE run_id = ?', [
      run!.run_id,
    ]);
    expect(rows).toMatchObject([{ run_id: run!.run_id, series: null, csd_subscores: { cr: 0.5, st: null } }]);
    old.close();
  });

  it('reads Parquet files of other versions beside those of this one', async () => {
    const lake = newFolder();
    await writeSampleLake(lake, [late]);
    const db = await openLakeDatabase(lake);
    const sql = 'SELECT execution_id, rank, csd_subscores FROM weekly_summary ORDER BY execution_id LIMIT 1';
    const [now] = await ask(db, sql);
    expect(now).toEqual(json({ ...pick(late.weekly[0]!, ['execution_id', 'rank', 'csd_subscores']) }));
    const old = `SELECT 'early' AS execution_id, 'm' AS model, {'cr': 0.5::DOUBLE} AS csd_subscores, 1 AS dropped_column`;
    const path = await db.copyToParquet(old, []);
    mkdirSync(join(lake, 'curated/weekly_summary/week=2026-W01'));
    renameSync(path, join(lake, 'curated/weekly_summary/week=2026-W01/early.parquet'));
    const [then] = await ask(db, sql);
    expect(then).toEqual({
      execution_id: 'early',
      rank: null,
      csd_subscores: { cr: 0.5, st: null, rhd: null, ap: null, nvt: null, tc: null, ch: null, ma: null },
    });
    expect(await ask(db, "SELECT count(*) AS n FROM weekly_summary WHERE week = '2026-W01'")).toEqual([
      { n: 1 },
    ]);
    expect(await ask(db, 'SELECT count(*) AS n FROM weekly_summary')).toEqual([{ n: 5 }]);
    db.close();
  });

  it('names the file of a torn line instead of leaving it out', async () => {
    const lake = newFolder();
    await writeSampleLake(lake, [late]);
    appendFileSync(join(lake, lakeKeys.ledger('2026-W47', 'late')), '{"execution_id":"la');
    const torn = await openLakeDatabase(lake);
    await expect(ask(torn, 'SELECT * FROM ledger')).rejects.toThrow('late.jsonl');
    torn.close();
  });

  it('copies a result into a Parquet file of its local state', async () => {
    const path = await db.copyToParquet('SELECT run_id, csd FROM runs WHERE model = ? -- all;', ['drifter']);
    expect(path).toContain('.local');
    expect(readFileSync(path).subarray(0, 4).toString()).toBe('PAR1');
    const before = readdirSync(join(path, '..'));
    await expect(db.copyToParquet('DROP VIEW runs', [])).rejects.toThrow('read-only');
    expect(readdirSync(join(path, '..'))).toEqual(before);
  });

  it('answers several questions at once', async () => {
    const counts = await Promise.all(
      [1, 2, 3, 4].map((n) => ask(db, `SELECT count(*) + ${n} AS n FROM turns`)),
    );
    expect(counts.map(([row]) => row!['n'])).toEqual([49, 50, 51, 52]);
  });
});
