import { describe, expect, it } from '@jest/globals';
import { lakeKeys } from '../../../core/identity/lake-keys.ts';
import type { RunIndex } from '../../../core/ports.ts';
import { previousWeek } from '../../../core/tasks/previous-week.ts';
import type { ExecutionSummary } from '../../../schemas/execution-summary.ts';
import type { RunSummary } from '../../../schemas/run-summary.ts';
import type { PlanPointers } from '../../../schemas/task-io.ts';
import { executionSummary, phaseRow } from '../alerts/fixtures.ts';
import { createFakeIndex } from './bench.ts';
import { FakeStore } from './fake-store.ts';

const MEASURES = { A: 'a'.repeat(64), B: 'b'.repeat(64) };

/** A series whose weeks are measured one after the other, each with what it found before it. */
function createSeries() {
  const store = new FakeStore();
  const official = new Map<string, ExecutionSummary>();
  const asked: string[] = [];
  const index: RunIndex = {
    ...createFakeIndex(async (_series, model, from, before) =>
      [...official.values()]
        .filter(({ week }) => week >= from && week < before)
        .map(
          ({ execution_id, week, measure_sha256 }) =>
            ({ execution_id, week, measure_sha256, model }) as RunSummary,
        ),
    ),
    summariesOfWeek: async (_series, week, phase) => {
      asked.push(week);
      return (official.get(week)?.weekly ?? []).filter((row) => row.phase === phase);
    },
  };
  return {
    asked,
    async measure(week: string, measure: keyof typeof MEASURES) {
      const measure_sha256 = MEASURES[measure];
      const pointers = { series: 'weekly', week } as PlanPointers;
      const found = await previousWeek(
        { store, index },
        { models: ['drifter-20'], phases: ['P0'], measure_sha256 },
        pointers,
      );
      const execution_id = `weekly-${week}`;
      const summary = executionSummary([phaseRow({ execution_id, week, measure_sha256 })], {
        execution_id,
        week,
        measure_sha256,
        previous: found.pointer,
        baseline: found.baseline,
      });
      official.set(week, summary);
      await store.put(lakeKeys.summary(execution_id), JSON.stringify(summary));
      return found;
    },
  };
}

/** The week each week is held against, in turn. */
async function baselinesOf(weeks: readonly (readonly [string, keyof typeof MEASURES])[]) {
  const series = createSeries();
  const baselines: (string | null)[] = [];
  for (const [week, measure] of weeks)
    baselines.push((await series.measure(week, measure)).baseline?.week ?? null);
  return baselines;
}

describe('the accepted baseline', () => {
  it('is the first official week of series and measure', async () => {
    const weeks = ['2026-W40', '2026-W41', '2026-W42'].map((week) => [week, 'A'] as const);
    expect(await baselinesOf(weeks)).toEqual([null, '2026-W40', '2026-W40']);
  });

  it('outlasts a missed week', async () => {
    const weeks = ['2026-W40', '2026-W41', '2026-W43', '2026-W44'].map((week) => [week, 'A'] as const);
    expect(await baselinesOf(weeks)).toEqual([null, '2026-W40', '2026-W40', '2026-W40']);
  });

  it('outlasts weeks of another measure, which has its own', async () => {
    expect(
      await baselinesOf([
        ['2026-W40', 'A'],
        ['2026-W41', 'B'],
        ['2026-W42', 'B'],
        ['2026-W43', 'A'],
        ['2026-W44', 'B'],
      ]),
    ).toEqual([null, null, '2026-W41', '2026-W40', '2026-W41']);
  });

  it('is looked for a year back over a change of year, and no further', async () => {
    const at = (week: string) =>
      baselinesOf([
        ['2026-W40', 'A'],
        [week, 'A'],
      ]);
    expect(await at('2027-W40')).toEqual([null, '2026-W40']);
    expect(await at('2027-W41')).toEqual([null, null]);
  });

  it('costs no search where last week has the measure', async () => {
    const series = createSeries();
    await series.measure('2026-W40', 'A');
    series.asked.length = 0;
    await series.measure('2026-W41', 'A');
    expect(series.asked).toEqual([]);
  });
});

describe('the week before', () => {
  it('is last week or none: after a missed week nothing is compared week on week', async () => {
    const series = createSeries();
    await series.measure('2026-W40', 'A');
    expect((await series.measure('2026-W41', 'A')).pointer).toMatchObject({ week: '2026-W40' });
    expect(await series.measure('2026-W43', 'A')).toMatchObject({ runs: [], pointer: null });
  });
});
