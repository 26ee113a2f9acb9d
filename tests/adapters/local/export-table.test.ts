import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tableFromIPC } from 'apache-arrow';
import { exportTable, type ExportFormat } from '../../../adapters/local/export-table.ts';
import { openLakeDatabase, type LakeDatabase } from '../../../adapters/local/lake-database.ts';
import { sampleExecution, writeSampleLake } from '../../contracts/sample-lake.ts';

const NASTY = `SELECT * FROM (VALUES
  (1, -5, '=HYPERLINK("http://x")', 1.5e0, true, ['a', NULL], {'b': 1, 'c': 'x'}),
  (2, NULL, '+1', NULL, NULL, NULL, NULL),
  (3, 7, '-2+3', -0.5e0, false, [], {'b': NULL, 'c': '=1'}),
  (4, 0, '@SUM(A1)', 0e0, true, ['=x'], {'b': 2, 'c': NULL}),
  (5, 0, chr(9) || 'tab', 0e0, true, NULL, NULL),
  (6, 0, chr(13) || 'cr', 0e0, true, NULL, NULL),
  (7, 0, 'say "hi", you' || chr(10) || 'there', 0e0, true, NULL, NULL),
  (8, 0, '', 0e0, true, NULL, NULL),
  (9, 0, NULL, 0e0, true, NULL, NULL),
  (10, 0, '<img src=x onerror=alert(1)>' || chr(8232), 0e0, true, NULL, NULL),
  (11, 0, 'naïve 問', 0e0, true, NULL, NULL)
) AS t (id, n, text, x, flag, list, struct) ORDER BY id`;

let root: string;
let db: LakeDatabase;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'export-'));
  await writeSampleLake(root, [sampleExecution('one', '2026-W47')]);
  db = await openLakeDatabase(root);
});
afterAll(() => db.close());

async function bytesOf(format: ExportFormat, sql: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await exportTable(db, format, sql)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Rows of a file as DuckDB's own readers see them, through a fresh instance without our views. */
async function readBack(bytes: Buffer, ending: string, reader: string): Promise<unknown[][]> {
  const path = join(mkdtempSync(join(tmpdir(), 'export-')), `file.${ending}`);
  writeFileSync(path, bytes);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const result = await connection.runAndReadAll(`SELECT * FROM ${reader.replace('?', `'${path}'`)}`);
  const rows = result.getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

const numbers = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? Number(one) : one)),
  ) as unknown;

describe('an export as CSV', () => {
  it('is RFC 4180: CRLF, quotes doubled, null apart from empty text', async () => {
    const text = (await bytesOf('csv', NASTY)).toString();
    expect(text.startsWith('id,n,text,x,flag,list,struct\r\n')).toBe(true);
    expect(text).toContain('7,0,"say ""hi"", you\nthere",0,true,,\r\n');
    expect(text).toContain('8,0,"",0,true,,\r\n9,0,,0,true,,\r\n');
  });

  it('disarms whatever a spreadsheet would run, in text only', async () => {
    const rows = await readBack(
      await bytesOf('csv', NASTY),
      'csv',
      "read_csv(?, header = true, all_varchar = true, quote = '\"', escape = '\"', delim = ',', strict_mode = false)",
    );
    expect(rows.map((row) => row[2]).slice(0, 6)).toEqual([
      `'=HYPERLINK("http://x")`,
      "'+1",
      "'-2+3",
      "'@SUM(A1)",
      "'\ttab",
      "'\rcr",
    ]);
    expect(rows[0]![1]).toBe('-5');
    expect(rows[2]![3]).toBe('-0.5');
    for (const cell of rows.flat()) expect(String(cell)).not.toMatch(/^[=+@\t\r]/);
  });

  it('disarms column names too', async () => {
    const text = (await bytesOf('csv', `SELECT 1 AS "=cmd|' /C calc'!A0", 2 AS "a,b"`)).toString();
    expect(text.split('\r\n')[0]).toBe(`'=cmd|' /C calc'!A0,"a,b"`);
  });

  it('keeps numbers beyond a double as their digits', async () => {
    expect((await bytesOf('csv', 'SELECT -9007199254740993 AS n')).toString()).toBe(
      'n\r\n-9007199254740993\r\n',
    );
  });
});

