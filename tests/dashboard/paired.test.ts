import { describe, expect, it, test } from '@jest/globals';
import { comparisonsOf, directionOf, heldTurns } from '../../dashboard/src/format/compare.ts';
import { pairedDifference, t975 } from '../../dashboard/src/format/paired.ts';
import { wilson } from '../../dashboard/src/format/wilson.ts';
import { runRow } from './fixtures.ts';

describe('the interval of a paired difference', () => {
  // Student's t, 97.5%: tables of any textbook.
  test.each([
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [5, 2.571],
    [10, 2.228],
    [30, 2.042],
    [120, 1.98],
  ])('with %d degrees of freedom uses t = %d', (degrees, t) => {
    expect(Math.abs(t975(degrees) / t - 1)).toBeLessThan(0.005);
  });

  it('is that of a worked example: differences 1, 2, 3, 4, 5 have the mean 3 ± 1.963', () => {
    const { mean, ci_low, ci_high } = pairedDifference([1, 2, 3, 4, 5]);
    expect(mean).toBe(3);
    expect(ci_low).toBeCloseTo(3 - 1.963, 2);
    expect(ci_high).toBeCloseTo(3 + 1.963, 2);
  });

  it('does not exist for fewer than two pairs', () => {
    expect(pairedDifference([])).toEqual({ n_pairs: 0, mean: null, ci_low: null, ci_high: null });
    expect(pairedDifference([2])).toEqual({ n_pairs: 1, mean: 2, ci_low: null, ci_high: null });
  });
});

describe('a comparison of two executions', () => {
  const week = (model: string, scores: readonly number[]) =>
    scores.map((mean_score, index) =>
      runRow({ model, seed_id: `s${index}`, mean_score, compliance_rate: mean_score / 10 }),
    );

  it('pairs the same cells and puts what fell first, what rose last', () => {
    const before = [
      ...week('risen', [4, 5, 4, 5]),
      ...week('same', [6, 7, 6, 7]),
      ...week('fallen', [9, 9, 8, 9]),
    ];
    const after = [
      ...week('risen', [8, 9, 8, 9]),
      ...week('same', [7, 6, 7, 6]),
      ...week('fallen', [3, 3, 2, 3]),
    ];
    const comparisons = comparisonsOf(before, after);
    expect(comparisons.map((each) => [each.model, directionOf(each)])).toEqual([
      ['fallen', 'fell'],
      ['same', 'same'],
      ['risen', 'rose'],
    ]);
    expect(comparisons[0]!.pairs).toHaveLength(4);
  });

  it('leaves out a cell that one side did not score', () => {
    const a = [runRow({ seed_id: 's1' }), runRow({ seed_id: 's2', ended: 'skipped', mean_score: null })];
    const b = [runRow({ seed_id: 's1' }), runRow({ seed_id: 's2' }), runRow({ seed_id: 's3' })];
    expect(comparisonsOf(a, b)[0]!.score.n_pairs).toBe(1);
  });

  it('compares half-lives only where they are known in full', () => {
    expect(heldTurns(runRow({ half_life_turn: 7 }))).toBe(7);
    expect(heldTurns(runRow({ half_life_turn: null, censor_reason: 'horizon', observed_turns: 40 }))).toBe(
      40,
    );
    expect(
      heldTurns(runRow({ half_life_turn: null, censor_reason: 'infrastructure', observed_turns: 12 })),
    ).toBeNull();
  });
});

it('the interval of a share holds for no event and for all', () => {
  // Wilson (1927), as R's prop.test(…, correct = FALSE) prints them.
  expect(wilson(0, 20).low).toBe(0);
  expect(wilson(0, 20).high).toBeCloseTo(0.1611, 3);
  expect(wilson(5, 20).low).toBeCloseTo(0.1119, 3);
  expect(wilson(5, 20).high).toBeCloseTo(0.4687, 3);
  expect(wilson(20, 20).high).toBe(1);
});
