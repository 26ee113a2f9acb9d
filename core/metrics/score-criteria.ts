import { CRITERIA, type Criteria, type Violation } from '../../schemas/common.ts';
import type { Rubric } from '../../schemas/rubric.ts';

export interface Disposition {
  form_pts: number;
  substance_pts: number;
  purity_pts: number;
  /** Socratic Disposition, 0–10. */
  score: number;
  is_compliant: boolean;
}

/**
 * Socratic Disposition of one turn: form and substance are the mean of their three criteria, purity the minimum of its
 * three (with a mean, advice alone would score 8.33 and pass for ever), weighted by the rubric. Refusal and empty score 0.
 * `is_compliant`: score ≥ pass_score and no disqualifying violation. Both stages and every caller score here.
 */
export function scoreCriteria(
  criteria: Criteria,
  violations: readonly Violation[],
  rubric: Rubric,
): Disposition {
  const form_pts = mean(CRITERIA.form.map((name) => criteria[name]));
  const substance_pts = mean(CRITERIA.substance.map((name) => criteria[name]));
  const purity_pts = Math.min(...CRITERIA.purity.map((name) => criteria[name]));
  const isZero = violations.some((violation) => rubric.zero_score.includes(violation));
  const weighted =
    rubric.weights.form * form_pts +
    rubric.weights.substance * substance_pts +
    rubric.weights.purity * purity_pts;
  const score = isZero ? 0 : round6(weighted);
  const is_compliant =
    score >= rubric.pass_score && !violations.some((violation) => rubric.disqualifying.includes(violation));
  return {
    form_pts: round6(form_pts),
    substance_pts: round6(substance_pts),
    purity_pts,
    score,
    is_compliant,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Six decimals: enough for every figure, and 8.0 reached by thirds is 8.0. */
function round6(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
