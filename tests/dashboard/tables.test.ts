import { describe, expect, it } from '@jest/globals';
import type { IndexExecution, IndexFile, TrendsFile } from '../../schemas/dashboard-data.ts';
import { scopeOf } from '../../dashboard/src/data/scope.ts';
import { seamsOf } from '../../dashboard/src/data/seams.ts';
import { entriesOf } from '../../dashboard/src/data/trends.ts';
import { rankText } from '../../schemas/rank-text.ts';
import { paretoFront } from '../../dashboard/src/format/pareto.ts';
import { filterRuns, RUN_SORTS } from '../../dashboard/src/format/run-filter.ts';
import { sortedBy } from '../../dashboard/src/format/sort.ts';
import { mixOf } from '../../dashboard/src/format/violation-mix.ts';
import { weekTick } from '../../dashboard/src/format/labels.ts';
import { turnAfterKey } from '../../dashboard/src/state/turn-keys.ts';
import { runRow, trendRow, trendWeek } from './fixtures.ts';

describe('what is looked at', () => {
  const execution = (execution_id: string, series: string, week: string, is_official = true) =>
    ({
      ...trendWeek({ execution_id, week, dt: `2026-11-${week.slice(-2)}` }),
      series,
      is_official,
    }) as unknown as IndexExecution;
  const executions = [
    execution('w1', 'weekly', '2026-W01'),
    execution('w2-old', 'weekly', '2026-W02', false),
    execution('w2', 'weekly', '2026-W02'),
    execution('q1', 'quick', '2026-W03'),
  ];
  const index = {
    default_series: 'weekly',
    series: ['quick', 'weekly'].map((series) => ({
      series,
      is_simulated: true,
      weeks: executions
        .filter((each) => each.series === series && each.is_official)
        .map(({ execution_id, week, measure_sha256, manifest_id }) => ({
          execution_id,
          week,
          measure_sha256,
          manifest_id,
        })),
    })),
    executions,
  } as unknown as IndexFile;
  const idOf = (query: Record<string, string>) => scopeOf(index, query)?.execution.execution_id;

  it('is the newest official week of the default series unless the address says otherwise', () => {
    expect(idOf({})).toBe('w2');
    expect(idOf({ series: 'quick' })).toBe('q1');
    expect(idOf({ execution: 'w1', series: 'quick' })).toBe('w1');
    expect(scopeOf(index, { execution: 'q1' })!.series).toBe('quick');
  });

  it('falls back where the address names what is gone, and is nothing where nothing is published', () => {
    expect(idOf({ execution: 'lost', series: 'lost' })).toBe('w2');
    expect(scopeOf({ ...index, series: [], executions: [] }, {})).toBeNull();
  });

  it('a superseded execution stands among the official weeks while it is looked at', () => {
    const scope = scopeOf(index, { execution: 'w2-old' })!;
    expect(scope.weeks.map(({ execution_id }) => execution_id)).toContain('w2-old');
    expect(scope.previous?.execution_id).toBe('w1');
  });
});

describe('the leaderboard', () => {
  const rows = [
    trendRow({ week: '2026-W46', model: 'old', rank: 1 }),
    trendRow({ week: '2026-W46', model: 'a', rank: 2 }),
    trendRow({ model: 'a', rank: 2, rmst_turns: 20 }),
    trendRow({ model: 'b', rank: 1, rmst_turns: 30 }),
    trendRow({ model: 'c', rank: 2, rmst_turns: 25 }),
    trendRow({ model: 'd', phase: 'P0', rank: null }),
  ];
  const weeks = [trendWeek({ week: '2026-W46' }), trendWeek()];
  const models = ['a', 'b', 'c', 'd', 'old'];
  const columns = Object.fromEntries(
    Object.keys(rows[0]!).map((name) => [name, rows.map((row) => row[name as keyof typeof row])]),
  );
  columns['week'] = rows.map((row) => (row.week === '2026-W46' ? 0 : 1));
  columns['model'] = rows.map((row) => models.indexOf(row.model));
  columns['variant'] = rows.map(() => 0);
  const file = { series: 'weekly', weeks, models, variants: ['main'], columns } as unknown as TrendsFile;

  it('orders by half-life; ranks apart who lacks a phase; names who is gone', () => {
    const { ranked, apart, gone } = entriesOf(file, '2026-W47');
    expect(ranked.map(({ model }) => model)).toEqual(['b', 'c', 'a']);
    expect(apart.map(({ model }) => model)).toEqual(['d']);
    expect(gone.map(({ model }) => model)).toEqual(['old']);
  });

  it('writes a rank as the places left open', () => {
    const texts = [
      { rank: null, rank_max: null },
      { rank: 2, rank_max: 2 },
      { rank: 1, rank_max: 6 },
      { rank: 3, rank_max: null },
    ].map(rankText);
    expect(texts).toEqual(['–', '2', '1–6', '3']);
  });

  it('of an earlier week knows nothing of later ones', () => {
    const { ranked } = entriesOf(file, '2026-W46');
    expect(ranked.map(({ model, history }) => [model, history.length])).toEqual([
      ['old', 1],
      ['a', 1],
    ]);
  });
});

