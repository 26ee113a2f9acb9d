import { CRITERIA, CRITERION_NAMES, type CriterionName } from '../../schemas/common.ts';
import type { CanaryResult, CanarySummary } from '../../schemas/canary-result.ts';
import { addRatingPair, emptyRatingTable, weightedKappa } from '../statistics/weighted-kappa.ts';
import { round6, round6OrNull } from './round-record.ts';

/** Marks 0 … 10 in whole points. */
const MARKS = 11;

/**
 * The judge against the experts on the golden set: mean absolute error and bias (judge − expert) of the score, and by
 * criterion; κ is quadratic, over whole points. The overall κ pools the three purity criteria, which decide compliance.
 * Items without a verdict count in `n_items` alone. What the raters did not decide on counts in no figure.
 * @param results one execution's results, at least one.
 * @param expertsMutualMaePts mean absolute difference between the experts themselves; 0 for a set whose labels hold by
 *   construction, null where one label a turn was kept.
 * @param labelled criteria decided on, for items where those are not all: their score is none either.
 */
export function summarizeCanary(
  results: readonly CanaryResult[],
  expertsMutualMaePts: number | null = 0,
  labelled: ReadonlyMap<string, readonly CriterionName[]> = new Map(),
): CanarySummary {
  const first = results[0];
  if (first === undefined) throw new RangeError('summarizeCanary: expected at least one result, got none');
  const scores = results.flatMap(({ item_id, expert_score, judge_score }) =>
    judge_score === null || labelled.has(item_id) ? [] : [{ expert: expert_score, judge: judge_score }],
  );
  const marksOf = (names: readonly CriterionName[]) =>
    results.flatMap(({ item_id, expert_criteria, judge_criteria }) =>
      judge_criteria === null
        ? []
        : names
            .filter((name) => labelled.get(item_id)?.includes(name) ?? true)
            .map((name) => ({ expert: expert_criteria[name], judge: judge_criteria[name] })),
    );
  const { mae_pts, bias_pts } = agreement(scores);
  return {
    execution_id: first.execution_id,
    week: first.week,
    dt: first.dt,
    series: first.series,
    measure_sha256: first.measure_sha256,
    golden_set: first.golden_set,
    judge_model: first.judge_model,
    n_items: results.length,
    n_judged: results.filter(({ judge_score }) => judge_score !== null).length,
    mae_pts,
    bias_pts,
    kappa: agreement(marksOf(CRITERIA.purity)).kappa,
    by_criterion: CRITERION_NAMES.map((criterion) => ({ criterion, ...agreement(marksOf([criterion])) })),
    experts_mutual_mae_pts: round6OrNull(expertsMutualMaePts),
  };
}

function agreement(pairs: readonly { expert: number; judge: number }[]) {
  if (pairs.length === 0) return { kappa: null, mae_pts: null, bias_pts: null };
  const table = emptyRatingTable(MARKS);
  let absolute = 0;
  let signed = 0;
  for (const { expert, judge } of pairs) {
    addRatingPair(table, expert, judge);
    absolute += Math.abs(judge - expert);
    signed += judge - expert;
  }
  const kappa = weightedKappa(table, 'quadratic');
  return {
    kappa: kappa === null ? null : round6(kappa),
    mae_pts: round6(absolute / pairs.length),
    bias_pts: round6(signed / pairs.length),
  };
}
