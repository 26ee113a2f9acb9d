import type { Phase } from '../../schemas/common.ts';
import type { PlannedRun } from '../../schemas/planned-run.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import { rmst, rmstPseudoObservations } from '../statistics/rmst.ts';
import type { SurvivalObservation } from '../statistics/kaplan-meier.ts';
import type { RunSplits, TurnTally } from './turn-tally.ts';

/** All-phases half-lives are RMST/τ on this scale, so that phases of 10 and of 40 turns count alike (spec 3.5). */
export const DISPLAY_TURNS = 40;

/** The runs of one model, variant and phase. */
export interface RunGroup {
  model: string;
  variant: string;
  phase: Phase;
  provider: string;
  is_simulated: boolean;
  /** τ: planned turns of the phase. */
  horizon: number;
  /** Rows that coverage counts: see isWanted. */
  n_planned: number;
  /** One per plan row, skipped and failed ones too. */
  summaries: RunSummary[];
  tally: TurnTally;
  /** One per run with a verdict. */
  splits: RunSplits[];
}

/**
 * Does coverage count the plan row: a planned one, and one whose model was closed when it was planned. Such a model leaves the
 * week partial; what the registry knew beforehand (retired, too small a window, a temperature not taken) does not.
 */
export function isWanted({ status, skip_reason }: Pick<PlannedRun, 'status' | 'skip_reason'>): boolean {
  return status === 'planned' || skip_reason === 'access';
}

/** Runs with at least one moving average: they have a half-life or a time under observation. */
export function scoredRuns(summaries: readonly RunSummary[]): RunSummary[] {
  return summaries.filter(({ ended }) => ended === 'complete' || ended === 'censored');
}

/** A run as survival data. Whatever ended the observation, only a half-life reached is an event. */
export function survivalOf(run: RunSummary): SurvivalObservation {
  return { turn: run.observed_turns, is_event: !run.is_censored };
}

/** The same with a context overflow counted as failing at the turn it could not answer. */
export function survivalOfOverflowAsEvent(run: RunSummary): SurvivalObservation {
  return run.censor_reason === 'context_overflow'
    ? { turn: run.observed_turns + 1, is_event: true }
    : survivalOf(run);
}

/** Relative half-life as survival data: an event, or censored at the last scored turn. */
export function relativeSurvivalOf(run: RunSummary): SurvivalObservation {
  return run.relative_half_life_turn === null
    ? { turn: run.score_by_turn.findLastIndex((score) => score !== null) + 1, is_event: false }
    : { turn: run.relative_half_life_turn, is_event: true };
}

/** A run with its share of the group's RMST. */
export interface RunShare {
  run: RunSummary;
  /** Pseudo-observation of RMST(τ), turns. */
  pseudo_turns: number;
}

/** Pseudo-observations of a group's scored runs; null where RMST is not known up to the horizon. */
export function runShares(group: Pick<RunGroup, 'summaries' | 'horizon'>): RunShare[] | null {
  const runs = scoredRuns(group.summaries);
  const pseudo = rmstPseudoObservations(runs.map(survivalOf), group.horizon);
  return pseudo === null ? null : runs.map((run, i) => ({ run, pseudo_turns: pseudo[i]! }));
}

/** RMST of a group under one reading of its runs; null where not known. */
export function rmstOf(
  group: Pick<RunGroup, 'summaries' | 'horizon'>,
  read: (run: RunSummary) => SurvivalObservation,
): number | null {
  return rmst(scoredRuns(group.summaries).map(read), group.horizon)?.rmst ?? null;
}

/** Groups summaries of an execution (as read back from the lake) by phase, for one model and variant. */
export function groupByPhase(
  summaries: readonly RunSummary[],
): Map<Phase, Pick<RunGroup, 'summaries' | 'horizon'>> {
  const groups = new Map<Phase, { summaries: RunSummary[]; horizon: number }>();
  for (const summary of summaries) {
    const group = groups.get(summary.phase) ?? { summaries: [], horizon: 0 };
    group.summaries.push(summary);
    group.horizon = Math.max(group.horizon, summary.planned_turns);
    groups.set(summary.phase, group);
  }
  return groups;
}
