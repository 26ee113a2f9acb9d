import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from '@jest/globals';
import * as fc from 'fast-check';
import { randomFrom, type Random } from '../../../core/identity/random.ts';
import {
  calibrateFilter,
  filterDecision,
  noFilter,
  filterRisk,
  RISK_BINS,
  riskBin,
} from '../../../core/judging/filter.ts';
import { rubricSchema } from '../../../schemas/rubric.ts';

const rubric = rubricSchema.parse(
  JSON.parse(readFileSync(new URL('../../../config/rubrics/rubric-1.1.json', import.meta.url), 'utf8')),
);
const { max_pass_risk, max_fail_risk, max_false_fail_frac, min_calibration_turns, audit_frac } =
  rubric.filter;

/** A population: how often a turn falls into each bin, and how often it is non-compliant there. */
interface Population {
  share: readonly number[];
  noncompliant: readonly number[];
}
const population = (
  noncompliantAt: (bin: number) => number,
  weightAt: (bin: number) => number,
): Population => {
  const weights = Array.from({ length: RISK_BINS }, (_, bin) => weightAt(bin));
  const sum = weights.reduce((a, b) => a + b, 0);
  return {
    share: weights.map((weight) => weight / sum),
    noncompliant: weights.map((_, bin) => noncompliantAt(bin)),
  };
};
const sample = ({ share, noncompliant }: Population, n: number, random: Random) => {
  const bins = share.map((_, bin) => ({ bin, n_compliant: 0, n_noncompliant: 0 }));
  for (let i = 0; i < n; i += 1) {
    let draw = random();
    let bin = 0;
    while (bin < RISK_BINS - 1 && draw >= share[bin]!) {
      draw -= share[bin]!;
      bin += 1;
    }
    if (random() < noncompliant[bin]!) bins[bin]!.n_noncompliant += 1;
    else bins[bin]!.n_compliant += 1;
  }
  return bins;
};
/** True error among the turns of the bins, by the population. */
const trueError = (
  { share, noncompliant }: Population,
  isIn: (bin: number) => boolean,
  wrong: (p: number) => number,
) => {
  let mass = 0;
  let errors = 0;
  for (let bin = 0; bin < RISK_BINS; bin += 1) {
    if (!isIn(bin)) continue;
    mass += share[bin]!;
    errors += share[bin]! * wrong(noncompliant[bin]!);
  }
  return mass === 0 ? 0 : errors / mass;
};
const centre = (bin: number) => 1 / (1 + Math.exp(-(-6 + (bin + 0.5) * 0.25)));
const even = () => 1;
/** Turns of a good series: most of them at low risk, some at high risk. */
const twoHumps = (bin: number) => Math.exp(-((bin - 8) ** 2) / 30) + 0.3 * Math.exp(-((bin - 42) ** 2) / 20);

describe('riskBin', () => {
  it('puts every risk into a bin, higher risk never into a lower one', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b) => {
          const [low, high] = a < b ? [a, b] : [b, a];
          expect(riskBin(low)).toBeLessThanOrEqual(riskBin(high));
          expect(riskBin(low)).toBeGreaterThanOrEqual(0);
          expect(riskBin(high)).toBeLessThan(RISK_BINS);
        },
      ),
    );
    expect([riskBin(0), riskBin(0.5), riskBin(1)]).toEqual([0, RISK_BINS / 2, RISK_BINS - 1]);
  });
});

describe('filterRisk', () => {
  it('never lets a turn be skipped against the verdict that the record would keep', () => {
    expect(filterRisk({ noncompliance_risk: 0.9, is_compliant: true })).toBeLessThan(0.5);
    expect(filterRisk({ noncompliance_risk: 0.1, is_compliant: false })).toBeGreaterThanOrEqual(0.5);
    expect(filterRisk({ noncompliance_risk: 0.1, is_compliant: true })).toBe(0.1);
    expect(filterRisk({ noncompliance_risk: 0.9, is_compliant: false })).toBe(0.9);
  });
});

describe('filterRisk', () => {
  it('keeps a turn on the side of its heuristic verdict, so that no skip goes against what the record says', () => {
    const risk = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(risk, fc.boolean(), (noncompliance_risk, is_compliant) => {
        const bin = riskBin(filterRisk({ noncompliance_risk, is_compliant }));
        expect(bin < RISK_BINS / 2).toBe(is_compliant);
        if (is_compliant === noncompliance_risk < 0.49)
          expect(filterRisk({ noncompliance_risk, is_compliant })).toBe(
            is_compliant ? noncompliance_risk : Math.max(noncompliance_risk, 0.5),
          );
      }),
    );
  });
});

