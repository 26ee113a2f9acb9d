import { describe, expect, it } from '@jest/globals';
import { judgeRepeatability } from '../../../core/drift/judge-repeatability.ts';
import { CRITERION_NAMES, type Criteria } from '../../../schemas/common.ts';
import type { CanaryResult } from '../../../schemas/canary-result.ts';

const marks = (value: number) => Object.fromEntries(CRITERION_NAMES.map((name) => [name, value])) as Criteria;

function reading(scores: readonly (number | null)[]): CanaryResult[] {
  return scores.map(
    (score, index) =>
      ({
        item_id: `item-${index}`,
        judge_score: score,
        judge_criteria: score === null ? null : marks(score),
      }) as CanaryResult,
  );
}

describe('judge repeatability', () => {
  it('is zero for a judge that always says the same', () => {
    expect(judgeRepeatability([reading([9, 3]), reading([9, 3])], 8)).toMatchObject({
      n_repeats: 2,
      n_items: 2,
      score_sd_pts: 0,
      score_max_range_pts: 0,
      flipped_frac: 0,
    });
  });

  it('pools the spread within items, not between them', () => {
    const { score_sd_pts, score_max_range_pts, criterion_sd_pts } = judgeRepeatability(
      [reading([2, 9]), reading([4, 9])],
      8,
    );
    // One item varies by 2 (variance 2), the other not at all.
    expect(score_sd_pts).toBeCloseTo(1, 12);
    expect(score_max_range_pts).toBe(2);
    expect(criterion_sd_pts.relevance).toBeCloseTo(1, 12);
  });

  it('counts the items that pass in one reading and fail in another', () => {
    expect(judgeRepeatability([reading([7.9, 9]), reading([8, 9])], 8).flipped_frac).toBe(0.5);
  });

  it('leaves out items without a verdict in some reading', () => {
    expect(judgeRepeatability([reading([null, 9]), reading([8, 9])], 8).n_items).toBe(1);
    expect(judgeRepeatability([reading([null]), reading([8])], 8).score_sd_pts).toBeNull();
  });

  it('refuses a single reading', () => {
    expect(() => judgeRepeatability([reading([9])], 8)).toThrow(/at least 2/);
  });
});
