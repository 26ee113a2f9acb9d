import type { RunSummary } from '../../schemas/run-summary.ts';
import { variantContrasts, type VariantContrast } from '../aggregate/variant-contrasts.ts';
import {
  DISPLAY_TURNS,
  groupByPhase,
  relativeSurvivalOf,
  rmstOf,
  scoredRuns,
  survivalOf,
} from '../aggregate/run-group.ts';
import type { SurvivalObservation } from '../statistics/kaplan-meier.ts';

/** Deepest thread told apart; deeper ones are counted with it. */
const DEEPEST_THREAD = 6;

/** How one model (and variant) holds out, seen from more sides than the one threshold. */
export interface ModelDrift {
  model: string;
  variant: string;
  n_runs: number;
  /** RMST at each threshold of the rubric, turns on the scale of 40; null where not known. */
  half_life_curve: { threshold_pts: number; rmst_turns: number | null; reached_frac: number }[];
  /** RMST of the half-life relative to the run's own first average, the same scale. */
  relative_rmst_turns: number | null;
  /** Mean share of the three heaviest points that the last turns' questions took up, 0–1; null where nothing was raised. */
  salience_recall_at_3: number | null;
  /** Threads by number of questions asked in them: entry i counts threads of i + 1 questions, the last one all deeper. */
  thread_depths: number[];
}

export interface DriftReport {
  models: ModelDrift[];
  /** Variants against the first one of the execution, on the same cells. */
  contrasts: VariantContrast[];
}

/**
 * What one execution says of drift beside its table: half-life over thresholds, salience recall, depths of threads, and
 * variants (prompts, arms) compared on the same cells.
 * @param runs summaries of one execution.
 * @param reference variant that the others are compared with.
 */
export function driftReport(
  runs: readonly RunSummary[],
  options: { reference: string; permutations: number; seed: string },
): DriftReport {
  const groups = new Map<string, RunSummary[]>();
  for (const run of scoredRuns(runs)) {
    const key = `${run.model}|${run.variant}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return {
    models: [...groups.values()].map(driftOf),
    contrasts: variantContrasts(runs, options),
  };
}

function driftOf(runs: readonly RunSummary[]): ModelDrift {
  const { model, variant, half_life_curve } = runs[0]!;
  const recalls = runs.flatMap(({ salience_recall_at_3 }) => salience_recall_at_3 ?? []);
  return {
    model,
    variant,
    n_runs: runs.length,
    half_life_curve: half_life_curve.map(({ threshold_pts }) => ({
      threshold_pts,
      rmst_turns: displayRmst(runs, (run) => survivalAt(run, threshold_pts)),
      reached_frac: runs.filter((run) => survivalAt(run, threshold_pts).is_event).length / runs.length,
    })),
    relative_rmst_turns: displayRmst(runs, relativeSurvivalOf),
    salience_recall_at_3:
      recalls.length === 0 ? null : recalls.reduce((sum, value) => sum + value, 0) / recalls.length,
    thread_depths: depthHistogram(runs.flatMap(({ thread_depths }) => thread_depths)),
  };
}

/** A run as survival data at another threshold; where nothing is claimed (too many unscored turns) it is censored as at 8. */
function survivalAt(run: RunSummary, threshold: number): SurvivalObservation {
  const turn =
    run.half_life_curve.find(({ threshold_pts }) => threshold_pts === threshold)?.half_life_turn ?? null;
  if (turn !== null) return { turn, is_event: true };
  if (run.censor_reason === 'judge') return { ...survivalOf(run), is_event: false };
  return { turn: run.score_by_turn.findLastIndex((score) => score !== null) + 1, is_event: false };
}

/** Mean over phases of RMST/τ on the scale of 40 turns; null where a phase's curve is not known to its horizon. */
function displayRmst(
  runs: readonly RunSummary[],
  read: (run: RunSummary) => SurvivalObservation,
): number | null {
  const groups = [...groupByPhase(runs).values()];
  let sum = 0;
  for (const group of groups) {
    const rmst = rmstOf(group, read);
    if (rmst === null) return null;
    sum += (rmst / group.horizon) * (DISPLAY_TURNS / groups.length);
  }
  return sum;
}

function depthHistogram(depths: readonly number[]): number[] {
  const counts = Array.from({ length: DEEPEST_THREAD }, () => 0);
  for (const depth of depths) if (depth > 0) counts[Math.min(depth, DEEPEST_THREAD) - 1]! += 1;
  return counts;
}