describe('calibrateFilter', () => {
  test.each<[string, Population, number]>([
    ['calibrated risks', population(centre, even), 3000],
    ['calibrated risks, two humps', population(centre, twoHumps), 3000],
    ['risks just above the bound everywhere', population(() => max_pass_risk * 1.1, twoHumps), 2000],
    ['risks far too rosy', population((bin) => Math.min(1, centre(bin) * 6), twoHumps), 3000],
    ['risks upside down', population((bin) => 1 - centre(bin), even), 1500],
    ['a coin toss', population(() => 0.5, even), 800],
    ['compliance just above the bound among failed', population(() => 1 - max_fail_risk * 1.1, even), 2000],
    ['few turns', population(centre, twoHumps), 520],
  ])('keeps both bounds in 95 of 100 calibrations: %s', (name, truth, n) => {
    const SIMULATIONS = 300;
    // 5% of 300 is 15; 28 or more have a chance below 1 in 1000 when the promise holds.
    const TOLERATED = 28;
    const random = randomFrom(`filter:${name}`);
    let badPass = 0;
    let badFail = 0;
    for (let i = 0; i < SIMULATIONS; i += 1) {
      const { pass_below_risk, fail_above_risk } = calibrateFilter(sample(truth, n, random), rubric, 1000);
      const passes = (bin: number) => pass_below_risk !== null && centre(bin) < pass_below_risk;
      const fails = (bin: number) => fail_above_risk !== null && centre(bin) >= fail_above_risk;
      if (trueError(truth, passes, (p) => p) > max_pass_risk) badPass += 1;
      if (trueError(truth, fails, (p) => 1 - p) > max_fail_risk) badFail += 1;
    }
    expect([badPass <= TOLERATED, badFail <= TOLERATED]).toEqual([true, true]);
  });

  it('does skip where risks tell turns apart: a bound that nothing meets would be no use', () => {
    const sharp = population((bin) => (bin < 20 ? 0.0005 : bin > 35 ? 0.9998 : 0.5), twoHumps);
    const { pass_below_risk, fail_above_risk } = calibrateFilter(
      sample(sharp, 20_000, randomFrom('sharp')),
      rubric,
      1000,
    );
    expect(pass_below_risk).toBeGreaterThan(centre(12));
    expect(fail_above_risk).toBeLessThan(centre(44));
    expect(pass_below_risk).toBeLessThanOrEqual(0.5);
    expect(fail_above_risk).toBeGreaterThanOrEqual(0.5);
  });

  it('fails no more of all compliant turns than the rubric allows, in 95 of 100 calibrations', () => {
    // A good tutor: nearly every turn complies, and those at high risk fail three times in four.
    const good = population(
      (bin) => (bin > 40 ? 0.97 : 0.01),
      (bin) => (bin < 12 ? 1 : bin > 40 ? 0.08 : 0),
    );
    const random = randomFrom('false failures');
    const compliant = good.share.reduce((sum, share, bin) => sum + share * (1 - good.noncompliant[bin]!), 0);
    let bad = 0;
    let used = 0;
    for (let i = 0; i < 100; i += 1) {
      const { fail_above_risk } = calibrateFilter(sample(good, 12_000, random), rubric, 1000);
      const failed = good.share.reduce(
        (sum, share, bin) =>
          fail_above_risk !== null && centre(bin) >= fail_above_risk
            ? sum + share * (1 - good.noncompliant[bin]!)
            : sum,
        0,
      );
      if (failed > 0) used += 1;
      if (failed / compliant > max_false_fail_frac) bad += 1;
    }
    // 5 expected at worst; 13 or more have a chance below 1 in 1000.
    expect(bad).toBeLessThanOrEqual(12);
    expect(used).toBeGreaterThan(0);
  });

  it('forgives an early slip among few turns, and ends where slips become too many', () => {
    const slip = { bin: 0, n_compliant: 19, n_noncompliant: 1 };
    const rest = { bin: 4, n_compliant: 3000, n_noncompliant: 3 };
    const bad = { bin: 9, n_compliant: 900, n_noncompliant: 100 };
    expect(calibrateFilter([slip, rest, bad], rubric, 1000).pass_below_risk).toBeCloseTo(
      1 / (1 + Math.exp(6 - 5 * 0.25)),
      9,
    );
  });

  it('never passes a turn that is more likely to fail than not, nor the reverse', () => {
    const all = (n_compliant: number, n_noncompliant: number) =>
      Array.from({ length: RISK_BINS }, (_, bin) => ({ bin, n_compliant, n_noncompliant }));
    expect(calibrateFilter(all(1000, 0), rubric, 1000)).toMatchObject({
      pass_below_risk: 0.5,
      fail_above_risk: null,
    });
    const failing = all(0, 1000).slice(RISK_BINS / 2);
    expect(
      calibrateFilter([...failing, { bin: 0, n_compliant: 10_000, n_noncompliant: 0 }], rubric, 1000),
    ).toMatchObject({
      fail_above_risk: 0.5,
    });
  });

  it('fails nothing unjudged where that would fail more than the stated share of compliant turns', () => {
    // Four bad tutors and a good one: 1% of the failed turns are compliant, but these are 1% of all compliant turns.
    const good = { bin: 4, n_compliant: 9_900, n_noncompliant: 0 };
    const failing = { bin: 44, n_compliant: 100, n_noncompliant: 9_900 };
    expect(calibrateFilter([good, failing], rubric, 1000).fail_above_risk).toBeNull();
    expect(
      calibrateFilter([good, { ...failing, n_compliant: 0 }], rubric, 1000).fail_above_risk,
    ).not.toBeNull();
  });

  it("skips nothing before the rubric's number of judged turns", () => {
    const bins = [{ bin: 0, n_compliant: min_calibration_turns - 1, n_noncompliant: 0 }];
    expect(calibrateFilter(bins, rubric, 1000)).toEqual({
      pass_below_risk: null,
      fail_above_risk: null,
      n_calibration: min_calibration_turns - 1,
      audit_frac,
    });
    expect(
      calibrateFilter([{ bin: 0, n_compliant: min_calibration_turns, n_noncompliant: 0 }], rubric, 1000),
    ).toMatchObject({
      n_calibration: min_calibration_turns,
    });
    expect(calibrateFilter([], rubric, 1000).n_calibration).toBe(0);
  });

  it('adds up the same bin of several runs', () => {
    const whole = [{ bin: 3, n_compliant: 1000, n_noncompliant: 1 }];
    const parts = Array.from({ length: 10 }, (_, i) => ({
      bin: 3,
      n_compliant: 100,
      n_noncompliant: i === 4 ? 1 : 0,
    }));
    expect(calibrateFilter(parts, rubric, 1000)).toEqual(calibrateFilter(whole, rubric, 1000));
  });

  it('never lets the two thresholds cross', () => {
    const counts = fc.integer({ min: 0, max: 3000 });
    const bin = fc.integer({ min: 0, max: RISK_BINS - 1 });
    const row = fc.record({ bin, n_compliant: counts, n_noncompliant: counts });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (bins) => {
        const { pass_below_risk, fail_above_risk } = calibrateFilter(bins, rubric, 1000);
        if (pass_below_risk !== null && fail_above_risk !== null)
          expect(fail_above_risk).toBeGreaterThanOrEqual(pass_below_risk);
      }),
    );
  });
});

