import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { auc } from '../../../core/statistics/auc.ts';
import { krippendorffAlpha } from '../../../core/statistics/krippendorff-alpha.ts';
import { predictionPoweredMean } from '../../../core/statistics/prediction-powered.ts';
import { spearman } from '../../../core/statistics/spearman.ts';
import { addRatingPair, emptyRatingTable, weightedKappa } from '../../../core/statistics/weighted-kappa.ts';
import { randomFrom } from '../../../core/identity/random.ts';
import { oracle } from './oracle.ts';

/** Agresti (1990, table 2.10): husbands' and wives' ratings; κ by R's vcd::Kappa, "equal spacing". */
const sexualFun = [
  [7, 7, 2, 3],
  [2, 8, 3, 7],
  [1, 5, 4, 9],
  [2, 8, 9, 14],
];

/** Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C: four observers, twelve units. */
const _ = null;
const krippendorff = [
  [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
  [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
  [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
  [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
];
const units = krippendorff[0]!.map((__, unit) => krippendorff.map((rater) => rater[unit]!));

describe('weighted κ', () => {
  it('agrees with the published value (linear weights)', () => {
    expect(weightedKappa(sexualFun, 'linear')).toBeCloseTo(0.2374, 4);
  });

  it('is 1 for agreement and 0 for ratings that know nothing of each other', () => {
    expect(
      weightedKappa(
        [
          [3, 0],
          [0, 5],
        ],
        'quadratic',
      ),
    ).toBe(1);
    expect(
      weightedKappa(
        [
          [4, 8],
          [2, 4],
        ],
        'quadratic',
      ),
    ).toBeCloseTo(0, 12);
  });

  it('does not call a judge that always says "pass" in agreement', () => {
    expect(
      weightedKappa(
        [
          [0, 10],
          [0, 90],
        ],
        'linear',
      ),
    ).toBe(0);
    expect(
      weightedKappa(
        [
          [0, 0],
          [0, 90],
        ],
        'linear',
      ),
    ).toBeNull();
    expect(weightedKappa(emptyRatingTable(11), 'linear')).toBeNull();
  });

  it('is the same for both raters’ order', () => {
    const table = fc.array(fc.array(fc.nat(9), { minLength: 4, maxLength: 4 }), {
      minLength: 4,
      maxLength: 4,
    });
    fc.assert(
      fc.property(table, (counts) => {
        const turned = counts.map((__, i) => counts.map((row) => row[i]!));
        const [one, other] = [weightedKappa(counts, 'quadratic'), weightedKappa(turned, 'quadratic')];
        if (one === null) expect(other).toBeNull();
        else expect(other).toBeCloseTo(one, 12);
      }),
    );
  });

  it('refuses ratings off the scale', () => {
    expect(() => addRatingPair(emptyRatingTable(11), 11, 3)).toThrow(/0 … 10/);
  });
});

describe('Krippendorff’s α', () => {
  it.each([
    ['nominal', 0.743],
    ['ordinal', 0.815],
    ['interval', 0.849],
  ] as const)('agrees with the published %s value', (level, expected) => {
    expect(krippendorffAlpha(units, level)).toBeCloseTo(expected, 3);
  });

  it('is 1 for raters who agree, whatever is missing', () => {
    expect(
      krippendorffAlpha(
        [
          [1, 1, null],
          [5, null, 5],
          [3, 3, 3],
          [null, null, 2],
        ],
        'interval',
      ),
    ).toBe(1);
  });

  it('is undefined without pairs or without variety', () => {
    expect(krippendorffAlpha([[1, null]], 'nominal')).toBeNull();
    expect(
      krippendorffAlpha(
        [
          [2, 2],
          [2, 2],
        ],
        'ordinal',
      ),
    ).toBeNull();
  });
});

describe('AUC and rank correlation', () => {
  it('agree with R wilcox.test and cor', () => {
    const { score, label, auc: expected } = oracle.auc;
    expect(auc(score.map((one, i) => ({ score: one, is_positive: label[i] === 1 })))).toBeCloseTo(
      expected,
      12,
    );
    expect(spearman(oracle.spearman.x, oracle.spearman.y)).toBeCloseTo(oracle.spearman.rho, 12);
  });

  it('is turned round by turning the scores round', () => {
    const item = fc.record({ score: fc.integer({ min: 0, max: 9 }), is_positive: fc.boolean() });
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const value = auc(items);
        const turned = auc(items.map((one) => ({ ...one, score: -one.score })));
        if (value === null) expect(turned).toBeNull();
        else expect(turned).toBeCloseTo(1 - value, 12);
      }),
    );
  });

  it('is undefined where nothing varies', () => {
    expect(auc([{ score: 1, is_positive: true }])).toBeNull();
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeNull();
    expect(() => spearman([1], [1, 2])).toThrow(RangeError);
  });
});

describe('prediction-powered mean', () => {
  it('removes the judge’s bias and covers the truth', () => {
    const random = randomFrom('ppi');
    let covered = 0;
    let total = 0;
    const trials = 600;
    for (let trial = 0; trial < trials; trial += 1) {
      const truth = Array.from({ length: 1500 }, () => 6 + 3 * random());
      // The machine is half a point too kind, more so on good turns.
      const machine = truth.map((human) => human + 0.5 + 0.1 * (human - 7.5) + (random() - 0.5));
      const mean = machine.reduce((sum, score) => sum + score, 0) / machine.length;
      const squares = machine.reduce((sum, score) => sum + (score - mean) ** 2, 0);
      const standard_error = Math.sqrt(squares / (machine.length - 1) / machine.length);
      // Good turns are drawn three times as often, with the probability recorded.
      const labels = truth.flatMap((human, i) => {
        const draw_probability = human > 7.5 ? 0.15 : 0.05;
        return random() < draw_probability ? [{ human, machine: machine[i]!, draw_probability }] : [];
      });
      const result = predictionPoweredMean({ mean, standard_error }, labels)!;
      total += result.mean;
      if (result.ci_low <= 7.5 && 7.5 <= result.ci_high) covered += 1;
    }
    expect(total / trials).toBeCloseTo(7.5, 1);
    expect(covered / trials).toBeGreaterThan(0.92);
    expect(covered / trials).toBeLessThan(0.975);
  });

  it('needs two labels', () => {
    expect(predictionPoweredMean({ mean: 5, standard_error: 1 }, [])).toBeNull();
  });
});
