import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { randomFrom } from '../../../core/identity/random.ts';
import { bootstrapInterval, clusterBootstrapInterval } from '../../../core/statistics/bootstrap.ts';
import { lowerBound, upperBound } from '../../../core/statistics/clopper-pearson.ts';
import { clusterMean } from '../../../core/statistics/cluster-mean.ts';
import {
  chiSquareUpperTail,
  normalQuantile,
  tQuantile,
  tUpperTail,
} from '../../../core/statistics/distributions.ts';
import { holm } from '../../../core/statistics/holm.ts';
import { minimumDetectableChange } from '../../../core/statistics/minimum-detectable-change.ts';
import { pairedChange } from '../../../core/statistics/paired-change.ts';
import { quantile } from '../../../core/statistics/quantile.ts';
import { rankWithTies } from '../../../core/statistics/rank-with-ties.ts';
import { signFlipTest } from '../../../core/statistics/sign-flip.ts';
import { oracle } from './oracle.ts';

/** Standard normal numbers (Box–Muller). */
function normals(seed: string): () => number {
  const random = randomFrom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('distributions', () => {
  it('agree with R to more digits than a record keeps', () => {
    for (const { p, df, t } of oracle.t_quantiles) expect(tQuantile(p, df) / t).toBeCloseTo(1, 7);
    for (const { t, df, upper_tail } of oracle.t_tails) expect(tUpperTail(t, df)).toBeCloseTo(upper_tail, 7);
    for (const { p, z } of oracle.normal_quantiles) expect(normalQuantile(p)).toBeCloseTo(z, 8);
    for (const { x, upper_tail } of oracle.chi_square_tails)
      expect(chiSquareUpperTail(x, 1)).toBeCloseTo(upper_tail, 9);
  });

  it('bounds a proportion as R binom.test does', () => {
    for (const { successes, n, ci_low, ci_high } of oracle.binomial) {
      expect(lowerBound(successes, n, 0.975)).toBeCloseTo(ci_low, 7);
      expect(upperBound(successes, n, 0.975)).toBeCloseTo(ci_high, 7);
    }
    expect([lowerBound(0, 0, 0.95), upperBound(0, 0, 0.95)]).toEqual([0, 1]);
  });

  it('refuses less than one degree of freedom', () => {
    expect(() => tQuantile(0.975, 0)).toThrow(/degree of freedom/);
    expect(() => tUpperTail(1, 0.5)).toThrow(RangeError);
  });

  it('has quantiles as R does (type 7)', () => {
    const { values, p, expected } = oracle.quantiles;
    p.forEach((one, i) => expect(quantile(values, one)).toBeCloseTo(expected[i]!, 12));
  });
});

describe('Holm adjustment', () => {
  it('agrees with R p.adjust', () => {
    holm(oracle.holm.p).forEach((p, i) => expect(p).toBeCloseTo(oracle.holm.adjusted[i]!, 12));
  });

  it('never lowers a p, keeps their order, stays in 0–1 and lies below Bonferroni', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (raw) => {
        const adjusted = holm(raw);
        adjusted.forEach((p, i) => {
          expect(p).toBeGreaterThanOrEqual(raw[i]!);
          expect(p).toBeLessThanOrEqual(Math.min(1, raw[i]! * raw.length) + 1e-15);
          raw.forEach((other, j) => {
            if (raw[i]! < other) expect(p).toBeLessThanOrEqual(adjusted[j]!);
          });
        });
      }),
    );
  });
});

