import type { PlannedRun } from '../../schemas/planned-run.ts';
import type { RawTurn } from '../../schemas/turn.ts';
import { createDialogueAssessor, unscorable } from './assess-dialogue.ts';
import type { Measure } from './measure.ts';

/** Says after each turn of a run whether to go on. */
export interface EarlyStop {
  readonly hasStopped: boolean;
  see(turn: RawTurn): void;
}

/**
 * Early stop (profile key `early_stop`, off by default): ends a dialogue once the moving average of its heuristic scores has
 * stayed below `below_pts` for `turns` turns in a row. The runner goes by stage 1, because no judge has spoken yet; whether
 * the half-life was reached the judge decides later, and a run whose judged average never fell is censored `early_stop`.
 * A function of the turns alone, so that a resumed run stops where it would have.
 */
export function createEarlyStop(measure: Measure, row: PlannedRun): EarlyStop {
  const { is_on, below_pts, turns } = measure.manifest.content.profile.early_stop;
  if (!is_on) return { hasStopped: false, see: () => undefined };
  const { window_turns } = measure.rubric.half_life;
  const assess = createDialogueAssessor(measure, row);
  const recent: number[] = [];
  let below = 0;
  return {
    get hasStopped() {
      return below >= turns;
    },
    see(turn) {
      const { score } = assess(turn).heuristic;
      // Passed over, as an unscored turn is in the half-life.
      if (unscorable(turn) !== null) return;
      recent.push(score);
      if (recent.length > window_turns) recent.shift();
      const average = recent.reduce((sum, value) => sum + value, 0) / recent.length;
      below = recent.length === window_turns && average < below_pts ? below + 1 : 0;
    },
  };
}
