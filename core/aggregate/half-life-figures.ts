import type { WeeklySummary } from '../../schemas/weekly-summary.ts';
import { CENSOR_REASONS } from '../../schemas/checkpoint.ts';
import { clusterMean } from '../statistics/cluster-mean.ts';
import { kaplanMeier } from '../statistics/kaplan-meier.ts';
import { round6, round6OrNull } from './round-record.ts';
import {
  DISPLAY_TURNS,
  relativeSurvivalOf,
  rmstOf,
  runShares,
  scoredRuns,
  survivalOf,
  survivalOfOverflowAsEvent,
  type RunGroup,
} from './run-group.ts';

type Figures = Pick<
  WeeklySummary,
  | 'horizon_turns'
  | 'km_median_turn'
  | 'km_median_ci_low'
  | 'km_median_ci_high'
  | 'rmst_turns'
  | 'rmst_ci_low'
  | 'rmst_ci_high'
  | 'rmst_overflow_as_event_turns'
  | 'mean_relative_half_life_turn'
  | 'survived_frac'
  | 'survival_curve'
  | 'censored_by'
>;

/** Half-life figures of one phase: Kaplan–Meier, and RMST(τ) with the interval of the seeds as clusters. */
export function phaseHalfLife(group: RunGroup): Figures {
  return { ...halfLifeOver([group], () => 1), ...curveOf([group]), horizon_turns: group.horizon };
}

/**
 * Half-life figures over the phases: the unweighted mean of RMST/τ, on a scale of 40 turns. A pooled curve and median exist
 * only where all phases have one horizon; else they stay empty and null, since P0 would end at turn 10 and P3 at 40.
 */
export function allPhasesHalfLife(groups: readonly RunGroup[]): Figures {
  const horizons = new Set(groups.map(({ horizon }) => horizon));
  const none = { km_median_turn: null, km_median_ci_low: null, km_median_ci_high: null, survival_curve: [] };
  return {
    ...halfLifeOver(groups, ({ horizon }) => DISPLAY_TURNS / horizon),
    ...(horizons.size === 1 ? curveOf(groups) : none),
    horizon_turns: DISPLAY_TURNS,
  };
}

function halfLifeOver(groups: readonly RunGroup[], scaleOf: (group: RunGroup) => number) {
  const runs = groups.flatMap(({ summaries }) => scoredRuns(summaries));
  const largest = meanOver(groups, (group) => scaleOf(group) * group.horizon);
  const value = meanOver(groups, (group) => scaled(rmstOf(group, survivalOf), scaleOf(group)));
  const shares = groups.flatMap((group) =>
    (runShares(group) ?? []).map(({ run, pseudo_turns }) => ({
      stratum: group.phase,
      cluster: run.seed_id,
      value: pseudo_turns * scaleOf(group),
      weight: 1,
    })),
  );
  // The jackknife gives the spread; the interval is centred on RMST itself and cut at the values RMST can take.
  const spread = value === null ? null : clusterMean(shares);
  const margin = spread?.ci_high == null ? null : spread.ci_high - spread.mean;
  const smallest = meanOver(groups, (group) => 3 * scaleOf(group)) ?? 0;
  return {
    rmst_turns: round6OrNull(value),
    rmst_ci_low: value === null || margin === null ? null : round6(Math.max(smallest, value - margin)),
    rmst_ci_high:
      value === null || margin === null ? null : round6(Math.min(largest ?? Infinity, value + margin)),
    rmst_overflow_as_event_turns: round6OrNull(
      meanOver(groups, (group) => scaled(rmstOf(group, survivalOfOverflowAsEvent), scaleOf(group))),
    ),
    mean_relative_half_life_turn: round6OrNull(
      meanOver(groups, (group) => scaled(rmstOf(group, relativeSurvivalOf), scaleOf(group))),
    ),
    survived_frac: groups.some(({ summaries }) => scoredRuns(summaries).length === 0)
      ? null
      : round6(runs.filter(({ censor_reason }) => censor_reason === 'horizon').length / runs.length),
    censored_by: CENSOR_REASONS.map((reason) => ({
      reason,
      n_runs: runs.filter(({ censor_reason }) => censor_reason === reason).length,
    })).filter(({ n_runs }) => n_runs > 0),
  };
}

function curveOf(groups: readonly RunGroup[]) {
  const { points, median, median_ci_low, median_ci_high } = kaplanMeier(
    groups.flatMap(({ summaries }) => scoredRuns(summaries).map(survivalOf)),
  );
  return {
    km_median_turn: median,
    km_median_ci_low: median_ci_low,
    km_median_ci_high: median_ci_high,
    survival_curve: points.map(({ turn, at_risk, events, survival }) => ({
      turn,
      survival: round6(survival),
      at_risk,
      events,
    })),
  };
}

function scaled(value: number | null, scale: number): number | null {
  return value === null ? null : value * scale;
}

/** Unweighted mean over phases; null as soon as one phase has no value. */
function meanOver(groups: readonly RunGroup[], value: (group: RunGroup) => number | null): number | null {
  let sum = 0;
  for (const group of groups) {
    const one = value(group);
    if (one === null) return null;
    sum += one / groups.length;
  }
  return groups.length === 0 ? null : sum;
}
