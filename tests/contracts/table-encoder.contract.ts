import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import type { TableEncoder, TableName } from '../../core/ports.ts';
import { curatedTurnSchema } from '../../schemas/curated-turn.ts';
import { weeklySummarySchema } from '../../schemas/weekly-summary.ts';
import { recordsOf, sampleRecords } from './sample-records.ts';

const SCHEMAS = { turns_curated: curatedTurnSchema, weekly_summary: weeklySummarySchema } as const;
const TABLES = Object.keys(SCHEMAS) as TableName[];

export function encodeRows(encoder: TableEncoder, table: TableName, rows: readonly object[]): Uint8Array {
  const file = encoder.open(table);
  file.append(rows);
  return file.finish();
}

/** Rows of a Parquet file as hyparquet, the dashboard's reader, sees them; 64-bit integers as numbers. */
export async function readParquet(bytes: Uint8Array): Promise<Record<string, unknown>[]> {
  const file = Uint8Array.from(bytes).buffer;
  const rows = await parquetReadObjects({
    file,
    compressors: { GZIP: (packed) => new Uint8Array(gunzipSync(packed)) },
  });
  return rows.map((row) => plain(row) as Record<string, unknown>);
}

/** Values as JSON has them: 64-bit integers as numbers, −0 as 0, objects of this realm. */
export function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? Number(one) : one)),
  ) as unknown;
}

/** The same without null fields, which hyparquet leaves out where they are structs. */
function withoutNulls(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(plain(value), (_, one: unknown) => (one === null ? undefined : one)),
  ) as unknown;
}

/** What every TableEncoder promises (core/ports.ts). */
export function tableEncoderContract(name: string, make: () => TableEncoder): void {
  describe(`${name} keeps the TableEncoder contract`, () => {
    it.each(TABLES)('gives back any %s rows: nulls, empty lists, structs, any text', async (table) => {
      const rows = fc.array(recordsOf(SCHEMAS[table] as typeof weeklySummarySchema), { maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(rows, async (records) => {
          const back = await readParquet(encodeRows(make(), table, records));
          expect(back.map(withoutNulls)).toEqual(records.map(withoutNulls));
        }),
        { numRuns: 40 },
      );
    });

    it.each(TABLES)('writes a readable %s file without rows', async (table) => {
      const bytes = make().open(table).finish();
      expect(await readParquet(bytes)).toEqual([]);
      const columns = parquetMetadata(Uint8Array.from(bytes).buffer).schema.map((element) => element.name);
      expect(columns).toEqual(expect.arrayContaining(Object.keys(SCHEMAS[table].shape)));
    });

    it('gives the same bytes for the same rows, however they were appended', () => {
      const rows = sampleRecords(curatedTurnSchema, 30);
      const whole = encodeRows(make(), 'turns_curated', rows);
      const file = make().open('turns_curated');
      for (const row of rows) file.append([row]);
      expect(Buffer.compare(file.finish(), whole)).toBe(0);
      const other = encodeRows(make(), 'turns_curated', rows.slice(1));
      expect(Buffer.compare(other, whole)).not.toBe(0);
    });

    it('keeps every row when there are more than fit one row group', async () => {
      const [row] = sampleRecords(weeklySummarySchema, 1);
      const rows = Array.from({ length: 6_000 }, (_, i) => ({ ...row, n_turns: i }));
      const bytes = encodeRows(make(), 'weekly_summary', rows);
      expect(parquetMetadata(Uint8Array.from(bytes).buffer).row_groups.length).toBeGreaterThan(1);
      const back = await readParquet(bytes);
      expect(back.map(({ n_turns }) => n_turns)).toEqual(rows.map(({ n_turns }) => n_turns));
    });

    it('lets rows of long texts go as row groups fill', () => {
      const [row] = sampleRecords(curatedTurnSchema, 1);
      const file = make().open('turns_curated');
      for (let i = 0; i < 100; i++)
        file.append([{ ...row, student: { ...row!.student, text: String(i).repeat(256_000) } }]);
      const groups = parquetMetadata(Uint8Array.from(file.finish()).buffer).row_groups;
      expect(groups.length).toBeGreaterThan(1);
    });

    it('leaves out what the table does not have', async () => {
      const [row] = sampleRecords(curatedTurnSchema, 1);
      const [back] = await readParquet(
        encodeRows(make(), 'turns_curated', [{ ...row, attempts: 3, latency_ms: 1.5 }]),
      );
      expect(withoutNulls(back)).toEqual(withoutNulls(row));
      expect(back).not.toHaveProperty('attempts');
    });

    it.each([
      ['nothing', { score: 1, rank: undefined, n_turns: undefined }, /weekly_summary\.n_turns/],
      [
        'text for a number',
        { coverage_frac: '1' },
        /weekly_summary\.coverage_frac: expected a number, got "1"/,
      ],
      ['half a count', { n_turns: 1.5 }, /weekly_summary\.n_turns: expected an integer, got 1\.5/],
      [
        'a list item of another shape',
        { survival_curve: [{ turn: 1 }] },
        /weekly_summary\.survival_curve\[\]\.survival/,
      ],
      ['null where nothing may be null', { model: null }, /weekly_summary\.model: expected text, got null/],
    ])('refuses %s, naming table and field', (_, change, message) => {
      const [row] = sampleRecords(weeklySummarySchema, 1);
      expect(() => encodeRows(make(), 'weekly_summary', [{ ...row, ...change }])).toThrow(message);
    });
  });
}
