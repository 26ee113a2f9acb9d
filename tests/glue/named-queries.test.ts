import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SqlValue } from '../../adapters/local/duckdb-values.ts';
import { openLakeDatabase, type LakeDatabase } from '../../adapters/local/lake-database.ts';
import { parseNamedQuery, readNamedQueries, type NamedQuery } from '../../glue/named-queries.ts';
import { sampleExecution, writeSampleLake } from '../contracts/sample-lake.ts';

type Row = Record<string, SqlValue>;

const queries = readNamedQueries(join(import.meta.dirname, '../../glue/queries'));

describe('the named queries', () => {
  it('are the ten that the dashboard, the workgroup and the command line name', () => {
    expect(queries.map(({ name }) => name)).toEqual([
      '01_half_life_trend',
      '02_survival_points',
      '03_violation_mix',
      '04_csd_by_model',
      '05_salience_recall',
      '06_cost_by_model',
      '07_judge_disagreement',
      '08_canary_drift',
      '09_worst_runs',
      '10_compare_two_weeks',
    ]);
  });

  it.each(queries)(
    '$name says what it asks, what a row is and what it reads',
    ({ question, grain, cost, sql }) => {
      expect(question).toMatch(/\?$/);
      expect(grain.length).toBeGreaterThan(10);
      expect(cost).toMatch(/\d/);
      // Athena refuses saved queries that are longer (API reference, NamedQuery.QueryString).
      expect(sql.length).toBeLessThan(262_144);
      expect(sql.replaceAll(/^--.*$/gm, '')).not.toContain(';');
    },
  );

  it('need a name with a number and a header', () => {
    expect(() => parseNamedQuery('cost.sql', '')).toThrow('expected a name such as');
    expect(() => parseNamedQuery('11_cost.sql', '-- Question: a?\n-- Cost: 1\nSELECT 1')).toThrow('Grain');
    expect(
      parseNamedQuery('11_cost.sql', '-- Question: a\n--   b?\n-- Grain: c\n-- Cost: d\nSELECT 1'),
    ).toMatchObject({
      name: '11_cost',
      question: 'a b?',
    });
  });
});

