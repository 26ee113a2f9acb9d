import type { QuestionType } from '../../schemas/heuristic-result.ts';
import type { Sentence } from './analyse-reply.ts';

/** How far a question opens: `open` invites reasons or exploration, `narrow` one fact, `closed` yes or no or a choice. */
export type Openness = 'open' | 'narrow' | 'closed';

const OPEN_REQUEST =
  /\b(?:can|could|would|will|do|are|might) you (?:(?:please|maybe|perhaps|also|try to|be able to|able to|want to|like to|mind) ){0,2}(?:explain|explaining|tell|describe|describing|walk|walking|talk|talking|share|sharing|say|show|elaborate|give|think|help|expand|clarify|remember how|see (?:what|why|how|where|any)|find|figure|spot|identify|name|imagine|put|define|break|go (?:over|through)|take me|outline|guess|predict|come up|work out|remind|point|justify|support|compare|recall|write|list|summari[sz]e)/iu;
const WH = /(?:^|[\s,;:(–—-])(?:what|why|how|where|when|which|who|whose)(?:'s|’s|'re|’re)?(?![\p{L}])/iu;
const CLOSED_OPENING =
  /^(?:is|are|was|were|do|does|did|can|could|would|will|should|have|has|had|am|may|might|must|isn't|aren't|don't|doesn't|didn't|can't|couldn't|won't|wouldn't|shouldn't|haven't|hasn't|so (?:is|are|do|does|did|you))(?![\p{L}])/iu;
const NARROW =
  /(?:^|[\s,])(?:how (?:many|much|old|long|far|often|big|tall)|what(?:'s|’s| is| are| was| were| does| do)? (?:the )?(?:answer|result|sum|total|product|difference|value|number|word|name|next step|first step|formula|definition|term|\d)|when (?:was|did|is)|where (?:is|was|are)|who (?:is|was|wrote|said)|which (?:one|number|word|line|of))/iu;

const TYPES: readonly [QuestionType, RegExp][] = [
  [
    'meta',
    /\b(?:what question|(?:how|where) (?:are|is) (?:we|this|our) (?:doing|going|working)|this conversation|our (?:conversation|questioning|discussion)|my questions|these questions|the way (?:we|i)|questions? (?:i|we|you) (?:ask|should|might|could)|approach(?:ing)? (?:this|our) (?:conversation|discussion)|helpful to you|most useful to|what would (?:help|make) (?:this|our|these))\b/iu,
  ],
  [
    'assumption',
    /\b(?:assum\w+|presuppos\w*|tak(?:e|en|ing) for granted|premise|what if|must (?:be|it be) true|have to be true|needs? to be true|depend(?:s|ing)? on|suppose|is it (?:always|necessarily)|always (?:true|the case))\b/iu,
  ],
  [
    'evidence',
    /\b(?:why|evidence|how (?:do|did|could|can|would|might) (?:you|we) (?:know|tell|check|test|verify|get|arrive|find|decide|prove|come up)|how come|what (?:makes|made|led|leads|tells|told|shows|suggests|convinces|convinced|supports)|example|reason\w*|because|because of|justify|prove|basis|support(?:s|ed)?|what (?:have you|did you) (?:seen|see|notice|noticed|observe|observed)|where did|how sure|how certain|based on)\b/iu,
  ],
  [
    'viewpoint',
    /\b(?:perspective|point of view|viewpoint|someone (?:else|who)|other people|another (?:way|person|reader|explanation)|disagree|opponent|critic|colleague|how (?:might|would|could) (?:\w+ ){1,4}(?:see|view|feel|respond|react|say|describe|interpret)|what would (?:\w+ ){1,4}(?:say|think|object|answer|reply)|alternative|different(?:ly)?|counter-?\w*|from (?:her|his|their|your \w+'s) side)\b/iu,
  ],
  [
    'implication',
    /\b(?:what (?:would|will|could|might|does|do) (?!(?:you|he|she|they|it) mean)(?:\w+ ){0,6}(?:happen|follow|change|mean|imply|lead|cost)|what happens|consequence\w*|impl(?:y|ies|ication\w*)|follow(?:s)? from|lead(?:s)? to|if (?:that|this|it|you|we|so)\b|effect|then what|in the long|result|what (?:changes|follows)|what would (?:it|that|this) )\b/iu,
  ],
  [
    'clarify',
    /\b(?:what do you mean|mean by|mean to you|means?|define|definition|clarify|say more|tell me more|more about|walk me|talk me|take me|describe|explain|in your own words|rephrase|understand by|what (?:exactly|specifically|is|are|does|do|did|was|were)|which (?:part|of)|how (?:do|does|did|would|are|is)|can you (?:give|show)|look like|sound like|help me understand)\b/iu,
  ],
];

/** The kind of question after Paul and Elder; the first that fits, from the most to the least specific. */
export function questionTypeOf(sentence: Sentence): QuestionType {
  for (const [type, pattern] of TYPES) if (pattern.test(sentence.text)) return type;
  return 'other';
}

/** How far a question or invitation opens. */
export function opennessOf(sentence: Sentence): Openness {
  if (sentence.kind === 'invitation') return 'open';
  const text = sentence.core === '' ? sentence.own : sentence.core;
  if (OPEN_REQUEST.test(text)) return 'open';
  const clause = lastClause(text);
  if (
    CLOSED_OPENING.test(clause) ||
    (CLOSED_OPENING.test(text) && !/^(?:do|did|have|has|are|is)\b/iu.test(text))
  ) {
    return /\b(?:what|why|how)\b/iu.test(clause) &&
      /^(?:do you (?:know|see|think|remember|notice)|did you|are you able|have you (?:thought|considered|noticed))/iu.test(
        clause,
      )
      ? 'narrow'
      : 'closed';
  }
  if (NARROW.test(text)) return 'narrow';
  return WH.test(text) ? 'open' : 'closed';
}

/** What is asked after an opening condition: "If we add 3, is it even?" → "is it even?". */
function lastClause(text: string): string {
  const comma = text.lastIndexOf(', ');
  if (comma < 0) return text;
  const rest = text.slice(comma + 2).replace(/^(?:so|then|and|but|or)\s+/iu, '');
  return CLOSED_OPENING.test(rest) || WH.test(rest.slice(0, 8)) ? rest : text;
}
