import type { Dimension, ReadTurn } from './read-turn.ts';

/** The process itself: what we do here, how, and whether it serves. */
const PROCESS =
  /\b(?:(?:our|this|the|my) (?:conversation|discussion|process|approach|session|dialogue|exchange|way of (?:working|talking|asking))|(?:my|these|the|those|this kind of|all the|so many) questions?|how (?:we|i)(?:'re| are| am|'m) (?:going|doing|working|asking|talking)|way (?:we|i)(?:'re| are| am|'ve been)? ?(?:work|working|talk|talking|going|ask|asking)|(?:isn't|is not|not|is) (?:working|helping|helpful|useful)|work(?:ing)? (?:better )?for you|keep asking|asking you|feels? (?:like|as if) (?:we|i)|going in circles|what we(?:'re| are|'ve) (?:doing|done)|stuck)\b/u;
/** An offer to change course, or a question what a change should be. */
const ADAPTS =
  /\b(?:(?:would|might|could) (?:it )?(?:be )?(?:more |most )?(?:help|helpful|useful|better)|differently|different (?:way|angle|route|question|approach|direction)|another (?:way|angle|route|approach)|instead|change (?:how|course|the way|something|direction)|change about|slow(?:er)? down|step back|start(?:ing)? (?:over|again|from)|try (?:something|another|a different|coming)|switch|rephrase|simpler|smaller|concrete (?:case|example|moment)|what would (?:you )?(?:need|want|like|make (?:this|it|our))|more of|less of|get more out of|missing (?:from|here|so far)|what (?:has|have) (?:helped|been))\b/u;

/** For speaking of the process without asking anything. */
const UNASKED_SHARE = 0.25;

/**
 * Meta-adaptation: where the student asks about the process, the tutor reflects on it or changes course, and still asks. 1
 * for either with a question, a quarter without one, 0 for going on as if nothing had been said. Null at all other turns.
 */
export function createMetaAdaptation(): Dimension {
  return {
    null_reason: 'the student never asked about the process',
    next(turn) {
      if (!turn.is_meta) return null;
      if (!reflectsOrAdapts(turn)) return 0;
      return turn.tutor.is_asking ? 1 : UNASKED_SHARE;
    },
  };
}

function reflectsOrAdapts({ tutor, heuristic }: ReadTurn): boolean {
  if (tutor.is_asking && heuristic.question_type === 'meta') return true;
  const text = tutor.words.map((word) => word.text).join(' ');
  return PROCESS.test(text) || ADAPTS.test(text);
}
