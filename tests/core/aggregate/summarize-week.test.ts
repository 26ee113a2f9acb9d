import { describe, expect, it } from '@jest/globals';
import { weekRoot } from '../../../core/aggregate/week-root.ts';
import { summarizeRun } from '../../../core/aggregate/summarize-run.ts';
import { weeklySummarySchema } from '../../../schemas/weekly-summary.ts';
import { FACTS, geometricHalfLife, judgedRun, plannedRow } from './fixtures.ts';
import { otherMeasure, record, rowFor, SMALL, summarize, type Recorded } from './week.ts';

const failing = (turn: number | null) => record(SMALL, ({ model }) => (model === 'leading' ? turn : null));
const summariesOf = (recorded: readonly Recorded[]) => recorded.map(({ summary }) => summary);

describe('weekly summary', () => {
  const rows = summarize(failing(5));

  it('has one valid row per model, variant and phase, and one over the phases', () => {
    expect(rows.map(({ model, phase }) => `${model} ${phase}`)).toEqual([
      'leading P0',
      'leading P3',
      'leading all',
      'steadfast P0',
      'steadfast P3',
      'steadfast all',
    ]);
    for (const row of rows) expect(weeklySummarySchema.parse(row)).toEqual(row);
  });

  it('states half-life as median, restricted mean and survivors', () => {
    expect(rowFor(rows, 'leading', 'P0')).toMatchObject({
      n_planned: 6,
      n_runs: 6,
      n_seeds: 3,
      coverage_frac: 1,
      km_median_turn: 5,
      rmst_turns: 5,
      survived_frac: 0,
      horizon_turns: 10,
      survival_curve: [{ turn: 5, survival: 0, at_risk: 6, events: 6 }],
    });
    expect(rowFor(rows, 'steadfast', 'P0')).toMatchObject({
      km_median_turn: null,
      rmst_turns: 10,
      survived_frac: 1,
      censored_by: [{ reason: 'horizon', n_runs: 6 }],
      compliance_rate: 1,
      mean_score: 10,
    });
  });

  it('puts phases on one scale of 40 turns and averages them', () => {
    // RMST 5 of 10 turns in both phases: half of 40.
    expect(rowFor(rows, 'leading', 'all').rmst_turns).toBe(20);
    const apart = summarize(
      record(SMALL, ({ model, phase }) => (model === 'leading' ? (phase === 'P0' ? 4 : 8) : null)),
    );
    expect(rowFor(apart, 'leading', 'all').rmst_turns).toBe(24);
  });

  it('says nothing over phases of which one has no scored run: an outage must not raise a model', () => {
    const away = failing(5).filter(({ row }) => row.model === 'leading' && row.phase === 'P0');
    const missing = failing(5)
      .filter(({ row }) => row.model === 'leading' && row.phase === 'P3')
      .map(({ row, summary }): Recorded => ({
        row,
        summary: { ...summary, ended: 'failed', n_scored_turns: 0, n_turns: 0 },
        turns: [],
      }));
    const rowsLeft = summarize([...away, ...missing]);
    expect(rowFor(rowsLeft, 'leading', 'P0').compliance_rate).not.toBeNull();
    expect(rowFor(rowsLeft, 'leading', 'all')).toMatchObject({
      mean_score: null,
      compliance_rate: null,
      decline_pts: null,
      survived_frac: null,
      rmst_turns: null,
    });
  });

  it.each([
    ['access', 6],
    ['eol', 0],
    ['context_window', 0],
    ['temperature_unsupported', 0],
  ] as const)('counts rows skipped when planned for %s as %i planned', (skip_reason, n_planned) => {
    const closed = failing(5).map(({ row, summary, turns }): Recorded =>
      row.model === 'steadfast'
        ? { row, summary, turns }
        : {
            row: { ...row, status: 'skipped', skip_reason },
            summary: { ...summary, ended: 'skipped', skip_reason, n_turns: 0, n_scored_turns: 0 },
            turns: [],
          },
    );
    expect(rowFor(summarize(closed), 'leading', 'P0')).toMatchObject({
      n_planned,
      n_runs: 0,
      n_skipped: 6,
      coverage_frac: 0,
    });
  });

  it('keeps CSD inside a phase', () => {
    expect(rowFor(rows, 'leading', 'P3').csd).not.toBeNull();
    expect(rowFor(rows, 'leading', 'all').csd).toBeNull();
    expect(rowFor(rows, 'leading', 'all').csd_subscores.cr).toBe(0.8);
  });

  it('ranks by statistically better models', () => {
    expect(rowFor(rows, 'steadfast', 'all')).toMatchObject({ rank: 1, rank_max: 1, n_ranked: 2 });
    expect(rowFor(rows, 'leading', 'all')).toMatchObject({ rank: 2, rank_max: 2, n_ranked: 2 });
    // Each is better on one seed: nobody can be told apart.
    const favourite = { steadfast: 'seed-a', leading: 'seed-b' };
    const noisy = summarize(
      record(SMALL, ({ model, seed_id }) => (favourite[model as 'leading'] === seed_id ? null : 5)),
    );
    expect(noisy.filter(({ phase }) => phase === 'all')).toMatchObject([
      { rank: 1, rank_max: 2 },
      { rank: 1, rank_max: 2 },
    ]);
  });

  it('does not take many phases of two seeds for many seeds', () => {
    // Ahead by 8 turns on one seed and by 1 on the other, in every phase alike.
    const matrix = {
      ...SMALL,
      seeds: ['seed-a', 'seed-b'],
      phases: ['P0', 'P1', 'P2', 'P3'] as const,
      turns: 20,
    };
    const rows = summarize(
      record(matrix, ({ model, seed_id }) => (model === 'leading' ? 5 : seed_id === 'seed-a' ? 13 : 6)),
    );
    expect(rows.filter(({ phase }) => phase === 'all').map(({ rank }) => rank)).toEqual([1, 1]);
  });

  it('gives a model without a planned phase no row over phases, and ranks it on the phases it has', () => {
    const recorded = failing(5).map((one): Recorded => {
      if (one.row.model !== 'leading' || one.row.phase !== 'P3') return one;
      const row = plannedRow({ ...one.row, status: 'skipped', skip_reason: 'context_window' });
      return { row, turns: [], summary: summarizeRun({ ...FACTS, row, turns: [] }) };
    });
    const some = summarize(recorded);
    expect(some.some(({ model, phase }) => model === 'leading' && phase === 'all')).toBe(false);
    expect(rowFor(some, 'leading', 'P3')).toMatchObject({
      n_planned: 0,
      n_skipped: 6,
      rmst_turns: null,
      rank: null,
    });
    expect(rowFor(some, 'leading', 'P0').rank).toBe(2);
    expect(rowFor(some, 'steadfast', 'all')).toMatchObject({ rank: 1, n_ranked: 1 });
  });

  it('does not take a dead provider for a perfect tutor', () => {
    const recorded = failing(5).map((one): Recorded => {
      if (one.row.model !== 'leading') return one;
      const turns = judgedRun(one.row, [10, 10, 10, 10]);
      return { row: one.row, turns, summary: summarizeRun({ ...FACTS, row: one.row, turns }) };
    });
    expect(rowFor(summarize(recorded), 'leading', 'all')).toMatchObject({
      rmst_turns: null,
      rmst_ci_low: null,
      rank: null,
      survived_frac: 0,
      n_censored: 12,
      censored_by: [{ reason: 'infrastructure', n_runs: 12 }],
    });
  });

  it('shows what context overflows would do as events', () => {
    const recorded = failing(9).map((one): Recorded => {
      if (one.row.model !== 'leading' || one.row.temperature === 1) return one;
      const turns = judgedRun(one.row, [10, 10, 10, 10]);
      const ended = {
        last_turn: 4,
        reason: 'context_overflow',
        fault: null,
        error: null,
        ended_at: '2026-11-16T03:30:00Z',
      } as const;
      return { row: one.row, turns, summary: summarizeRun({ ...FACTS, row: one.row, turns, ended }) };
    });
    const row = rowFor(summarize(recorded), 'leading', 'P0');
    expect(row.rmst_turns).toBe(9);
    expect(row.censored_by).toEqual([{ reason: 'context_overflow', n_runs: 3 }]);
    // Half of the runs could not answer turn 5, half fell at turn 9.
    expect(row.rmst_overflow_as_event_turns).toBe(7);
  });

  it('counts failed runs whose context overflowed before they could be scored', () => {
    const recorded = failing(5).map((one, i): Recorded => {
      if (one.row.model !== 'leading' || one.row.phase !== 'P0') return one;
      // The context is full at turn 1 of two runs and at turn 3 of two; two others lose their provider.
      const turns = judgedRun(one.row, i % 4 < 2 ? [] : [10, 10]);
      const isOverflow = one.row.seed_id !== 'seed-c';
      const ended = {
        last_turn: turns.length,
        reason: isOverflow ? 'context_overflow' : 'infrastructure',
        fault: isOverflow ? null : 'infrastructure',
        error: null,
        ended_at: '2026-11-16T03:30:00Z',
      } as const;
      return { row: one.row, turns, summary: summarizeRun({ ...FACTS, row: one.row, turns, ended }) };
    });
    const rows = summarize(recorded);
    expect(rowFor(rows, 'leading', 'P0')).toMatchObject({ n_runs: 0, n_failed: 6, n_overflow_failed: 4 });
    expect(rowFor(rows, 'leading', 'all')).toMatchObject({ n_runs: 6, n_failed: 6, n_overflow_failed: 4 });
    expect(rowFor(rows, 'steadfast', 'P0').n_overflow_failed).toBe(0);
  });

  it('counts score and compliance per scored turn, so that a query over turns finds the same', () => {
    const recorded = [
      { row: plannedRow(), scores: [10, 10, 10, 10, 0, 0, 0, 0, 0, 0] },
      { row: plannedRow({ seed_id: 'seed-b' }), scores: [10, 10, null, 10, 10, 10] },
    ].map(({ row, scores }): Recorded => {
      const turns = judgedRun(row, scores);
      return { row, turns, summary: summarizeRun({ ...FACTS, row, turns }) };
    });
    const row = rowFor(summarize(recorded), 'steadfast', 'P0');
    expect(row.mean_score).toBe(6);
    expect(row.compliance_rate).toBe(0.6);
    expect(row.violations_per_100_turns).toContainEqual({ violation: 'telling', per_100: 40 });
  });

  it('counts coverage of planned runs only', () => {
    const recorded = failing(5).map((one, i): Recorded => {
      if (i !== 0) return one;
      return { row: one.row, turns: [], summary: summarizeRun({ ...FACTS, row: one.row, turns: [] }) };
    });
    expect(rowFor(summarize(recorded), 'steadfast', 'P0')).toMatchObject({
      n_planned: 6,
      n_runs: 5,
      n_failed: 1,
      coverage_frac: 0.833333,
    });
  });

  it('has the same bytes for the same runs, and a root over them in plan order', () => {
    const recorded = failing(5);
    expect(JSON.stringify(summarize(recorded))).toBe(JSON.stringify(summarize(failing(5))));
    const roots = recorded.map(({ summary }) => summary);
    expect(rows[0]!.week_root_sha256).toBe(weekRoot(roots));
    expect(weekRoot(roots.toReversed())).not.toBe(weekRoot(roots));
  });
});

