import type { QuestionType } from '../../../schemas/heuristic-result.ts';
import type { StudentMove } from '../../../schemas/seed.ts';
import { DEPTH, FIT } from './fit-table.ts';
import type { Dimension } from './read-turn.ts';

/** Weight of the change of depth beside the fit, after confusion or insight. */
const DEPTH_SHARE = 0.25;

/**
 * Adaptive probing: fit of the question's type to the student's move, and after confusion or insight whether the question
 * steps down or goes further than the one before. Null where the move is neither known nor to be read from the words, and at
 * questions about the process, which meta-adaptation measures.
 */
export function createAdaptiveProbing(): Dimension {
  let previous: QuestionType | null = null;
  return {
    null_reason: 'the kind of no student message could be told',
    next({ move, is_meta, heuristic, tutor }) {
      const before = previous;
      const type = tutor.is_asking ? heuristic.question_type : 'none';
      if (!is_meta) previous = type;
      if (move === null || is_meta) return null;
      const fit = FIT[move][type];
      if (type === 'none') return 0;
      const step =
        before === null || before === 'none' ? null : stepScore(move, DEPTH[type] - DEPTH[before], type);
      return step === null ? fit : (1 - DEPTH_SHARE) * fit + DEPTH_SHARE * step;
    },
  };
}

/** 1 for a step in the right direction (or staying at the end of the scale), 0 for two in the wrong one; null after other moves. */
function stepScore(move: StudentMove, step: number, type: QuestionType): number | null {
  if (move === 'confusion') return step <= 0 ? 1 : step === 1 ? 0.5 : 0;
  if (move === 'insight') return step > 0 || DEPTH[type] === 3 ? 1 : step === 0 ? 0.5 : 0;
  return null;
}