describe('sign-flip test', () => {
  const options = (seed: string, draws = 2000) => ({ draws, random: randomFrom(seed) });

  it('counts every sign pattern of few pairs', () => {
    // All five fell: one pattern of 32 is as extreme.
    expect(signFlipTest([-1, -2, -3, -4, -5], options('a'))).toBe(1 / 32);
    // Fisher's exact share by hand: of the 8 sums of ±1 ±2 ±4, −5 and −7 reach −5.
    expect(signFlipTest([1, -2, -4], options('a'))).toBe(2 / 8);
    expect(signFlipTest([1, 2, 3], options('a'))).toBe(1);
  });

  it('ignores pairs that did not move, and finds nothing where none did', () => {
    expect(signFlipTest([0, -1, 0, -2, 0], options('a'))).toBe(1 / 4);
    expect(signFlipTest([0, 0], options('a'))).toBe(1);
    expect(signFlipTest([], options('a'))).toBeNull();
  });

  it('draws patterns of many pairs in agreement with the count of all', () => {
    const next = normals('pairs');
    const few = Array.from({ length: 14 }, () => next() - 0.4);
    const exact = signFlipTest(few, options('x'))!;
    // 15 pairs of which one is negligible: drawing stops at 200 hits, which leaves 1 / √200 of relative error.
    const ps = Array.from({ length: 50 }, (_, i) => signFlipTest([...few, 1e-7], options(`x${i}`, 20_000))!);
    expect(Math.abs(mean(ps) / exact - 1)).toBeLessThan(4 / Math.sqrt(200 * 50));
  });

  it('has the same p for the same seed and never 0', () => {
    const fall = Array.from({ length: 40 }, () => -1);
    expect(signFlipTest(fall, options('s', 999))).toBe(1 / 1000);
    const mixed = Array.from({ length: 40 }, (_, i) => Math.sin(i));
    expect(signFlipTest(mixed, options('s'))).toBe(signFlipTest(mixed, options('s')));
  });

  it.each([9, 36])('rejects at its level and is uniform under no change (%i pairs)', (n) => {
    const next = normals(`null ${n}`);
    const random = randomFrom(`null draws ${n}`);
    const trials = 3000;
    const ps = Array.from({ length: trials }, () =>
      signFlipTest(
        Array.from({ length: n }, () => Math.round(3 * next())),
        { draws: 499, random },
      )!,
    );
    for (const level of [0.01, 0.05, 0.2, 0.5]) {
      const share = ps.filter((p) => p <= level).length / trials;
      // At most the level, within three standard errors; ties of whole turns make it conservative.
      expect(share).toBeLessThan(level + 3 * Math.sqrt((level * (1 - level)) / trials));
      expect(share).toBeGreaterThan(0.6 * level);
    }
  });
});

