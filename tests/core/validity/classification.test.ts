import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  atThreshold,
  aucIntervals,
  aucOf,
  calibrationCurve,
  calibrationError,
  type Judged,
} from '../../../core/validity/classification.ts';

const item = (score: number, verdict: boolean, group = 'g'): Judged => ({ score, verdict, group });
const judged = fc.array(
  fc.record({
    score: fc.integer({ min: 0, max: 20 }).map((n) => n / 20),
    verdict: fc.boolean(),
    group: fc.integer({ min: 0, max: 30 }).map(String),
  }),
  { minLength: 60, maxLength: 120 },
);

describe('figures of a classifier', () => {
  it('match a confusion matrix counted by hand', () => {
    const items = [item(0.9, true), item(0.8, false), item(0.4, true), item(0.1, false)];
    expect(atThreshold(items, 0.5)).toEqual({ f1: 0.5, accuracy: 0.5, said_frac: 0.5 });
    expect(aucOf(items)).toBe(0.75);
  });

  it('are null where they cannot be computed', () => {
    expect(atThreshold([], 0.5)).toEqual({ f1: null, accuracy: null, said_frac: null });
    expect(aucOf([item(0.3, true)])).toBeNull();
    expect(calibrationError([])).toBeNull();
  });

  it('calibration error is the gap between probability and share', () => {
    const items = [...Array(7).fill(item(0.9, true)), ...Array(3).fill(item(0.9, false))];
    expect(calibrationError(items)).toBeCloseTo(0.2, 10);
    expect(calibrationCurve(items)).toEqual([
      { n: 10, mean_probability: expect.closeTo(0.9, 10), positive_frac: 0.7 },
    ]);
  });
});

describe('group bootstrap of the AUC', () => {
  it('repeats with its seed and moves with another', () => {
    fc.assert(
      fc.property(judged, (items) => {
        const first = aucIntervals([items], { seed: 'a', draws: 40 });
        expect(aucIntervals([items], { seed: 'a', draws: 40 })).toEqual(first);
      }),
      { numRuns: 20 },
    );
  });

  it('spans the figure, and the difference of a column to itself is nothing', () => {
    fc.assert(
      fc.property(judged, (items) => {
        const groups = new Set(items.map(({ group }) => group)).size;
        const { each, difference } = aucIntervals([items, items], { seed: 's', draws: 200 });
        const auc = aucOf(items);
        if (groups < 20 || auc === null) return;
        expect(each[0]!.ci_low).toBeLessThanOrEqual(auc + 0.1);
        expect(each[0]!.ci_high).toBeGreaterThanOrEqual(auc - 0.1);
        expect(difference).toEqual({ ci_low: 0, ci_high: 0 });
      }),
      { numRuns: 20 },
    );
  });

  it('is wider when items hang together in few groups', () => {
    const of = (size: number): Judged[] =>
      Array.from({ length: 600 }, (_, index) => {
        const group = Math.floor(index / size);
        const verdict = index % 2 === 0;
        const isGoodGroup = (group * 7919) % 13 < 8;
        return item((verdict === isGoodGroup ? 0.6 : 0.4) + ((index * 31) % 7) / 100, verdict, String(group));
      });
    const width = (size: number): number => {
      const interval = aucIntervals([of(size)], { seed: 'w', draws: 300 }).each[0]!;
      return interval.ci_high - interval.ci_low;
    };
    expect(width(24)).toBeGreaterThan(2 * width(2));
  });
});
