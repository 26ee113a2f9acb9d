import type { CalibrationItem } from '../../schemas/calibration-item.ts';
import type { CanaryResult } from '../../schemas/canary-result.ts';
import { CRITERION_NAMES, type CriterionName } from '../../schemas/common.ts';
import { summarizeCanary } from '../aggregate/canary-summary.ts';

/** Agreement of a judge with the labels of a golden set, over what its raters marked and nothing else. */
export interface CanaryFigures {
  n_items: number;
  /** Items the judge gave a verdict on. */
  n_judged: number;
  /** Judged items with all nine criteria marked: only these have a score to compare. */
  n_scored: number;
  mae_pts: number | null;
  bias_pts: number | null;
  /** Quadratic κ over the purity criteria of fully marked items. */
  kappa: number | null;
  by_criterion: {
    criterion: CriterionName;
    n: number;
    kappa: number | null;
    mae_pts: number | null;
    bias_pts: number | null;
  }[];
}

/**
 * The canary's figures on a golden set whose raters may have marked one criterion of nine: stand-ins count in none.
 * @param results one reading of `items`, at least one.
 */
export function canaryFigures(
  results: readonly CanaryResult[],
  items: readonly CalibrationItem[],
): CanaryFigures {
  const labelled = new Map(items.map((item) => [item.item_id, item.labelled]));
  const whole = results.filter(({ item_id }) => labelled.get(item_id) === undefined);
  const judged = (some: readonly CanaryResult[]) =>
    some.filter(({ judge_score }) => judge_score !== null).length;
  const { mae_pts, bias_pts, kappa } =
    whole.length === 0 ? { mae_pts: null, bias_pts: null, kappa: null } : summarizeCanary(whole);
  return {
    n_items: results.length,
    n_judged: judged(results),
    n_scored: judged(whole),
    mae_pts,
    bias_pts,
    kappa,
    by_criterion: CRITERION_NAMES.map((criterion) => {
      const marked = results.filter(
        ({ item_id }) => labelled.get(item_id)?.criteria.includes(criterion) ?? true,
      );
      const figures =
        marked.length === 0
          ? undefined
          : summarizeCanary(marked).by_criterion.find((one) => one.criterion === criterion);
      return {
        criterion,
        n: judged(marked),
        kappa: figures?.kappa ?? null,
        mae_pts: figures?.mae_pts ?? null,
        bias_pts: figures?.bias_pts ?? null,
      };
    }),
  };
}
