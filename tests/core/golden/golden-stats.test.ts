import { describe, expect, it } from '@jest/globals';
import { goldenStats, raterAgreement } from '../../../core/golden/golden-stats.ts';
import { CRITERION_NAMES, type Criteria, type Violation } from '../../../schemas/common.ts';
import type { CalibrationItem } from '../../../schemas/calibration-item.ts';

const criteria = (points: number): Criteria =>
  Object.fromEntries(CRITERION_NAMES.map((name) => [name, points])) as Criteria;
const item = (
  reply: string,
  rater: string,
  points: number,
  violations: Violation[] = [],
  more: Partial<CalibrationItem> = {},
): CalibrationItem => ({
  item_id: `${reply}-${rater}`,
  domain: 'algebra',
  goal: 'g',
  reference_answer: null,
  context: [{ role: 'student', text: 's' }],
  tutor_text: reply,
  expert_criteria: criteria(points),
  expert_score: points,
  violations,
  raters: [rater],
  source: 'label',
  ...more,
});

describe('goldenStats', () => {
  it('counts items, violations, domains, raters and marked criteria', () => {
    const stats = goldenStats([
      item('a', 'ann', 10),
      item('b', 'ann', 2, ['telling', 'lecture']),
      item('c', 'bob', 4, ['telling'], {
        domain: 'history',
        labelled: { criteria: ['non_directive'], violations: ['telling'] },
      }),
    ]);
    expect(stats).toMatchObject({
      n_items: 3,
      n_clean: 1,
      by_domain: { algebra: 2, history: 1 },
      by_rater: { ann: 2, bob: 1 },
      agreement: null,
    });
    expect(stats.by_violation).toMatchObject({ telling: 2, lecture: 1, empty: 0 });
    expect(stats.by_criterion).toMatchObject({ non_directive: 3, relevance: 2 });
  });
});

describe('raterAgreement', () => {
  it('is 1 where two raters agree on turns that differ, with a mutual error of 0', () => {
    const agreement = raterAgreement(
      ['ann', 'bob'].flatMap((rater) => [item('a', rater, 10), item('b', rater, 2, ['telling'])]),
    )!;
    expect(agreement.n_turns).toBe(2);
    expect(agreement.alpha_by_criterion.relevance).toBeCloseTo(1, 12);
    expect(agreement.alpha_by_violation.telling).toBeCloseTo(1, 12);
    expect(agreement.alpha_by_violation.lecture).toBeNull();
    expect(agreement.mutual_mae_pts).toBe(0);
  });

  it('is negative where they swap their marks, and the error is the mean distance', () => {
    const agreement = raterAgreement([
      item('a', 'ann', 10),
      item('a', 'bob', 2),
      item('b', 'ann', 2),
      item('b', 'bob', 10),
    ])!;
    expect(agreement.alpha_by_criterion.no_advice).toBeLessThan(0);
    expect(agreement.mutual_mae_pts).toBe(8);
  });

  it('leaves stand-ins out: what nobody marked is neither agreement nor difference', () => {
    const labelled = { criteria: ['relevance' as const], violations: [] };
    const agreement = raterAgreement([
      item('a', 'ann', 10),
      item('a', 'bob', 4, ['telling'], { labelled }),
      item('b', 'ann', 2),
      item('b', 'bob', 2, [], { labelled }),
    ])!;
    expect(agreement.mutual_mae_pts).toBeNull();
    expect(agreement.alpha_by_violation.telling).toBeNull();
    expect(agreement.alpha_by_criterion.non_directive).toBeNull();
    expect(agreement.alpha_by_criterion.relevance).not.toBeNull();
  });

  it('takes one rater twice for a copy, not for a second opinion', () => {
    expect(raterAgreement([item('a', 'ann', 10), item('a', 'ann', 10)])).toBeNull();
  });
});
