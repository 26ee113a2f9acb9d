import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { randomFrom } from '../../../core/identity/random.ts';

const take = (seed: string, count: number) => {
  const random = randomFrom(seed);
  return Array.from({ length: count }, random);
};

describe('deterministic randomness', () => {
  it('repeats for the same seed and differs for another', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (seed, other) => {
        expect(take(seed, 8)).toEqual(take(seed, 8));
        if (seed !== other) expect(take(seed, 8)).not.toEqual(take(other, 8));
      }),
    );
  });

  it('holds its first numbers for ever: recorded executions were drawn with them', () => {
    expect(take('socratic', 3).map((value) => Math.floor(value * 2 ** 32))).toEqual(RECORDED);
  });

  it('lies in [0, 1), uniformly: chi-square over 100 cells', () => {
    const counts = Array.from({ length: 100 }, () => 0);
    for (const value of take('uniformity', 200_000)) {
      if (value < 0 || value >= 1) throw new Error(`out of range: ${value}`);
      counts[Math.floor(value * 100)]! += 1;
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    // χ² with 99 degrees of freedom: 0.0001 and 0.9999 quantiles.
    expect(chiSquare).toBeGreaterThan(53);
    expect(chiSquare).toBeLessThan(160);
  });

  it('starts uniformly too: the first number of many seeds', () => {
    const firsts = Array.from({ length: 20_000 }, (_, index) => take(`run ${index}`, 1)[0]!);
    const mean = firsts.reduce((sum, value) => sum + value, 0) / firsts.length;
    // Standard error 0.289 / √20,000 = 0.002.
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
    const counts = Array.from({ length: 20 }, () => 0);
    for (const value of firsts) counts[Math.floor(value * 20)]! += 1;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(55);
  });

  it('does not follow from the number before', () => {
    const values = take('serial', 100_000);
    let product = 0;
    for (let index = 1; index < values.length; index += 1)
      product += (values[index]! - 0.5) * (values[index - 1]! - 0.5);
    // Correlation has a standard error of 1 / √n = 0.003.
    expect(Math.abs((product / values.length) * 12)).toBeLessThan(0.02);
  });
});

/**
 * sfc32 of PractRand computed apart (Python) from the SHA-256 of the seed. Other numbers re-draw every simulated tutor, so
 * `measure_version` would have to rise.
 */
const RECORDED = [3_836_123_424, 3_936_435_402, 4_236_829_204];
