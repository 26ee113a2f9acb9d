import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tableFromIPC } from 'apache-arrow';
import { createFileStore } from '../../adapters/local/file-store.ts';
import { compareCommand } from '../../cli/commands/compare.ts';
import { exportCommand } from '../../cli/commands/export.ts';
import { queryCommand } from '../../cli/commands/query.ts';
import type { Context } from '../../cli/context.ts';
import type { CliError } from '../../cli/failure.ts';
import { sampleExecution, writeSampleLake } from '../contracts/sample-lake.ts';
import { listening } from './listening.ts';

const folder = mkdtempSync(join(tmpdir(), 'socratic-read-'));
const lake = join(folder, 'lake');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const reading = (change: Partial<Context> = {}) => listening({ lake, json: true }, change);

const planKey = (execution_id: string) => `manifests/any/plans/${execution_id}.jsonl`;

beforeAll(async () => {
  const ended = (week: string, hour: string) =>
    `${week === '2026-W47' ? '2026-11-16' : week === '2026-W48' ? '2026-11-23' : '2026-11-30'}T${hour}:00:00.000Z`;
  const execution = (id: string, week: string, series: string, hour: string) => {
    const sample = sampleExecution(id, week, { series, ended_at: ended(week, hour) });
    return { ...sample, execution: { ...sample.execution, plan_key: planKey(id) } };
  };
  const executions = [
    execution('mine-47', '2026-W47', 'mine', '05'),
    execution('other-47', '2026-W47', 'other', '06'),
    execution('quick-47', '2026-W47', 'quick', '07'),
    execution('quick-48', '2026-W48', 'quick', '05'),
    execution('mine-48', '2026-W48', 'mine', '06'),
    execution('quick-49', '2026-W49', 'quick', '04'),
    execution('alone-49', '2026-W49', 'alone', '05'),
  ];
  await writeSampleLake(lake, executions);
  // Plans without a row: what is asked here is which executions are read, not what is in them.
  const store = createFileStore(lake, 'process');
  for (const { execution: one } of executions) await store.putIfAbsent(planKey(one.execution_id), '');
});

describe('compare in a lake of several series', () => {
  const compared = async (a: string, b: string, series?: string): Promise<string[]> => {
    const { context, printed } = reading();
    expect(await compareCommand(a, b, series === undefined ? {} : { series }, context)).toBe(0);
    const { before, after } = JSON.parse(printed()) as { before: string; after: string };
    return [before, after];
  };
  const refusal = (a: string, b: string, series?: string): Promise<CliError> =>
    compared(a, b, series).then(
      (pair) => {
        throw new Error(`compared ${pair.join()}`);
      },
      (error: CliError) => error,
    );

  it("takes the series of the later week's execution on both sides, in either order", async () => {
    expect(await compared('2026-W47', '2026-W48')).toEqual(['mine-47', 'mine-48']);
    expect(await compared('2026-W48', '2026-W47')).toEqual(['mine-48', 'mine-47']);
  });

  it('takes the one named, and one that both have where the last run is of another', async () => {
    expect(await compared('2026-W47', '2026-W48', 'quick')).toEqual(['quick-47', 'quick-48']);
    expect(await compared('2026-W48', '2026-W49')).toEqual(['quick-48', 'quick-49']);
    expect(await compared('2026-W48', 'latest')).toEqual(['quick-48', 'quick-49']);
  });

  it('takes two execution ids as they are, and the series of one beside a week', async () => {
    expect(await compared('quick-47', 'mine-48')).toEqual(['quick-47', 'mine-48']);
    expect(await compared('quick-47', '2026-W48')).toEqual(['quick-47', 'quick-48']);
  });

  it('lists what each has where they share none', async () => {
    for (const error of [
      await refusal('other-47', '2026-W48'),
      await refusal('2026-W47', '2026-W48', 'other'),
    ]) {
      expect(error.kind).toBe('usage');
      expect(error.hint).toMatch(/has .*other.*; 2026-W48 has mine, quick;/);
    }
    expect((await refusal('other-47', '2026-W48')).message).toBe('other-47 and 2026-W48 share no series');
  });

  it('says in its table which series it compares', async () => {
    const { context, printed } = reading({ json: false });
    await compareCommand('2026-W47', '2026-W48', {}, context);
    expect(printed()).toContain('series mine, mine-47 → mine-48');
  });
});

describe('query', () => {
  it.each([
    ['SELECT * FROM turn', 'Did you mean "turns"?'],
    ['SELECT * FROM Weekly_Sumary', 'Did you mean "weekly_summary"?'],
  ])("suggests the lake's own table: %s", async (sql, suggestion) => {
    await expect(queryCommand(sql, {}, reading().context)).rejects.toThrow(suggestion);
  });

  it('suggests nothing where no table of the lake is near', async () => {
    const error = await queryCommand('SELECT * FROM pg_attrdeff', {}, reading().context).catch(
      (refused: Error) => refused,
    );
    expect((error as Error).message).toContain('pg_attrdeff does not exist');
    expect((error as Error).message).not.toContain('Did you mean');
  });
});

describe('export --out -', () => {
  it.each(['csv', 'arrow'] as const)('writes the %s on stdout and nothing else', async (format) => {
    const chunks: Buffer[] = [];
    const stdout = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        chunks.push(chunk);
        done();
      },
    });
    const { context, printed } = reading();
    const sql = 'SELECT DISTINCT series FROM runs ORDER BY series';
    expect(await exportCommand({ format, sql, out: '-' }, context, stdout)).toBe(0);
    const bytes = Buffer.concat(chunks);
    const series =
      format === 'arrow'
        ? [...tableFromIPC(bytes).getChild('series')!].map(String)
        : bytes.toString('utf8').trim().split(/\r?\n/).slice(1);
    expect(series).toEqual(['alone', 'mine', 'other', 'quick']);
    expect(printed()).toBe('');
    expect(existsSync('-')).toBe(false);
    expect(existsSync(join(lake, 'exports'))).toBe(false);
  });
});