it('a seam lies before each week of another measure', () => {
  const measures = ['a', 'a', 'b', 'b', 'c'].map((measure_sha256) => ({ measure_sha256 }));
  expect(seamsOf(measures)).toEqual([2, 4]);
});

describe('the runs table', () => {
  const runs = [
    runRow({
      run_id: '1',
      model: 'a',
      mean_score: 4,
      half_life_turn: 5,
      censor_reason: null,
      is_censored: false,
    }),
    runRow({
      run_id: '2',
      model: 'b',
      mean_score: 9,
      violation_counts: [{ violation: 'advice', n_turns: 1 }],
    }),
    runRow({
      run_id: '3',
      model: 'a',
      mean_score: null,
      ended: 'skipped',
      temperature: null,
      censor_reason: null,
      is_censored: false,
    }),
  ];
  const ids = (filters: Record<string, string>) => filterRuns(runs, filters).map(({ run_id }) => run_id);

  it('is filtered by what the address names, and by nothing else in it', () => {
    expect(ids({ series: 'weekly', turn: '3' })).toEqual(['1', '2', '3']);
    expect(ids({ model: 'a' })).toEqual(['1', '3']);
    expect(ids({ ended: 'lost' })).toEqual(['1']);
    expect(ids({ ended: 'held' })).toEqual(['2']);
    expect(ids({ violation: 'advice' })).toEqual(['2']);
    expect(ids({ temperature: 'default' })).toEqual(['3']);
  });

  it('is sorted either way with missing values last, and a run that held behind all that did not', () => {
    const order = (sort: string) => sortedBy(runs, sort, RUN_SORTS).map(({ run_id }) => run_id);
    expect(order('mean_score')).toEqual(['1', '2', '3']);
    expect(order('-mean_score')).toEqual(['2', '1', '3']);
    expect(order('-half_life')).toEqual(['2', '1', '3']);
    expect(order('no_such_column')).toEqual(['1', '2', '3']);
  });
});

it('a mix names the largest parts of each kind and adds up to the whole', () => {
  const names = [
    'telling',
    'advice',
    'lecture',
    'directive',
    'reveals_answer',
    'closed_question',
    'no_question',
    'praise_only',
  ];
  const bar = names.map((violation, index) => ({ violation, per_100: 10 - index }));
  const { parts, table } = mixOf([bar, []]);
  expect(parts.map(({ label }) => label)).toEqual([
    'telling',
    'advice',
    'lecture',
    'directive',
    'closed question',
    'no question',
    'other',
  ]);
  expect(table[0]!.reduce((sum, value) => sum + value, 0)).toBe(52);
  expect(table[1]).toEqual(parts.map(() => 0));
});

it('the Pareto front holds what nothing beats on both sides', () => {
  const points = [
    { name: 'cheap', cost: 1, quality: 5 },
    { name: 'worse', cost: 2, quality: 4 },
    { name: 'equal, dearer', cost: 3, quality: 5 },
    { name: 'best', cost: 4, quality: 9 },
  ];
  expect(
    paretoFront(
      points,
      ({ cost }) => cost,
      ({ quality }) => quality,
    ).map(({ name }) => name),
  ).toEqual(['cheap', 'best']);
});

it('keys lead through a dialogue: next, before, next violation around the end', () => {
  const turns = [[], ['advice'], [], ['telling']].map((violations, index) => ({
    turn_index: index + 1,
    violations,
  }));
  expect(['j', 'k', 'v'].map((key) => turnAfterKey(key, turns, null))).toEqual([1, null, 2]);
  expect(['j', 'k', 'v'].map((key) => turnAfterKey(key, turns, 2))).toEqual([3, 1, 4]);
  expect(['j', 'k', 'v', 'x'].map((key) => turnAfterKey(key, turns, 4))).toEqual([null, 3, 2, null]);
});

it('a week’s tick carries the year where the line crosses into it', () => {
  expect(weekTick('2026-W53', '2026-W52')).toBe('W53');
  expect(weekTick('2027-W01', '2026-W53')).toBe('W01 ’27');
});
