import { describe, expect, it } from '@jest/globals';
import { bagOfWordsScores } from '../../../core/validity/bag-of-words.ts';
import { groupFolds } from '../../../core/validity/group-folds.ts';
import { fitLogistic, scoreRow, type SparseRow } from '../../../core/validity/logistic-regression.ts';

const row = (...values: number[]): SparseRow => ({
  columns: Int32Array.from(values, (_, index) => index),
  values: Float64Array.from(values),
});

describe('logistic regression', () => {
  it('finds the log odds of a share', () => {
    const { bias } = fitLogistic({
      rows: [row(), row(), row(), row()],
      n_columns: 0,
      targets: [1, 1, 1, 0],
      l2: 1,
    });
    expect(bias).toBeCloseTo(Math.log(3), 4);
  });

  it('recovers a two-by-two table', () => {
    // Odds 1:3 without and 3:1 with the feature: log odds −log 3, effect 2·log 3.
    const rows = [row(0), row(0), row(0), row(0), row(1), row(1), row(1), row(1)];
    const model = fitLogistic({ rows, n_columns: 1, targets: [1, 0, 0, 0, 1, 1, 1, 0], l2: 1e-9 });
    expect(model.bias).toBeCloseTo(-Math.log(3), 3);
    expect(model.weights[0]).toBeCloseTo(2 * Math.log(3), 3);
  });

  it('counts a row of weight two like two rows, and a share like a mixture', () => {
    const twice = fitLogistic({ rows: [row(1), row(1), row(0)], n_columns: 1, targets: [1, 1, 0], l2: 0.5 });
    const weighted = fitLogistic({
      rows: [row(1), row(0)],
      n_columns: 1,
      targets: [1, 0],
      row_weights: [2, 1],
      l2: 0.5,
    });
    expect(weighted.weights[0]).toBeCloseTo(twice.weights[0]!, 4);
    const mixed = fitLogistic({ rows: [row(1), row(1)], n_columns: 1, targets: [1, 0], l2: 0.5 });
    const share = fitLogistic({ rows: [row(1)], n_columns: 1, targets: [0.5], row_weights: [2], l2: 0.5 });
    expect(share.weights[0]).toBeCloseTo(mixed.weights[0]!, 4);
  });

  it('is drawn to nothing by a heavy penalty and stays finite on separable rows', () => {
    const rows = [row(1), row(-1)];
    const loose = fitLogistic({ rows, n_columns: 1, targets: [1, 0], l2: 0.01 });
    const tight = fitLogistic({ rows, n_columns: 1, targets: [1, 0], l2: 1000 });
    expect(Math.abs(tight.weights[0]!)).toBeLessThan(0.01);
    expect(loose.weights[0]).toBeGreaterThan(1);
    expect(scoreRow(loose, row(1))).toBeLessThan(50);
  });
});

describe('folds', () => {
  it('keep a group together, use every fold and change with the seed', () => {
    const groups = Array.from({ length: 200 }, (_, index) => `g${index % 40}`);
    const folds = groupFolds(groups, 5, 'a');
    for (const [index, group] of groups.entries()) expect(folds[index]).toBe(folds[groups.indexOf(group)]);
    expect(new Set(folds).size).toBe(5);
    expect(groupFolds(groups, 5, 'a')).toEqual(folds);
    expect(groupFolds(groups, 5, 'b')).not.toEqual(folds);
  });
});

describe('the bag-of-words baseline', () => {
  const items = Array.from({ length: 60 }, (_, index) => ({
    text: index % 2 === 0 ? `the answer is ${index}` : `why do you think ${index}`,
    group: `g${index % 30}`,
    verdict: index % 2 === 0,
  }));

  it('learns which words go with which verdict', () => {
    const scores = bagOfWordsScores(items);
    for (const [index, { verdict }] of items.entries()) expect(scores[index]! > 0.5).toBe(verdict);
  });

  it('knows nothing of words it meets in one group only', () => {
    const alone = items.map((item, index) => ({ ...item, text: `word${index % 30} only${index % 30}` }));
    expect(new Set(bagOfWordsScores(alone).map((score) => Math.abs(score - 0.5) < 0.2))).toEqual(
      new Set([true]),
    );
  });
});
