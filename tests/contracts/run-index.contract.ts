import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { dateOf, instantMs, isoWeekOf, scheduledAtOf } from '../../core/identity/iso-week.ts';
import { ulidFrom } from '../../core/identity/ulid.ts';
import type { RunIndex } from '../../core/ports.ts';
import { executionSchema, type Execution } from '../../schemas/execution.ts';
import { runSummarySchema, type RunSummary } from '../../schemas/run-summary.ts';
import { weeklySummarySchema, type WeeklySummary } from '../../schemas/weekly-summary.ts';
import { sampleRecords } from './sample-records.ts';

/** One execution with what Aggregate made of it. */
export interface IndexedExecution {
  execution: Execution;
  runs: RunSummary[];
  weekly: WeeklySummary[];
}

export interface IndexedLake {
  /** Makes the records of an execution readable, as Aggregate and PublishMetrics would, and its index rows. */
  add(indexed: IndexedExecution): Promise<void>;
  open(): RunIndex;
  close(): Promise<void>;
}

const [anyRun] = sampleRecords(runSummarySchema, 1);
const [anyWeek] = sampleRecords(weeklySummarySchema, 1);
const [anyExecution] = sampleRecords(executionSchema, 1);

/** An execution of two models × three runs, whose figures follow `level`. */
export function indexedExecution(
  execution_id: string,
  week: string,
  change: { series?: string; ended_at?: string | null; state?: Execution['state']; level?: number } = {},
): IndexedExecution {
  const { series = 'weekly', level = 0, state = 'finished' } = change;
  const scheduled_at = scheduledAtOf(week);
  const identity = { execution_id, week: isoWeekOf(scheduled_at), dt: dateOf(scheduled_at), series };
  const ended_at = change.ended_at === undefined ? scheduled_at.replace('T03', 'T05') : change.ended_at;
  const execution: Execution = {
    ...anyExecution!,
    ...identity,
    scheduled_at,
    state,
    ended_at,
    plan_key: `manifests/${anyRun!.manifest_id}/plans/${execution_id}.jsonl`,
  };
  const runs = ['drifter', 'steadfast'].flatMap((model, m) =>
    [0, 1, 2].map((i): RunSummary => {
      const hex = Buffer.from(`${execution_id}-${m}-${i}`).toString('hex');
      return {
        ...anyRun!,
        ...identity,
        run_id: ulidFrom(instantMs(scheduled_at), `${'0'.repeat(20)}${hex}`.slice(-20)),
        model,
        half_life_turn: m === 1 && i === 2 ? null : 5 + level + 3 * m + i,
        compliance_rate: m === 0 && i === 0 ? null : (level + 3 * m + i) / 100,
        n_scored_turns: m === 0 && i === 1 ? 0 : 10,
      };
    }),
  );
  const weekly = ['steadfast', 'drifter'].flatMap((model) =>
    (['P0', 'all'] as const).map((phase): WeeklySummary => ({
      ...anyWeek!,
      ...identity,
      model,
      phase,
      variant: 'main',
    })),
  );
  return { execution, runs, weekly };
}