describe('paired change', () => {
  const options = (seed = 'paired') => ({ draws: 999, random: randomFrom(seed) });

  it('weighs phases equally however many pairs each has', () => {
    const pairs = [
      { stratum: 'P0', now: 20, before: 40 },
      { stratum: 'P0', now: 20, before: 40 },
      { stratum: 'P0', now: 20, before: 40 },
      { stratum: 'P3', now: 10, before: 10 },
    ];
    const change = pairedChange(pairs, options())!;
    expect(change.delta).toBeCloseTo(-10, 12);
    expect(change.before).toBeCloseTo(25, 12);
    expect(change.relative!.delta).toBeCloseTo(-0.4, 12);
    // One pair shows no spread, so the stratified interval does not exist.
    expect([change.ci_low, change.ci_high, change.mdc]).toEqual([null, null, null]);
  });

  it('is the paired t interval of one stratum', () => {
    const differences = [-3, 1, -4, 1, -5];
    const change = pairedChange(
      differences.map((difference) => ({ stratum: 'P0', now: 20 + difference, before: 20 })),
      options(),
    )!;
    // sd 2.8284, se 1.2649, t(4) 2.7764: −2 ± 3.5120.
    expect(change.ci_low).toBeCloseTo(-5.512, 3);
    expect(change.ci_high).toBeCloseTo(1.512, 3);
    expect(change.mdc).toBeCloseTo(minimumDetectableChange(Math.sqrt(8 / 5), 4), 9);
  });

  it('covers the true change as often as it claims, absolute and relative', () => {
    const next = normals('coverage');
    const trials = 1500;
    let absolute = 0;
    let relative = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      const pairs = Array.from({ length: 36 }, (_, i) => {
        const cell = 24 + 6 * next();
        return {
          stratum: `P${i % 4}`,
          before: cell + 4 * next(),
          now: 0.8 * cell + 4 * next() - (i % 4),
        };
      });
      const {
        ci_low,
        ci_high,
        relative: ratio,
      } = pairedChange(pairs, {
        draws: 1,
        random: randomFrom(`c${trial}`),
      })!;
      const truth = 0.8 * 24 - 1.5 - 24;
      if (ci_low! <= truth && truth <= ci_high!) absolute += 1;
      if (ratio!.ci_low! <= truth / 24 && truth / 24 <= ratio!.ci_high!) relative += 1;
    }
    for (const covered of [absolute / trials, relative / trials]) {
      expect(covered).toBeGreaterThan(0.93);
      expect(covered).toBeLessThan(0.97);
    }
  });

  it('finds its minimum detectable change about four times in five', () => {
    const next = normals('power');
    const trials = 1000;
    const sd = 5;
    const n = 30;
    const fall = minimumDetectableChange(sd / Math.sqrt(n), n - 1);
    let found = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      const pairs = Array.from({ length: n }, () => ({
        stratum: 'P0',
        before: 20,
        now: 20 - fall + sd * next(),
      }));
      const { p_fall } = pairedChange(pairs, { draws: 499, random: randomFrom(`p${trial}`) })!;
      if (p_fall < 0.05) found += 1;
    }
    expect(found / trials).toBeGreaterThan(0.75);
    expect(found / trials).toBeLessThan(0.85);
  });

  it('has no relative change against nothing, and none at all without pairs', () => {
    expect(pairedChange([{ stratum: 'P0', now: 1, before: 0 }], options())!.relative).toBeNull();
    expect(pairedChange([], options())).toBeNull();
  });
});

describe('cluster mean', () => {
  const at = (cluster: string, value: number, weight = 1, stratum = 'P0') => ({
    stratum,
    cluster,
    value,
    weight,
  });

  it('is the plain t interval where each cluster has one observation', () => {
    const result = clusterMean([at('a', 1), at('b', 2), at('c', 4), at('d', 5)])!;
    // mean 3, sd 1.8257, se 0.9129, t(3) 3.1824.
    expect(result.mean).toBe(3);
    expect(result.standard_error).toBeCloseTo(0.912871, 6);
    expect(result.ci_high).toBeCloseTo(3 + 3.182446 * 0.912871, 5);
    expect(result.df).toBe(3);
  });

  it('does not grow narrower by copying the runs of a seed', () => {
    const once = [at('a', 1), at('b', 2), at('c', 4)];
    const thrice = [...once, ...once, ...once];
    expect(clusterMean(thrice)!.standard_error).toBeCloseTo(clusterMean(once)!.standard_error!, 12);
  });

  it('covers the true mean at 3 seeds, where z and the bootstrap do not', () => {
    const next = normals('three seeds');
    const trials = 3000;
    let byT = 0;
    let byZ = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      const data = ['a', 'b', 'c'].flatMap((cluster) => {
        const seedEffect = 3 * next();
        return Array.from({ length: 12 }, () => at(cluster, 20 + seedEffect + 2 * next()));
      });
      const { mean: estimate, standard_error, ci_low, ci_high } = clusterMean(data)!;
      if (ci_low! <= 20 && 20 <= ci_high!) byT += 1;
      if (Math.abs(estimate - 20) <= 1.96 * standard_error!) byZ += 1;
    }
    expect(byT / trials).toBeGreaterThan(0.935);
    expect(byT / trials).toBeLessThan(0.965);
    expect(byZ / trials).toBeLessThan(0.87);
  });

  it('has a mean but no interval from one seed, and nothing from no observations', () => {
    const one = clusterMean([at('a', 1), at('a', 3)])!;
    expect([one.mean, one.ci_low, one.ci_high, one.df]).toEqual([2, null, null, 0]);
    expect(clusterMean([])).toBeNull();
    expect(clusterMean([at('a', 0, 0)])).toBeNull();
  });

  it('averages ratio means over phases, whatever their number of turns', () => {
    const result = clusterMean([
      at('a', 8, 10, 'P0'),
      at('b', 6, 10, 'P0'),
      at('a', 10, 40, 'P3'),
      at('b', 20, 40, 'P3'),
    ])!;
    expect(result.mean).toBeCloseTo((14 / 20 + 30 / 80) / 2, 12);
  });
});