describe('the share that is audited', () => {
  const bins = [{ bin: 2, n_compliant: 5_000, n_noncompliant: 0 }];
  const mixed = [...bins, { bin: 24, n_compliant: 2_500, n_noncompliant: 2_500 }];

  it("is the rubric's where enough turns are skipped, and where none are", () => {
    expect(calibrateFilter(bins, rubric, 10_000).audit_frac).toBe(audit_frac);
    expect(calibrateFilter([], rubric, 10_000).audit_frac).toBe(audit_frac);
    expect(noFilter(rubric).audit_frac).toBe(audit_frac);
  });

  it('grows in a small execution until it gives the least number of audited turns, and ends at all of them', () => {
    const { min_audit_turns } = rubric.filter;
    const small = calibrateFilter(bins, rubric, 400);
    expect(small.audit_frac).toBeGreaterThan(audit_frac);
    // Half of the turns lie where the filter decides, so each counts for the audit twice.
    expect(calibrateFilter(mixed, rubric, 800).audit_frac).toBeCloseTo(small.audit_frac, 9);
    expect(calibrateFilter(bins, rubric, 20).audit_frac).toBe(1);
    const shortfalls = Array.from({ length: 200 }, (_, week) => {
      const decisions = Array.from({ length: 400 }, (__, turn) =>
        filterDecision(0.001, small, `${week}`, turn),
      );
      return decisions.filter((decision) => decision === 'audited').length < min_audit_turns;
    }).filter(Boolean).length;
    expect(shortfalls).toBeLessThan(15);
  });
});

describe('filterDecision', () => {
  const thresholds = { pass_below_risk: 0.02, fail_above_risk: 0.95, n_calibration: 5000, audit_frac };
  const decide = (risk: number, turn = 1, run = 'r') => filterDecision(risk, thresholds, run, turn);

  it('judges what lies between the thresholds, and everything when there are none', () => {
    expect([decide(0.02), decide(0.5), decide(0.949)]).toEqual(['judged', 'judged', 'judged']);
    for (const risk of [0, 0.5, 1]) expect(filterDecision(risk, noFilter(rubric), 'r', 1)).toBe('judged');
  });

  it("audits the rubric's share of what it skips, the same turns at every replay", () => {
    const draws = Array.from({ length: 20_000 }, (_, i) =>
      decide(i % 2 === 0 ? 0.001 : 0.99, i % 40, `run-${i}`),
    );
    const audited = draws.filter((decision) => decision === 'audited').length;
    expect(draws).not.toContain('judged');
    // Five standard deviations of a binomial.
    const deviation = Math.sqrt(draws.length * audit_frac * (1 - audit_frac));
    expect(Math.abs(audited - draws.length * audit_frac)).toBeLessThan(5 * deviation);
    expect(Array.from({ length: 200 }, (_, i) => decide(0.001, i))).toEqual(
      Array.from({ length: 200 }, (_, i) => decide(0.001, i)),
    );
  });
});
