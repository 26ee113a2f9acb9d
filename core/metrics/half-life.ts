import type { CENSOR_REASONS } from '../../schemas/checkpoint.ts';
import type { Rubric } from '../../schemas/rubric.ts';

export type CensorReason = (typeof CENSOR_REASONS)[number];

/** What a run's half-life is computed from. */
export interface ObservedRun {
  /** Score (0–10) of turns 1, 2, … in order; null = unscored. Only turns with a tutor reply. */
  scores: readonly (number | null)[];
  /** Why the dialogue ended before its last planned turn; null when it ran to the end. */
  ended_early: Exclude<CensorReason, 'horizon'> | null;
}

/** Half-life of one run: a first passage, with its censoring (spec 3.3). Turns are 1-based. */
export interface HalfLife {
  /** First turn whose moving average lies below the threshold; null = not reached. */
  half_life_turn: number | null;
  is_censored: boolean;
  /** Null when the half-life was reached. */
  censor_reason: CensorReason | null;
  /** Time under observation: the half-life, or the last scored turn at which the average still held. */
  observed_turns: number;
  half_life_curve: { threshold_pts: number; half_life_turn: number | null }[];
  /** First turn whose average lies below `relative_frac` of the run's own first average. */
  relative_half_life_turn: number | null;
  /** Why no half-life could be looked for at all; null when it could (reached or not). */
  null_reason: string | null;
}

/** Averages of decimal scores may miss a threshold they equal by rounding error only. */
const ROUNDING_PTS = 1e-9;

/**
 * Moving average over the last `window_turns` scored turns, at every turn; null where the turn is unscored or too few turns
 * have been scored. Linear.
 */
export function movingAverage(scores: readonly (number | null)[], windowTurns: number): (number | null)[] {
  const recent: number[] = [];
  return scores.map((score) => {
    if (score === null) return null;
    recent.push(score);
    if (recent.length > windowTurns) recent.shift();
    return recent.length < windowTurns ? null : recent.reduce((sum, value) => sum + value, 0) / windowTurns;
  });
}

/**
 * Half-life, its curve over thresholds and the relative half-life. Unscored turns are passed over; where more than
 * `max_unscored_frac` of the turns are unscored, nothing is claimed: the run is censored, reason `judge`, and all half-lives
 * are null. Such a run is observed up to the last scored turn before its average falls (as far as it is known to have held),
 * any other censored run up to its last scored turn.
 */
export function measureHalfLife(run: ObservedRun, rubric: Rubric): HalfLife {
  const { window_turns, threshold_pts, curve_thresholds_pts, relative_frac, max_unscored_frac } =
    rubric.half_life;
  const averages = movingAverage(run.scores, window_turns);
  const scoredTurns = run.scores.flatMap((score, index) => (score === null ? [] : [index + 1]));
  const lastScored = scoredTurns.at(-1) ?? 0;
  const unscored = run.scores.length - scoredTurns.length;
  const passage = firstBelow(averages, threshold_pts);
  const null_reason =
    scoredTurns.length >= window_turns
      ? null
      : `half-life needs ${window_turns} scored turns, got ${scoredTurns.length}`;

  if (unscored > max_unscored_frac * run.scores.length) {
    return {
      half_life_turn: null,
      is_censored: true,
      censor_reason: 'judge',
      observed_turns:
        passage === null ? lastScored : (scoredTurns.findLast((turn) => turn < passage) ?? lastScored),
      half_life_curve: curve_thresholds_pts.map((threshold) => ({
        threshold_pts: threshold,
        half_life_turn: null,
      })),
      relative_half_life_turn: null,
      null_reason:
        null_reason ??
        `${unscored} of ${run.scores.length} turns are unscored, more than ${max_unscored_frac} of them`,
    };
  }
  const first = averages.find((average) => average !== null) ?? null;
  return {
    half_life_turn: passage,
    is_censored: passage === null,
    censor_reason: passage === null ? (run.ended_early ?? 'horizon') : null,
    observed_turns: passage ?? lastScored,
    half_life_curve: curve_thresholds_pts.map((threshold) => ({
      threshold_pts: threshold,
      half_life_turn: firstBelow(averages, threshold),
    })),
    relative_half_life_turn: first === null ? null : firstBelow(averages, relative_frac * first),
    null_reason,
  };
}

function firstBelow(averages: readonly (number | null)[], threshold: number): number | null {
  const index = averages.findIndex((average) => average !== null && average < threshold - ROUNDING_PTS);
  return index < 0 ? null : index + 1;
}
