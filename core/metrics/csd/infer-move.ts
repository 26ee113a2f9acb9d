import type { StudentMove } from '../../../schemas/seed.ts';

/** Cues in order of precedence: a message that asks for advice while confused asks for advice. Lower case, straight apostrophes. */
const CUES: readonly [StudentMove, RegExp][] = [
  [
    'meta_question',
    /\b(?:is (?:this|it) (?:working|helping|going anywhere)|(?:how|why) (?:does|do|is|are) (?:this|these questions|all this|your questions) (?:help|helping|supposed)|what(?:'s| is) the point of (?:this|these|your)|why (?:do you|are you) (?:keep|only|always)? ?ask(?:ing)?|are (?:we|you) (?:getting|going) (?:anywhere|to keep asking)|where (?:is this|are we) going|keep asking (?:me )?questions)\b/u,
  ],
  [
    'advice_request',
    /\b(?:what (?:should|would you|do you (?:suggest|recommend|advise))|tell me (?:what|how|the|which)|(?:just|please) (?:tell|give|show) me|give me (?:the|some|a few|an?) (?:answer|tips?|advice|hint|steps?|solution)|any (?:advice|tips|suggestions|ideas)|how (?:should|do|can|could) i\b|can you (?:just )?(?:tell|give|solve|show|explain|help)|what's the answer|is (?:that|this|it) (?:right|correct)\?)/u,
  ],
  [
    'insight',
    /(?:^|[.!?\n] ?)(?:oh|ah|aha|wait)\b|\b(?:i see(?: now)?\b(?! (?:him|her|them|it|the|a|my))|i (?:just |now )?(?:realise|realize|realised|realized|get it|understand now|noticed)|that makes sense|now i (?:see|get|understand)|it just (?:hit|struck) me|i hadn't (?:thought|seen|noticed|considered)|i never (?:thought|saw|noticed|considered))/u,
  ],
  [
    'confusion',
    /\b(?:(?:i'm|i am|i feel|still|so|getting|a bit) (?:really |very |totally |completely )?(?:confused|lost|stuck|puzzled)|i (?:don't|do not|didn't|can't|cannot) (?:really |quite |even )?(?:understand|get (?:it|this|that|what|why|how)|follow|know|see (?:how|why|what))|not sure (?:what|how|why|i|if|whether|about)|no idea|makes no sense|doesn't make sense|what do you mean)\b|^(?:huh|what)\b[?!. ]*$/u,
  ],
  [
    'contradiction',
    /\b(?:(?:i know )?i said .{0,60}\bbut\b|but then again|on second thou?ghts?|on the other hand|actually,? (?:no|i|it|that|the)|that's not (?:what i|true)|i take that back|although i said)\b/u,
  ],
  [
    'concession',
    /\b(?:(?:you're|you are|that's|that is) (?:probably |maybe )?(?:right|true|fair)|fair (?:point|enough)|good point|i (?:guess|suppose)(?: so| that| you| i| it)?\b|i (?:have to )?admit|maybe i (?:was|am|'m|should|have|did)|i was wrong|okay,? maybe|point taken)\b/u,
  ],
  [
    'example',
    /\b(?:for example|for instance|such as when|like (?:when|the time|last)|one time|the other day|last (?:week|month|year|night|time|monday|tuesday|wednesday|thursday|friday)|yesterday|this morning|once,)\b/u,
  ],
  [
    'deflection',
    /\b(?:anyway|whatever|never ?mind|let's (?:talk|move|change|skip)|can we (?:talk|move|skip|change)|by the way|doesn't matter|i'd rather (?:not|talk)|that's not the point|who cares)\b/u,
  ],
];

/** From this many words on a sentence that asks nothing says something. */
const MIN_CLAIM_WORDS = 4;

/**
 * What the student does in a message, read from its words, for dialogues without a script; null when no cue stands out. Rough
 * by design: it only picks a row of the fit table.
 */
export function inferMove(said: string): StudentMove | null {
  const text = said.toLowerCase().replaceAll('’', "'");
  for (const [move, cue] of CUES) if (cue.test(text)) return move;
  const words = text.split(/\s+/u).filter(Boolean).length;
  return words >= MIN_CLAIM_WORDS && !text.includes('?') ? 'assertion' : null;
}
