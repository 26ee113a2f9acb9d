import type { CanaryResult } from '../../schemas/canary-result.ts';
import { CRITERION_NAMES, type CriterionName } from '../../schemas/common.ts';

/** How far one judge agrees with itself when it reads the same input several times. */
export interface JudgeRepeatability {
  /** Readings of each item. */
  n_repeats: number;
  /** Items with a verdict in every reading. */
  n_items: number;
  /** Root mean square of the standard deviations within items, points of SD; null without an item. */
  score_sd_pts: number | null;
  /** Largest difference between two readings of one item, points of SD. */
  score_max_range_pts: number | null;
  /** Share of items whose readings do not all lie on one side of the pass score. */
  flipped_frac: number | null;
  /** The same standard deviation by criterion. */
  criterion_sd_pts: Record<CriterionName, number | null>;
}

/**
 * Judge repeatability: the same items, several readings, nothing else changed. Items without a verdict in some reading are
 * left out; `n_items` says how many remain.
 * @param readings results of one golden set, one list a reading; at least two.
 */
export function judgeRepeatability(
  readings: readonly (readonly CanaryResult[])[],
  passScore: number,
): JudgeRepeatability {
  if (readings.length < 2)
    throw new RangeError(`judgeRepeatability: expected at least 2 readings, got ${readings.length}`);
  const byItem = new Map<string, CanaryResult[]>();
  for (const result of readings.flat()) {
    if (result.judge_score === null || result.judge_criteria === null) continue;
    const known = byItem.get(result.item_id) ?? [];
    known.push(result);
    byItem.set(result.item_id, known);
  }
  const items = [...byItem.values()].filter(({ length }) => length === readings.length);
  const scores = items.map((results) => results.map(({ judge_score }) => judge_score!));
  return {
    n_repeats: readings.length,
    n_items: items.length,
    score_sd_pts: pooledDeviation(scores),
    score_max_range_pts:
      items.length === 0
        ? null
        : scores.reduce((most, values) => Math.max(most, Math.max(...values) - Math.min(...values)), 0),
    flipped_frac:
      items.length === 0
        ? null
        : scores.filter(
            (values) =>
              values.some((value) => value >= passScore) && values.some((value) => value < passScore),
          ).length / items.length,
    criterion_sd_pts: Object.fromEntries(
      CRITERION_NAMES.map((name) => [
        name,
        pooledDeviation(items.map((results) => results.map(({ judge_criteria }) => judge_criteria![name]))),
      ]),
    ) as Record<CriterionName, number | null>,
  };
}

/** √ of the mean variance within groups (n − 1); null without groups. */
function pooledDeviation(groups: readonly (readonly number[])[]): number | null {
  if (groups.length === 0) return null;
  let variance = 0;
  for (const values of groups) {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    variance +=
      values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) / groups.length;
  }
  return Math.sqrt(variance);
}