describe.each([
  ['jsonl', 'jsonl', "read_json(?, format = 'newline_delimited')"],
  ['parquet', 'parquet', 'read_parquet(?)'],
] as const)('an export as %s', (format, ending, reader) => {
  it('reads back as the query found it', async () => {
    const rows = await readBack(await bytesOf(format, NASTY), ending, reader);
    expect(rows.map((row) => row[2])).toEqual([
      '=HYPERLINK("http://x")',
      '+1',
      '-2+3',
      '@SUM(A1)',
      '\ttab',
      '\rcr',
      'say "hi", you\nthere',
      '',
      null,
      '<img src=x onerror=alert(1)>\u2028',
      'naïve 問',
    ]);
    expect(rows.map((row) => row[5]).slice(0, 4)).toEqual([['a', null], null, [], ['=x']]);
    expect(rows.map((row) => row[1]).slice(0, 3)).toEqual([
      format === 'jsonl' ? '-5' : -5,
      null,
      format === 'jsonl' ? '7' : 7,
    ]);
  });

  it('holds a whole table', async () => {
    const rows = await readBack(await bytesOf(format, 'SELECT * FROM turns_curated'), ending, reader);
    expect(rows).toHaveLength(12);
  });
});

describe('an export as JSONL', () => {
  it('has one object a line and no bare line separator', async () => {
    const text = (await bytesOf('jsonl', NASTY)).toString();
    expect(text.trimEnd().split(/\r\n|[\n\r\u2028\u2029]/)).toHaveLength(11);
    expect(JSON.parse(text.split('\n')[0]!)).toEqual({
      id: 1,
      n: -5,
      text: '=HYPERLINK("http://x")',
      x: 1.5,
      flag: true,
      list: ['a', null],
      struct: { b: 1, c: 'x' },
    });
  });

  it('keeps both of two columns with one name', async () => {
    expect(
      Object.keys(JSON.parse((await bytesOf('jsonl', 'SELECT 1 AS a, 2 AS a')).toString()) as object),
    ).toHaveLength(2);
  });
});

describe('an export as Arrow', () => {
  it('reads back in apache-arrow with its types', async () => {
    const table = tableFromIPC(await bytesOf('arrow', NASTY));
    expect(table.schema.fields.map(({ type }) => String(type))).toEqual([
      'Int64',
      'Int64',
      'Utf8',
      'Float64',
      'Bool',
      'List<Utf8>',
      'Struct<{b:Int64, c:Utf8}>',
    ]);
    const rows = table.toArray().map(numbers) as Record<string, unknown>[];
    expect(rows[0]).toEqual({
      id: 1,
      n: -5,
      text: '=HYPERLINK("http://x")',
      x: 1.5,
      flag: true,
      list: ['a', null],
      struct: { b: 1, c: 'x' },
    });
    expect(rows[1]).toMatchObject({ n: null, list: null, struct: null, flag: null });
    expect(rows[2]).toMatchObject({ list: [], struct: { b: null, c: '=1' } });
  });

  it('holds a whole table, nested columns too', async () => {
    const table = tableFromIPC(await bytesOf('arrow', 'SELECT * FROM turns_curated'));
    expect(table.numRows).toBe(12);
    const empty = tableFromIPC(await bytesOf('arrow', 'SELECT * FROM turns_curated WHERE false'));
    expect([empty.numRows, empty.numCols]).toEqual([0, table.numCols]);
  });

  it('refuses a whole number that 64 bits cannot hold', async () => {
    await expect(
      bytesOf('arrow', 'SELECT 170141183460469231731687303715884105727 AS n'),
    ).rejects.toMatchObject({
      name: 'InvalidConfig',
      hint: expect.stringContaining('CAST(n AS'),
    });
  });
});

describe('every export', () => {
  it.each(['csv', 'parquet', 'arrow', 'jsonl'] as const)(
    '%s refuses what is no SELECT and leaves nothing behind',
    async (format) => {
      await expect(bytesOf(format, 'DROP VIEW turns')).rejects.toMatchObject({ name: 'InvalidConfig' });
      await bytesOf(format, 'SELECT 1 AS a');
      expect(readdirSync(join(root, '.local', 'tmp'))).toEqual([]);
    },
  );
});
