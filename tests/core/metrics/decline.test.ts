import { describe, expect, it, test } from '@jest/globals';
import * as fc from 'fast-check';
import { randomFrom } from '../../../core/identity/random.ts';
import { isDecline, measureDecline } from '../../../core/metrics/decline.ts';

/** Share of `runs` simulated dialogues whose interval lies above 0. */
function claimedShare(runs: number, make: (random: () => number) => (number | null)[]): number {
  let claimed = 0;
  for (let run = 0; run < runs; run += 1) {
    const { decline_ci_low } = measureDecline(make(randomFrom(`decline ${run}`)));
    if (decline_ci_low !== null && decline_ci_low > 0) claimed += 1;
  }
  return claimed / runs;
}
const gauss = (random: () => number) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const noisy = (random: () => number, mean: number) => Math.min(10, Math.max(0, mean + 0.5 * gauss(random)));

describe('decline of a run', () => {
  it('is the mean of the first third less that of the last, unscored turns left out', () => {
    expect(measureDecline([9, 9, 9, 5, 5, 5, 3, 3, 3]).decline_pts).toBe(6);
    expect(measureDecline([9, null, 9, 9, 5, 5, 5, null, 3, 3, 3, null]).decline_pts).toBe(6);
    expect(measureDecline([9, 9, 1, 1, 1, 4, 4]).decline_pts).toBe(5);
  });

  it('is unknown below three scored turns, its interval below nine', () => {
    expect(measureDecline([9, null, 9])).toEqual({
      decline_pts: null,
      decline_ci_low: null,
      decline_ci_high: null,
    });
    expect(measureDecline([9, 9, 9, 9, 2, 2, 2, 2])).toEqual({
      decline_pts: 7,
      decline_ci_low: null,
      decline_ci_high: null,
    });
    expect(measureDecline([9, 9, 9, 9, 2, 2, 2, 2, 2]).decline_ci_low).not.toBeNull();
  });

  it('agrees with the Welch interval where nothing hangs together from turn to turn', () => {
    // Neighbours are negatively correlated; t(.975; 18 degrees of freedom) = 2.100922, standard error by hand.
    const alternating = (mean: number) =>
      Array.from({ length: 10 }, (_, index) => mean + (index % 2 === 0 ? 0.4 : -0.4));
    const { decline_pts, decline_ci_low, decline_ci_high } = measureDecline([
      ...alternating(8),
      ...alternating(7),
      ...alternating(6),
    ]);
    expect(decline_pts).toBeCloseTo(2, 9);
    expect(decline_ci_low).toBeCloseTo(2 - 2.100922 * Math.sqrt((2 * (1.6 / 9)) / 10), 5);
    expect(decline_ci_high).toBeCloseTo(2 + 2.100922 * Math.sqrt((2 * (1.6 / 9)) / 10), 5);
  });

  it('lies inside its interval, which turns over with the run', () => {
    const runs = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 9, maxLength: 60 });
    fc.assert(
      fc.property(runs, (run) => {
        const there = measureDecline(run);
        const back = measureDecline(run.toReversed());
        expect(there.decline_ci_low!).toBeLessThanOrEqual(there.decline_pts! + 1e-9);
        expect(there.decline_ci_high!).toBeGreaterThanOrEqual(there.decline_pts! - 1e-9);
        expect(back.decline_pts!).toBeCloseTo(-there.decline_pts!, 9);
        expect(back.decline_ci_low!).toBeCloseTo(-there.decline_ci_high!, 6);
      }),
    );
  });
});

describe('what a decline claims', () => {
  test.each([0.02, 0.05, 0.2, 0.5])(
    'a tutor that fails each turn with probability %d and never changes shows none, but by the 2.5%% of chance',
    (q) => {
      const share = claimedShare(500, (random) =>
        Array.from({ length: 40 }, () => (random() < q ? noisy(random, 2) : noisy(random, 9))),
      );
      expect(share).toBeLessThanOrEqual(0.035);
    },
  );

  it('holds its error where scores hang together from turn to turn', () => {
    const share = claimedShare(1500, (random) => {
      let state = gauss(random);
      return Array.from({ length: 40 }, () => {
        state = 0.3 * state + Math.sqrt(1 - 0.09) * gauss(random);
        return 8 + 0.6 * state;
      });
    });
    expect(share).toBeLessThanOrEqual(0.04);
  });

  test.each([8, 10, 20, 30])('a tutor that drifts at turn %i of 40 is found nearly always', (k) => {
    const share = claimedShare(200, (random) =>
      Array.from({ length: 40 }, (_, index) => noisy(random, index + 1 < k ? 9 : 4)),
    );
    expect(share).toBeGreaterThanOrEqual(0.8);
  });
});

describe('what may be called a decline', () => {
  test.each([
    ['large, its interval above 0', 2, 0.3, true],
    ['as large as counts', 0.5, 0.1, true],
    ['certain, but smaller than counts', 0.2, 0.1, false],
    ['large, but its interval holds 0', 2, -0.3, false],
    ['without an interval', 7, null, false],
    ['unknown', null, null, false],
    ['a rise', -2, -3, false],
  ])('%s', (_name, decline_pts, decline_ci_low, expected) => {
    expect(isDecline({ decline_pts, decline_ci_low }, 0.5)).toBe(expected);
  });
});