describe('bootstrap', () => {
  it('repeats with its seed and covers the mean of many units', () => {
    const next = normals('boot');
    let covered = 0;
    for (let trial = 0; trial < 200; trial += 1) {
      const units = Array.from({ length: 60 }, next);
      const interval = bootstrapInterval(units, mean, { seed: `t${trial}`, draws: 300 })!;
      if (interval.ci_low <= 0 && 0 <= interval.ci_high) covered += 1;
      if (trial === 0) expect(bootstrapInterval(units, mean, { seed: 't0', draws: 300 })).toEqual(interval);
    }
    expect(covered / 200).toBeGreaterThan(0.88);
  });

  it('keeps clusters whole: copying a unit inside its cluster leaves the interval as wide', () => {
    const clusters = Array.from({ length: 25 }, (_, i) => [Math.sin(i) * 5]);
    const options = { seed: 'clusters', draws: 500 };
    const single = clusterBootstrapInterval(clusters, mean, options)!;
    const copied = clusterBootstrapInterval(
      clusters.map(([value]) => [value!, value!, value!]),
      mean,
      options,
    )!;
    expect(copied.ci_high - copied.ci_low).toBeCloseTo(single.ci_high - single.ci_low, 12);
  });

  it('refuses fewer than twenty clusters and says what to use', () => {
    expect(() => clusterBootstrapInterval([[1], [2], [3]], mean, { seed: 's', draws: 10 })).toThrow(
      /clusterMean/,
    );
  });
});

describe('ranking', () => {
  const names = ['a', 'b', 'c'];
  const difference = (first: string, second: string, delta: number, standard_error: number | null = 1) => ({
    first,
    second,
    mean: delta,
    standard_error,
    df: 8,
  });
  const open = (rank: number, rank_max: number) => ({ rank, rank_max });
  const settled = (rank: number) => open(rank, rank);

  it('is one plus the number of models statistically better', () => {
    const ranks = rankWithTies(names, [
      difference('a', 'b', 20),
      difference('a', 'c', 30),
      difference('b', 'c', 10),
    ]);
    expect(names.map((name) => ranks.get(name))).toEqual([settled(1), settled(2), settled(3)]);
  });

  it('shows models that cannot be told apart as tied', () => {
    const ranks = rankWithTies(names, [
      difference('a', 'b', 0.5),
      difference('a', 'c', 30),
      difference('b', 'c', 30),
    ]);
    expect(names.map((name) => ranks.get(name))).toEqual([open(1, 2), open(1, 2), settled(3)]);
  });

  it('leaves an erratic model many places and the others few', () => {
    const ranks = rankWithTies(
      ['a', 'b', 'c', 'erratic'],
      [
        difference('a', 'b', 10),
        difference('a', 'c', 20),
        difference('b', 'c', 10),
        ...['a', 'b', 'c'].map((name) => difference(name, 'erratic', 15, 20)),
      ],
    );
    expect([...ranks.values()]).toEqual([open(1, 2), open(2, 3), open(3, 4), open(1, 4)]);
  });

  it('decides nothing without a standard error', () => {
    const ranks = rankWithTies(names, [difference('a', 'b', 30, null)]);
    expect([...ranks.values()]).toEqual([open(1, 3), open(1, 3), open(1, 3)]);
  });

  it('separates models whose difference is the same for every seed', () => {
    const ranks = rankWithTies(['a', 'b'], [difference('b', 'a', 5, 0)]);
    expect([ranks.get('a'), ranks.get('b')]).toEqual([settled(2), settled(1)]);
  });
});