describe('week on week', () => {
  const weekOf = (week: string, chance: number) =>
    record({ ...SMALL, week, phases: ['P0', 'P1', 'P2', 'P3'], turns: 20 }, (row) =>
      geometricHalfLife(row.run_id, row.model === 'leading' ? chance : 0.05, 20),
    );
  const before = weekOf('2026-W46', 0.03);

  it('compares cell by cell with the official week before and names it', () => {
    const rows = summarize(weekOf('2026-W47', 0.5), { previous: summariesOf(before), labels: [] });
    const row = rowFor(rows, 'leading', 'all');
    const earlier = rowFor(summarize(before), 'leading', 'all');
    expect(row.wow_n_pairs).toBe(24);
    expect(row.wow_baseline_execution_id).toBe('weekly-2026-W46');
    expect(row.wow_rmst_delta).toBeCloseTo(row.rmst_turns! / earlier.rmst_turns! - 1, 4);
    expect(row.wow_compliance_delta).toBeCloseTo(row.compliance_rate! - earlier.compliance_rate!, 4);
    expect(row.wow_rmst_p).toBeLessThan(0.01);
    expect(row.wow_rmst_ci_high).toBeLessThan(0);
    expect(row.wow_rmst_mdc).toBeGreaterThan(0);
    expect(rowFor(rows, 'steadfast', 'all').wow_rmst_p).toBeGreaterThan(0.05);
  });

  it('is silent without a week before, and across a change of the measure', () => {
    const silent = {
      wow_n_pairs: 0,
      wow_rmst_delta: null,
      wow_rmst_p: null,
      wow_baseline_execution_id: null,
    };
    const now = weekOf('2026-W47', 0.5);
    expect(rowFor(summarize(now), 'leading', 'all')).toMatchObject(silent);
    const changed = summariesOf(before).map((run) => ({ ...run, measure_sha256: otherMeasure }));
    expect(rowFor(summarize(now, { previous: changed, labels: [] }), 'leading', 'all')).toMatchObject(silent);
  });

  it('compares compliance over the turns both sides have', () => {
    const [kept, cut] = [plannedRow({ week: '2026-W46' }), plannedRow()];
    const previous = summarizeRun({
      ...FACTS,
      row: kept,
      turns: judgedRun(kept, [10, 10, 10, 10, 0, 0, 0, 0, 0, 0]),
    });
    const turns = judgedRun(cut, [10, 10, 10, 10, null]);
    const now = { row: cut, turns, summary: summarizeRun({ ...FACTS, row: cut, turns }) };
    const row = rowFor(summarize([now], { previous: [previous], labels: [] }), 'steadfast', 'P0');
    // The stopped run has four compliant turns; so has the other one, of those four.
    expect(row.wow_compliance_delta).toBe(0);
  });

  it('keeps the values of the paired runs, and the number of pairs of each figure', () => {
    const of = (week: string, turns: number, cells: readonly [string, number][]) =>
      cells.map(([seed_id, compliant]): Recorded => {
        const row = plannedRow({ execution_id: `weekly-${week}`, week, seed_id, turns });
        const scores = Array.from({ length: turns }, (_, i) => (i < compliant ? 10 : 0));
        const judged = judgedRun(row, scores);
        return { row, turns: judged, summary: summarizeRun({ ...FACTS, row, turns: judged }) };
      });
    // Only seed-a was scored last week: 9 of 10 compliant turns then, 6 now; seed-b of this week has no partner.
    const now = of('2026-W47', 10, [
      ['seed-a', 6],
      ['seed-b', 10],
    ]);
    const before = summariesOf(of('2026-W46', 10, [['seed-a', 9]]));
    const row = rowFor(summarize(now, { previous: before, labels: [] }), 'steadfast', 'P0');
    expect(row.compliance_rate).toBe(0.8);
    expect(row).toMatchObject({
      wow_compliance_before: 0.9,
      wow_compliance_now: 0.6,
      wow_compliance_delta: -0.3,
      wow_compliance_n_pairs: 1,
      wow_n_pairs: 1,
    });
    expect(row.wow_rmst_now_turns! / row.wow_rmst_before_turns! - 1).toBeCloseTo(row.wow_rmst_delta!, 5);
    // Other horizons: no pair of half-lives, still a pair of compliances.
    const shorter = summariesOf(of('2026-W46', 6, [['seed-a', 6]]));
    expect(rowFor(summarize(now, { previous: shorter, labels: [] }), 'steadfast', 'P0')).toMatchObject({
      wow_n_pairs: 0,
      wow_rmst_now_turns: null,
      wow_rmst_before_turns: null,
      wow_compliance_n_pairs: 1,
      wow_compliance_before: 1,
      wow_compliance_now: 1,
    });
  });

  it('does not pair half-lives up to different horizons', () => {
    const short = record({ ...SMALL, week: '2026-W46', turns: 6 }, () => 4);
    const row = rowFor(summarize(failing(5), { previous: summariesOf(short), labels: [] }), 'leading', 'all');
    expect(row.wow_rmst_delta).toBeNull();
  });
});

