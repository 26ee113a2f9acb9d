import { CRITERION_NAMES } from '../../schemas/common.ts';
import type { WeeklySummary } from '../../schemas/weekly-summary.ts';
import { lowerBound, upperBound } from '../statistics/clopper-pearson.ts';
import { clusterMean } from '../statistics/cluster-mean.ts';
import { weightedKappa } from '../statistics/weighted-kappa.ts';
import { round6, round6OrNull } from './round-record.ts';
import { scoredRuns, type RunGroup } from './run-group.ts';
import { correlationOf, mergeTallies } from './turn-tally.ts';

/** Each side of a two-sided 95% interval. */
const ONE_SIDED = 0.975;

type Figures = Pick<
  WeeklySummary,
  | 'n_judged_turns'
  | 'n_skipped_turns'
  | 'n_audited_turns'
  | 'realised_filter_error_frac'
  | 'realised_filter_error_ci_low'
  | 'realised_filter_error_ci_high'
  | 'n_audit_errors'
  | 'missed_noncompliance_frac'
  | 'judge_split_frac'
  | 'judge_split_ci_low'
  | 'judge_split_ci_high'
  | 'judge_heuristic_kappa'
  | 'judge_minus_heuristic_pts'
  | 'cr_builds_on_prior_correlation'
>;

/**
 * How judge, heuristic and filter agree, pooled over the turns of the groups; κ is quadratic over scores in whole points.
 * Splits, κ and mean differences speak of all turns: audited ones stand for the filtered turns they were drawn from.
 */
export function judgeFigures(groups: readonly RunGroup[]): Figures {
  const runs = groups.flatMap(({ summaries }) => scoredRuns(summaries));
  const tally = mergeTallies(groups.map((group) => group.tally));
  const split = clusterMean(
    groups
      .flatMap(({ splits }) => splits)
      .map((run) => ({ stratum: 'all', cluster: run.run_id, value: run.split, weight: run.judged })),
  );
  const total = (value: (run: (typeof runs)[number]) => number) =>
    runs.reduce((sum, run) => sum + value(run), 0);
  const { n_audited, n_audit_errors } = tally;
  return {
    n_judged_turns: total((run) => run.n_judged_turns),
    n_skipped_turns: total((run) => run.n_skipped_turns),
    n_audited_turns: total((run) => run.n_audited_turns),
    n_audit_errors,
    realised_filter_error_frac: n_audited === 0 ? null : round6(n_audit_errors / n_audited),
    realised_filter_error_ci_low:
      n_audited === 0 ? null : round6(lowerBound(n_audit_errors, n_audited, ONE_SIDED)),
    realised_filter_error_ci_high:
      n_audited === 0 ? null : round6(upperBound(n_audit_errors, n_audited, ONE_SIDED)),
    missed_noncompliance_frac: missedShare(tally),
    judge_split_frac: round6OrNull(split?.mean),
    judge_split_ci_low: split?.ci_low == null ? null : round6(Math.max(0, split.ci_low)),
    judge_split_ci_high: split?.ci_high == null ? null : round6(Math.min(1, split.ci_high)),
    judge_heuristic_kappa: round6OrNull(weightedKappa(tally.score_table, 'quadratic')),
    judge_minus_heuristic_pts:
      tally.both_weight === 0
        ? []
        : CRITERION_NAMES.map((criterion) => ({
            criterion,
            mean_pts: round6(tally.criterion_difference[criterion] / tally.both_weight),
          })),
    cr_builds_on_prior_correlation: round6OrNull(correlationOf(tally.moments)),
  };
}

/**
 * Of all non-compliant turns, the share that passed the filter unjudged, extrapolated from the audited sample (which is drawn
 * at one rate from all turns the filter decided).
 */
function missedShare(tally: ReturnType<typeof mergeTallies>): number | null {
  if (tally.n_audited === 0) return null;
  const missed = (tally.n_audit_missed / tally.n_audited) * tally.n_filtered;
  const all = missed + tally.n_judged_noncompliant + tally.n_filtered_noncompliant;
  return all === 0 ? 0 : round6(Math.min(1, missed / all));
}
