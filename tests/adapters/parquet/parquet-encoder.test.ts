import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from '@jest/globals';
import { parquetMetadata } from 'hyparquet';
import { createParquetEncoder } from '../../../adapters/parquet/parquet-encoder.ts';
import { curatedTurnSchema } from '../../../schemas/curated-turn.ts';
import { weeklySummarySchema } from '../../../schemas/weekly-summary.ts';
import { sampleRecords } from '../../contracts/sample-records.ts';
import { encodeRows, plain, tableEncoderContract } from '../../contracts/table-encoder.contract.ts';

tableEncoderContract('the Parquet encoder', createParquetEncoder);

/** Rows of a query over one Parquet file (`file`), as DuckDB, an independent reader, sees them. */
async function askDuckDb(bytes: Uint8Array, query: string): Promise<unknown[]> {
  const path = join(mkdtempSync(join(tmpdir(), 'parquet-')), 'table.parquet');
  writeFileSync(path, bytes);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`CREATE VIEW file AS SELECT * FROM read_parquet('${path}')`);
  const reader = await connection.runAndReadAll(query);
  const rows = reader.getRowsJson().map(([value]) => value);
  connection.closeSync();
  instance.closeSync();
  return rows;
}

describe('a Parquet file of ours', () => {
  it.each([
    ['turns_curated', curatedTurnSchema],
    ['weekly_summary', weeklySummarySchema],
  ] as const)('reads the same in DuckDB: %s', async (table, schema) => {
    const rows = sampleRecords(schema, 60);
    const json = await askDuckDb(
      encodeRows(createParquetEncoder(), table, rows),
      'SELECT to_json(file) FROM file',
    );
    expect(json.map((row) => JSON.parse(String(row)) as unknown)).toEqual(rows.map(plain));
  });

  it('keeps an empty list apart from null and from a list of one', async () => {
    const [row] = sampleRecords(curatedTurnSchema, 1);
    const judge = {
      ...sampleRecords(curatedTurnSchema, 40).find((one) => one.judge !== null)!.judge!,
      violations: [],
    };
    const rows = [
      { ...row, violations: [], judge: null },
      { ...row, violations: ['advice'], judge },
    ];
    const bytes = encodeRows(createParquetEncoder(), 'turns_curated', rows);
    expect(await askDuckDb(bytes, 'SELECT len(violations) FROM file')).toEqual(['0', '1']);
    expect(await askDuckDb(bytes, 'SELECT len(judge.violations) FROM file')).toEqual([null, '0']);
    expect(await askDuckDb(bytes, 'SELECT judge IS NULL FROM file')).toEqual([true, false]);
  });

  it('holds lists as LIST groups of three levels, which Trino needs', () => {
    const { schema } = parquetMetadata(
      Uint8Array.from(encodeRows(createParquetEncoder(), 'turns_curated', [])).buffer,
    );
    const at = schema.findIndex(({ name }) => name === 'violations');
    const lists = schema.flatMap((element, i) => (element.converted_type === 'LIST' ? [i] : []));
    expect(at).toBeGreaterThan(0);
    expect(lists.length).toBeGreaterThan(3);
    for (const i of lists) {
      expect(schema[i + 1]).toMatchObject({ name: 'list', repetition_type: 'REPEATED', num_children: 1 });
      expect(schema[i + 2]).toMatchObject({ name: 'element' });
    }
    expect(schema.filter(({ repetition_type }) => repetition_type === 'REPEATED')).toHaveLength(lists.length);
  });

  it('tells neither time nor host nor operating system', () => {
    const bytes = encodeRows(createParquetEncoder(), 'weekly_summary', sampleRecords(weeklySummarySchema, 3));
    const { created_by, key_value_metadata } = parquetMetadata(Uint8Array.from(bytes).buffer);
    expect(created_by).toBe('socratic-bench');
    expect(key_value_metadata ?? []).toEqual([]);
    const systems = new Set<number>();
    for (let i = bytes.indexOf(0x1f); i !== -1; i = bytes.indexOf(0x1f, i + 1))
      if (bytes[i + 1] === 0x8b && bytes[i + 2] === 8 && bytes[i + 3] === 0) systems.add(bytes[i + 9]!);
    expect([...systems]).toEqual([255]);
  });

  it('carries bounds by which a reader skips row groups', () => {
    const bytes = encodeRows(createParquetEncoder(), 'weekly_summary', sampleRecords(weeklySummarySchema, 9));
    const [group] = parquetMetadata(Uint8Array.from(bytes).buffer).row_groups;
    const model = group!.columns.find(({ meta_data }) => meta_data?.path_in_schema.join('.') === 'model');
    expect(model?.meta_data?.statistics?.min_value).toBeDefined();
  });
});
