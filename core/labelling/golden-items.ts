import type { CalibrationItem } from '../../schemas/calibration-item.ts';
import type { Candidate } from '../../schemas/label.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import { consensusOf, type Rating } from './ratings.ts';

/** Below it a set is built with an override note only (Krippendorff 2004: no conclusion is drawn below .667). */
export const MIN_ALPHA = 0.67;

export interface GoldenDraft {
  items: CalibrationItem[];
  /** Labelled by one rater only. */
  n_single: number;
  /** Raters differ by more than 1.5 points and nobody has decided. */
  n_undecided: number;
}

/** The items of a golden set from labels: every item with a consensus, sorted by id. */
export function goldenItems(
  ratings: ReadonlyMap<string, readonly Rating[]>,
  candidates: ReadonlyMap<string, Candidate>,
  rubric: Rubric,
): GoldenDraft {
  const items: CalibrationItem[] = [];
  let n_single = 0;
  let n_undecided = 0;
  for (const [item_id, given] of [...ratings].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const candidate = candidates.get(item_id);
    if (candidate === undefined) continue;
    const consensus = consensusOf(given, rubric);
    if (consensus === null) {
      n_undecided += 1;
      continue;
    }
    if (consensus.raters.length === 1) n_single += 1;
    items.push({
      ...candidate,
      expert_criteria: consensus.criteria,
      expert_score: consensus.score,
      violations: consensus.violations,
      raters: consensus.raters,
    });
  }
  return { items, n_single, n_undecided };
}
