import type { Dimension, ReadTurn } from './read-turn.ts';
import { contentStemsOf, type SentenceReading } from './text.ts';

/** Who is at work here: the tutor, or both. */
const PARTIES = new Set(
  "i i'm i've i'd i'll me my we we're we've we'd we'll us our ours ourselves".split(' '),
);
/** What they do with each other, as stems. */
const DOINGS = new Set(
  contentStemsOf(
    'ask asking question answer answering answered hold holding held talk talking conversation discussion dialogue exchange ' +
      'session approach process method manner pace slow fast push pushing lead leading guide guiding listen listening ' +
      'helping helped helpful useful serve working worked progress circles direction course',
  ),
);
/** The work itself, named without its parties. */
const PROCESS =
  /\b(?:(?:this|the) (?:conversation|discussion|process|approach|session|dialogue|exchange)|(?:these|all the|so many) questions|(?:isn't|is not|not|is) (?:working|helping|helpful|useful)|work(?:ing)? (?:better )?for you|going in circles|how (?:this|things) (?:is|are) going between us|ways? (?:we|i) (?:do|did|go|went|work))\b/u;
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
  if (tutor.sentences.some(speaksOfTheWork)) return true;
  const text = tutor.words.map((word) => word.text).join(' ');
  return PROCESS.test(text) || ADAPTS.test(text);
}

/** One sentence that names a party and what it does here: "I have held back answers so far". */
function speaksOfTheWork({ words }: SentenceReading): boolean {
  return words.some(({ text }) => PARTIES.has(text)) && words.some(({ stem }) => DOINGS.has(stem));
}