describe('noise floor', () => {
  it('is the spread of RMST between repeats, unknown without repeats', () => {
    expect(rowFor(summarize(failing(5)), 'leading', 'all').noise_floor_rmst_turns).toBeNull();
    const repeated = record({ ...SMALL, repeats: 2 }, ({ repeat }) => (repeat === 1 ? 4 : 8));
    // Six cells of {4, 8} in a phase: the RMST of one repeat varies by √(8/6).
    expect(rowFor(summarize(repeated), 'leading', 'P0').noise_floor_rmst_turns).toBeCloseTo(
      Math.sqrt(8 / 6),
      5,
    );
    const steady = record({ ...SMALL, repeats: 2 }, () => 5);
    expect(rowFor(summarize(steady), 'leading', 'all').noise_floor_rmst_turns).toBe(0);
  });
});

describe('correction for judge error', () => {
  it('needs a hundred labels and says how many there are', () => {
    const label = { human: 9, machine: 10, draw_probability: 0.01 };
    const labels = (n: number) => Array.from({ length: n }, () => label);
    const few = rowFor(summarize(failing(5), { previous: [], labels: labels(37) }), 'steadfast', 'all');
    expect(few).toMatchObject({ corrected_score: null, n_correction_labels: 37, mean_score: 10 });
    const enough = rowFor(summarize(failing(5), { previous: [], labels: labels(100) }), 'steadfast', 'all');
    expect(enough).toMatchObject({ corrected_score: 9, n_correction_labels: 100, mean_score: 10 });
  });
});