describe('on a lake of thirteen weeks', () => {
  const weeks = [
    ...Array.from({ length: 5 }, (_, i) => `2026-W${49 + i}`),
    ...Array.from({ length: 8 }, (_, i) => `2027-W0${i + 1}`),
  ];
  const executions = weeks.map((week, i) => {
    const sample = sampleExecution(`e-${week}`, week, {
      measure_sha256: (week === '2026-W49' ? 'b' : 'a').repeat(64),
    });
    return { ...sample, weekly: sample.weekly.map((row) => ({ ...row, rmst_turns: 10 + i, rank: 1 })) };
  });
  const last = executions.at(-1)!;
  /** Finished earlier than the official one of its week: only its cost counts. */
  const shadow = sampleExecution('shadow', '2027-W08', { ended_at: '2027-02-22T03:00:01Z' });
  const unfinished = sampleExecution('unfinished', '2027-W09', { state: 'failed' });
  const quick = sampleExecution('quick', '2027-W01', { series: 'quick' });
  let db: LakeDatabase;
  const answers = new Map<string, Row[]>();

  beforeAll(async () => {
    const root = mkdtempSync(join(tmpdir(), 'queries-'));
    await writeSampleLake(root, [...executions, shadow, unfinished, quick]);
    db = await openLakeDatabase(root);
    for (const query of queries) answers.set(query.name, await ask(query));
  });
  afterAll(() => db.close());

  async function ask({ sql }: NamedQuery): Promise<Row[]> {
    const { columns, batches } = await db.query(sql);
    const rows: Row[] = [];
    for await (const batch of batches)
      for (const row of batch) rows.push(Object.fromEntries(columns.map(({ name }, i) => [name, row[i]!])));
    return rows;
  }
  const answer = (name: string) => answers.get(name)!;
  const weekly = (rows: Row[]) => rows.filter(({ series }) => series === 'weekly');
  const distinct = (rows: Row[], column: string) => [...new Set(rows.map((row) => row[column]))].sort();

  it.each(queries)('$name finds rows', ({ name }) => {
    expect(answer(name).length).toBeGreaterThan(0);
    if (name !== '06_cost_by_model') expect(distinct(answer(name), 'week')).not.toContain('2027-W09');
  });

  it('01 gives twelve weeks a model, the newest last', () => {
    const rows = weekly(answer('01_half_life_trend'));
    expect(distinct(rows, 'week')).toEqual(weeks.slice(1));
    const one = rows.filter(({ model, phase }) => model === 'drifter' && phase === 'P0');
    expect(one.map(({ rmst_turns }) => rmst_turns)).toEqual(weeks.slice(1).map((_, i) => 11 + i));
    expect(distinct(answer('01_half_life_trend'), 'series')).toEqual(['quick', 'weekly']);
  });

  it('02 gives every point of the last survival curves', () => {
    const points = last.weekly.flatMap(({ model, phase, survival_curve }) =>
      survival_curve.map((point) => ({ model, phase, ...point })),
    );
    expect(points.length).toBeGreaterThan(1);
    const rows = weekly(answer('02_survival_points')).map(
      ({ model, phase, turn, survival, at_risk, events }) => ({
        model,
        phase,
        turn,
        survival,
        at_risk,
        events,
      }),
    );
    const sorted = (list: object[]) => list.map((one) => JSON.stringify(one)).sort();
    expect(sorted(rows)).toEqual(sorted(points));
  });

  it('03 gives every violation that occurred in twelve weeks', () => {
    const expected = executions
      .slice(1)
      .flatMap((one) =>
        one.weekly.flatMap((row) => row.violations_per_100_turns.map((entry) => entry.per_100)),
      )
      .filter((per_100) => per_100 > 0);
    expect(expected.length).toBeGreaterThan(0);
    const rows = weekly(answer('03_violation_mix'));
    expect(rows.map((row) => row['per_100_turns']).sort()).toEqual(expected.sort());
  });

  it('04 gives the eight dimensions of the last week', () => {
    const rows = weekly(answer('04_csd_by_model'));
    expect(rows).toHaveLength(4);
    for (const row of rows) {
      const source = last.weekly.find(
        ({ model, phase }) => model === row['model'] && phase === row['phase'],
      )!;
      expect(row).toMatchObject({
        csd: source.csd,
        context_responsiveness: source.csd_subscores.cr,
        meta_adaptation: source.csd_subscores.ma,
      });
    }
  });

  it('05 averages recall over scored runs of official executions', () => {
    const rows = weekly(answer('05_salience_recall')).filter(({ week }) => week === last.execution.week);
    const scored = last.runs.filter((run) => run.n_scored_turns > 0);
    expect(rows).toHaveLength(scored.length);
    for (const run of scored)
      expect(rows.find(({ model, phase }) => model === run.model && phase === run.phase)).toMatchObject({
        n_runs: 1,
        mean_recall_at_3: run.salience_recall_at_3,
      });
  });

  it('06 counts the money of every execution', () => {
    const spent = [...executions, shadow, unfinished, quick]
      .flatMap(({ ledger }) => ledger)
      .reduce((sum, row) => sum + row.cost_usd, 0);
    const found = answer('06_cost_by_model').reduce((sum, row) => sum + Number(row['cost_usd']), 0);
    expect(found / spent).toBeCloseTo(1, 9);
  });

  it('07 measures how far the judge is from the heuristics', () => {
    const row = weekly(answer('07_judge_disagreement')).find(({ week }) => week === last.execution.week)!;
    const turns = last.turns.filter(
      ({ model, phase, judge }) => model === row['model'] && phase === row['phase'] && judge !== null,
    );
    expect(row['n_judged_turns']).toBe(turns.length);
    const distances = turns.map(({ judge, heuristic }) => Math.abs(judge!.score - heuristic.score));
    expect(row['mean_distance_pts']).toBeCloseTo(distances.reduce((a, b) => a + b, 0) / distances.length, 6);
    expect(row['split_frac']).toBeCloseTo(distances.filter((one) => one > 2).length / distances.length, 9);
  });

  it('08 compares the canary with the week before under one measure', () => {
    const rows = weekly(answer('08_canary_drift'));
    expect(rows).toHaveLength(13);
    const deviations = last.canary.map((item) => item.deviation_pts).filter((one) => one !== null);
    expect(rows.at(-1)).toMatchObject({ n_items: 3 });
    expect(rows.at(-1)!['mae_pts']).toBeCloseTo(
      deviations.reduce((sum, one) => sum + Math.abs(one), 0) / deviations.length,
      6,
    );
    expect(rows.slice(0, 2).map((row) => row['mae_change_pts'])).toEqual([null, null]);
    expect(rows.slice(2).map((row) => row['mae_change_pts'])).toEqual(rows.slice(2).map(() => 0));
  });

  it('09 points to the turn at which a dialogue fell', () => {
    const rows = weekly(answer('09_worst_runs'));
    expect(rows.map((row) => row['half_life_turn'])).toEqual([3, 5, 6]);
    const worst = last.runs.find((run) => run.half_life_turn === 3)!;
    expect(rows[0]).toMatchObject({
      place: 1,
      run_id: worst.run_id,
      turns_key: `judged/dt=${worst.dt}/model=${worst.model}/phase=${worst.phase}/${worst.run_id}.jsonl`,
      turns_line: 3,
    });
  });

  it('10 sets the last week beside the one before, where both were measured alike', () => {
    const rows = weekly(answer('10_compare_two_weeks'));
    expect(rows).toHaveLength(4);
    for (const row of rows)
      expect(row).toMatchObject({
        week: '2027-W08',
        week_before: '2027-W07',
        rmst_turns: 22,
        rmst_change_turns: 1,
      });
    const [alone] = answer('10_compare_two_weeks').filter(({ series }) => series === 'quick');
    expect(alone).toMatchObject({ week_before: null, rmst_change_turns: null });
  });
});