/** What every RunIndex promises (core/ports.ts). `make` gives an empty place. */
export function runIndexContract(name: string, make: () => Promise<IndexedLake>): void {
  describe(`${name} keeps the RunIndex contract`, () => {
    let lake: IndexedLake;
    beforeEach(async () => {
      lake = await make();
    });
    afterEach(() => lake.close());

    it('knows nothing of an empty lake', async () => {
      const index = lake.open();
      expect(await index.runById(anyRun!.run_id)).toBeNull();
      expect(await index.modelRuns('weekly', 'drifter', '2026-W01', '2026-W53')).toEqual([]);
      expect(await index.worstHalfLives('weekly', '2026-W47', 5)).toEqual([]);
      expect(await index.topCompliance('weekly', '2026-W47', 5)).toEqual([]);
      expect(await index.summariesOfWeek('weekly', '2026-W47', 'P0')).toEqual([]);
      expect(await index.weeklySummary('weekly', 'drifter', 'main', 'P0', '2026-W47')).toBeNull();
    });

    it('finds any run by id, and none for an id that is none', async () => {
      const one = indexedExecution('one', '2026-W47');
      await lake.add(one);
      const index = lake.open();
      for (const run of one.runs) expect(await index.runById(run.run_id)).toEqual(run);
      for (const id of ['', '../status', 'ZZ', anyRun!.run_id]) expect(await index.runById(id)).toBeNull();
    });

    it('puts the runs that lost their half-life first ahead, kept ones last, unscored ones nowhere', async () => {
      const one = indexedExecution('one', '2026-W47');
      await lake.add(one);
      const worst = await lake.open().worstHalfLives('weekly', '2026-W47', 10);
      expect(worst.map((run) => run.half_life_turn)).toEqual([5, 7, 8, 9, null]);
      expect(await lake.open().worstHalfLives('weekly', '2026-W47', 2)).toEqual(worst.slice(0, 2));
    });

    it('orders runs by compliance, leaving out those without', async () => {
      await lake.add(indexedExecution('one', '2026-W47'));
      const top = await lake.open().topCompliance('weekly', '2026-W47', 3);
      expect(top.map((run) => run.compliance_rate)).toEqual([0.05, 0.04, 0.03]);
      expect(await lake.open().topCompliance('weekly', '2026-W47', 10)).toHaveLength(5);
    });

    it("gives one model's runs by week, from a week on and before another", async () => {
      for (const week of ['2026-W52', '2026-W53', '2027-W01', '2027-W02'])
        await lake.add(indexedExecution(`e-${week}`, week));
      const runs = await lake.open().modelRuns('weekly', 'steadfast', '2026-W53', '2027-W02');
      expect(runs.map((run) => run.week)).toEqual([
        ...Array.from({ length: 3 }, () => '2026-W53'),
        ...Array.from({ length: 3 }, () => '2027-W01'),
      ]);
      expect(new Set(runs.map((run) => run.model))).toEqual(new Set(['steadfast']));
      expect(runs.slice(0, 3).map((run) => run.run_id)).toEqual(
        runs
          .slice(0, 3)
          .map((run) => run.run_id)
          .sort(),
      );
    });

    it('reads only the last finished execution of a series and week', async () => {
      const week = '2026-W47';
      await lake.add(indexedExecution('late', week, { ended_at: '2026-11-16T08:00:00Z', level: 40 }));
      await lake.add(indexedExecution('early', week, { ended_at: '2026-11-16T07:59:59.999Z', level: 20 }));
      await lake.add(indexedExecution('other', week, { series: 'quick', ended_at: '2026-11-18T00:00:00Z' }));
      await lake.add(indexedExecution('running', week, { state: 'running', ended_at: null }));
      await lake.add(indexedExecution('failed', week, { state: 'failed', ended_at: '2026-11-19T00:00:00Z' }));
      const index = lake.open();
      for (const runs of [
        await index.modelRuns('weekly', 'drifter', week, '2026-W48'),
        await index.worstHalfLives('weekly', week, 10),
        await index.topCompliance('weekly', week, 10),
        await index.summariesOfWeek('weekly', week, 'P0'),
      ])
        expect(new Set((runs as { execution_id: string }[]).map((run) => run.execution_id))).toEqual(
          new Set(['late']),
        );
      const [quick] = await index.summariesOfWeek('quick', week, 'P0');
      expect(quick?.execution_id).toBe('other');
    });

    it('gives one weekly summary, or all of a phase by model', async () => {
      const one = indexedExecution('one', '2026-W47');
      await lake.add(one);
      const index = lake.open();
      expect(await index.weeklySummary('weekly', 'drifter', 'main', 'all', '2026-W47')).toEqual(
        one.weekly.find((row) => row.model === 'drifter' && row.phase === 'all'),
      );
      expect(await index.weeklySummary('weekly', 'drifter', 'other', 'all', '2026-W47')).toBeNull();
      const rows = await index.summariesOfWeek('weekly', '2026-W47', 'all');
      expect(rows.map((row) => [row.model, row.phase])).toEqual([
        ['drifter', 'all'],
        ['steadfast', 'all'],
      ]);
    });

    it('shows what is added while it is open', async () => {
      const index = lake.open();
      expect(await index.modelRuns('weekly', 'drifter', '2026-W01', '2026-W53')).toEqual([]);
      await lake.add(indexedExecution('one', '2026-W47'));
      expect(await index.modelRuns('weekly', 'drifter', '2026-W01', '2026-W53')).toHaveLength(3);
    });
  });
}
