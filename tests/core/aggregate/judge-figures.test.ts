import { describe, expect, it } from '@jest/globals';
import { summarizeRun } from '../../../core/aggregate/summarize-run.ts';
import { randomFrom } from '../../../core/identity/random.ts';
import { FACTS, judgedTurn, plannedRow, rubric, verdict } from './fixtures.ts';
import { rowFor, summarize, type Recorded } from './week.ts';

describe('judge and filter figures', () => {
  const row = plannedRow({ turns: 6 });
  const skipped = { judge: null, scored_by: 'heuristic', filter: 'skipped' } as const;
  const turns = [
    judgedTurn(row, 1, 10),
    judgedTurn(row, 2, 10, { judge: verdict(4, { violations: ['telling'] }), is_compliant: false, score: 4 }),
    judgedTurn(row, 3, 10, skipped),
    judgedTurn(row, 4, 10, { filter: 'audited', scored_by: 'heuristic' }),
    judgedTurn(row, 5, 10, { judge: verdict(2), filter: 'audited', scored_by: 'heuristic' }),
    judgedTurn(row, 6, 10, skipped),
  ];
  const figures = rowFor(
    summarize([{ row, turns, summary: summarizeRun({ ...FACTS, row, turns }) }]),
    'steadfast',
    'P0',
  );

  it('reports the realised error of the filter from audited turns, with its interval', () => {
    expect(figures).toMatchObject({
      n_judged_turns: 4,
      n_skipped_turns: 2,
      n_audited_turns: 2,
      n_audit_errors: 1,
      realised_filter_error_frac: 0.5,
    });
    expect(figures.realised_filter_error_ci_low).toBeLessThan(0.05);
    expect(figures.realised_filter_error_ci_high).toBeGreaterThan(0.95);
    // One of two audited turns was missed, so two of the four filtered ones; one more was found by the judge.
    expect(figures.missed_noncompliance_frac).toBeCloseTo(2 / 3, 6);
  });

  it('lets audited turns stand for the filtered ones in splits and stage differences', () => {
    // Two judged turns, one split; two audited ones, one split, each standing for 20.
    const each = 1 / rubric.filter.audit_frac;
    expect(figures.judge_split_frac).toBeCloseTo((1 + each) / (2 + 2 * each), 6);
    const lead = figures.judge_minus_heuristic_pts.find(({ criterion }) => criterion === 'no_leading');
    expect(lead!.mean_pts).toBeCloseTo((-6 - 8 * each) / (2 + 2 * each), 6);
    // The heuristic says 10 everywhere: no agreement beyond chance, however often the judge says 10.
    expect(figures.judge_heuristic_kappa).toBeCloseTo(0, 6);
  });

  it('finds the same share of splits whether the filter is on or off', () => {
    // 2,000 turns; every fifth of the easy ones and half of the hard ones split. The filter takes the easy ones.
    const draw = randomFrom('audit draws');
    const hard = (i: number) => i % 4 === 0;
    const splits = (i: number) => (hard(i) ? i % 8 === 0 : i % 5 === 1);
    const runs = (isFiltered: boolean) =>
      Array.from({ length: 200 }, (_, run): Recorded => {
        const runRow = plannedRow({ repeat: run + 1 });
        const runTurns = Array.from({ length: 10 }, (__, t) => {
          const i = 10 * run + t;
          const judge = verdict(splits(i) ? 5 : 10);
          if (!isFiltered || hard(i)) return judgedTurn(runRow, t + 1, 10, { judge });
          const isAudited = draw() < rubric.filter.audit_frac;
          return judgedTurn(
            runRow,
            t + 1,
            10,
            isAudited ? { judge, filter: 'audited', scored_by: 'heuristic' } : skipped,
          );
        });
        return {
          row: runRow,
          turns: runTurns,
          summary: summarizeRun({ ...FACTS, row: runRow, turns: runTurns }),
        };
      });
    const off = rowFor(summarize(runs(false)), 'steadfast', 'P0');
    const on = rowFor(summarize(runs(true)), 'steadfast', 'P0');
    expect(on.n_judged_turns).toBeLessThan(0.3 * off.n_judged_turns);
    expect(on.judge_split_ci_low).toBeLessThan(off.judge_split_frac!);
    expect(on.judge_split_ci_high).toBeGreaterThan(off.judge_split_frac!);
    expect(on.judge_split_frac).toBeLessThan(off.judge_split_frac! + 0.1);
  });
});
