import { describe, expect, it } from '@jest/globals';
import { addToAlerts } from '../../../core/dashboard/alerts-file.ts';
import { addToIndex } from '../../../core/dashboard/index-file.ts';
import { addToModelTrend, addToTrends } from '../../../core/dashboard/trends-file.ts';
import type { IndexFile, TrendsFile } from '../../../schemas/dashboard-data.ts';
import { trendRows } from '../../../schemas/dashboard-files.ts';
import type { ExecutionSummary } from '../../../schemas/execution-summary.ts';
import { allPhasesRow, executionSummary, phaseRow } from '../alerts/fixtures.ts';

const summary = (changes: Partial<ExecutionSummary>, models = ['steadfast']): ExecutionSummary => {
  const week = changes.week ?? '2026-W47';
  const rows = models.flatMap((model) => [phaseRow({ model, week }), allPhasesRow({ model, week })]);
  return { ...executionSummary(rows), ...changes };
};
const indexOf = (...summaries: ExecutionSummary[]) =>
  summaries.reduce<IndexFile | null>((index, one) => addToIndex(index, one), null)!;
const trendsOf = (...summaries: ExecutionSummary[]) =>
  summaries.reduce<TrendsFile | null>((trend, one) => addToTrends(trend, one), null)!;

describe('the index of the site', () => {
  it('has one official execution a series and week: the last that was finished', () => {
    const index = indexOf(summary({ execution_id: 'a' }), summary({ execution_id: 'b' }));
    expect(index.executions.map(({ execution_id, is_official }) => [execution_id, is_official])).toEqual([
      ['a', false],
      ['b', true],
    ]);
    expect(index.series[0]!.weeks.map(({ execution_id }) => execution_id)).toEqual(['b']);
    const again = addToIndex(index, summary({ execution_id: 'a' }));
    expect(again.series[0]!.weeks.map(({ execution_id }) => execution_id)).toEqual(['a']);
  });

  it('is the same whether a week is published once or twice', () => {
    const one = summary({ execution_id: 'a' });
    expect(indexOf(one, one)).toEqual(indexOf(one));
  });

  it('shows weekly series unless the lake has none; then what was run last', () => {
    const quick = summary({ series: 'quick', execution_id: 'q' });
    const mvp = summary({ series: 'mvp', execution_id: 'm' });
    const weekly = summary({ series: 'weekly', execution_id: 'w', week: '2026-W40' });
    const bedrock = summary({ series: 'weekly-bedrock', execution_id: 'x', week: '2026-W46' });
    expect(indexOf(quick, mvp).default_series).toBe('mvp');
    expect(indexOf(weekly, quick).default_series).toBe('weekly');
    expect(indexOf(bedrock, weekly, mvp).default_series).toBe('weekly-bedrock');
  });
});

describe('the trend of a series', () => {
  it('comes out the same in whatever order weeks are published', () => {
    const weeks = ['2026-W45', '2026-W46', '2026-W47'].map((week) => summary({ week, execution_id: week }));
    expect(trendsOf(...weeks)).toEqual(trendsOf(...weeks.toReversed()));
  });

  it('replaces a week as a whole: a model that is no longer in it is gone from it', () => {
    const [first, second] = [
      summary({ execution_id: 'a' }, ['echo', 'steadfast']),
      summary({ execution_id: 'b' }),
    ];
    const trend = trendsOf(first, second);
    expect(trendRows(trend).map(({ week, model }) => [week, model])).toEqual([['2026-W47', 'steadfast']]);
    expect(trend.models).toEqual(['steadfast']);
    const own = addToModelTrend(addToModelTrend(null, first, 'echo'), second, 'echo');
    expect(own.rows).toEqual([]);
  });

  it('shows the phases of a model that has no row over all of them', () => {
    const whole = summary({});
    const part = { ...whole, weekly: whole.weekly.filter(({ phase }) => phase !== 'all') };
    expect(trendRows(trendsOf(part)).map(({ phase }) => phase)).toEqual(['P0']);
    expect(trendRows(trendsOf(whole)).map(({ phase }) => phase)).toEqual(['all']);
  });
});

describe('the alerts of the site', () => {
  it('keep every execution, in the order of weeks, each once', () => {
    const entry = (week: string, digest = '') => ({
      execution_id: week,
      series: 's',
      week,
      digest,
      alerts: [],
    });
    const file = ['2026-W47', '2026-W45', '2026-W46'].reduce(
      (stored: ReturnType<typeof addToAlerts> | null, week) => addToAlerts(stored, entry(week)),
      null,
    );
    expect(file!.executions.map(({ week }) => week)).toEqual(['2026-W45', '2026-W46', '2026-W47']);
    const again = addToAlerts(file, entry('2026-W46', 'news'));
    expect(again.executions.map(({ digest }) => digest)).toEqual(['', 'news', '']);
  });
});
