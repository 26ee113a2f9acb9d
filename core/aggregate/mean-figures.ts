import { VIOLATIONS } from '../../schemas/common.ts';
import { CSD_DIMENSIONS, type CsdSubscores } from '../../schemas/csd-subscores.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import type { WeeklySummary } from '../../schemas/weekly-summary.ts';
import { isDecline } from '../metrics/decline.ts';
import { MIN_CORRECTION_LABELS } from '../labelling/correction-note.ts';
import { clusterMean, type ClusterMean } from '../statistics/cluster-mean.ts';
import { predictionPoweredMean, type LabelledPrediction } from '../statistics/prediction-powered.ts';
import { round6, round6OrNull } from './round-record.ts';
import { scoredRuns, type RunGroup } from './run-group.ts';

type Figures = Pick<
  WeeklySummary,
  | 'mean_score'
  | 'mean_score_ci_low'
  | 'mean_score_ci_high'
  | 'compliance_rate'
  | 'compliance_ci_low'
  | 'compliance_ci_high'
  | 'corrected_score'
  | 'n_correction_labels'
  | 'decline_pts'
  | 'decline_ci_low'
  | 'decline_ci_high'
  | 'is_declining'
  | 'csd_subscores'
  | 'violations_per_100_turns'
>;

/**
 * Means of one phase, or over phases (then the unweighted mean of the phases' means). Score and compliance are per scored
 * turn, decline and CSD per run; intervals have the seed as cluster. Violations are pooled over turns. Where a phase has no
 * scored run, score, compliance and decline over phases are null: an outage in the hardest phase would raise them.
 * @param options.labels human labels on turns drawn at random from this series and measure, at most twelve weeks old.
 */
export function meanFigures(
  groups: readonly RunGroup[],
  { labels, smallest_decline_pts }: { labels: readonly LabelledPrediction[]; smallest_decline_pts: number },
): Figures {
  const whole = groups.every(({ summaries }) => scoredRuns(summaries).length > 0) ? groups : [];
  const score = meanOf(
    whole,
    (run) => run.mean_score,
    (run) => run.n_scored_turns,
  );
  const compliance = meanOf(
    whole,
    (run) => run.compliance_rate,
    (run) => run.n_scored_turns,
  );
  const decline = meanOf(
    whole,
    (run) => run.decline_pts,
    () => 1,
  );
  const decline_pts = round6OrNull(decline?.mean);
  const declineInterval = within(decline, -10, 10, 'decline');
  const corrected =
    score === null || labels.length < MIN_CORRECTION_LABELS
      ? null
      : predictionPoweredMean({ mean: score.mean, standard_error: score.standard_error ?? 0 }, labels);
  return {
    mean_score: round6OrNull(score?.mean),
    ...within(score, 0, 10, 'mean_score'),
    compliance_rate: round6OrNull(compliance?.mean),
    ...within(compliance, 0, 1, 'compliance'),
    corrected_score: round6OrNull(corrected?.mean),
    n_correction_labels: labels.length,
    decline_pts,
    ...declineInterval,
    is_declining: isDecline({ decline_pts, ...declineInterval }, smallest_decline_pts),
    csd_subscores: Object.fromEntries(
      CSD_DIMENSIONS.map((name) => [
        name,
        round6OrNull(
          meanOf(
            groups,
            (run) => run.csd_subscores[name],
            () => 1,
          )?.mean,
        ),
      ]),
    ) as CsdSubscores,
    violations_per_100_turns: violationRates(groups),
  };
}

/** Mean CSD of a phase; CSD is never averaged over phases. */
export function meanCsd(group: RunGroup): number | null {
  return round6OrNull(
    meanOf(
      [group],
      (run) => run.csd,
      () => 1,
    )?.mean,
  );
}

function meanOf(
  groups: readonly RunGroup[],
  value: (run: RunSummary) => number | null,
  weight: (run: RunSummary) => number,
): ClusterMean | null {
  return clusterMean(
    groups.flatMap(({ phase, summaries }) =>
      scoredRuns(summaries).flatMap((run) => {
        const one = value(run);
        return one === null
          ? []
          : [{ stratum: phase, cluster: run.seed_id, value: one * weight(run), weight: weight(run) }];
      }),
    ),
  );
}

/** The interval, cut at the values the figure can take. */
function within<K extends string>(mean: ClusterMean | null, lowest: number, highest: number, name: K) {
  const low = mean?.ci_low ?? null;
  const high = mean?.ci_high ?? null;
  return {
    [`${name}_ci_low`]: low === null ? null : round6(Math.max(lowest, low)),
    [`${name}_ci_high`]: high === null ? null : round6(Math.min(highest, high)),
  } as Record<`${K}_ci_low` | `${K}_ci_high`, number | null>;
}

function violationRates(groups: readonly RunGroup[]): Figures['violations_per_100_turns'] {
  const runs = groups.flatMap(({ summaries }) => scoredRuns(summaries));
  const turns = runs.reduce((sum, run) => sum + run.n_scored_turns, 0);
  if (turns === 0) return [];
  return VIOLATIONS.map((violation) => {
    const found = runs.reduce(
      (sum, run) => sum + (run.violation_counts.find((count) => count.violation === violation)?.n_turns ?? 0),
      0,
    );
    return { violation, per_100: round6((100 * found) / turns) };
  });
}
