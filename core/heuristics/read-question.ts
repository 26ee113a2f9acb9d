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

/** Persons other than the student, whose view is asked for. */
const OTHERS =
  '(?:some(?:one|body)|any(?:one|body)|others?|(?:an|the) ?other|people|person|friend|critic|colleague|opponent|stranger|reader|expert|boss|teacher|parents?|customers?|he|she|they)';

const TYPES: readonly [QuestionType, RegExp][] = [
  [
    'meta',
    /\b(?:(?:what|better|kind of) questions?|(?:how|where) (?:are|is) (?:we|this|our) (?:doing|going|working)|(?:this|our|the) (?:conversation|questioning|discussion|way of working)|(?:my|our|these) questions|the way (?:we|i) (?:work|talk|ask|speak|do)|questions? (?:i|we|you) (?:ask|should|might|could)|(?:me|you|us|i) (?:to )?ask(?:ed)? (?:next|differently|there|you about)|worth asking|approach(?:ing)? (?:this|our) (?:conversation|discussion)|helpful to you|most useful to|what would (?:help|make) (?:this|our|these)|help you (?:to )?think|go on from here|(?:has|have) your (?:\S+ ){1,10}changed|(?:shifted|changed) in your (?:thinking|view)|still (?:not know|want to (?:know|understand|find out))|how has (?:that|this|it) been for you|slow down)\b/iu,
  ],
  [
    'assumption',
    /\b(?:assum\w+|presuppos\w*|tak(?:e|en|ing)(?: \w+){0,3} for granted|(?:treat|take)\w*(?: \w+){0,2} as (?:given|settled)|premise|principle|unspoken|(?:belief|rule|idea) (?:could|do|are|of your own|must|about|lies)|what belief|believ\w+ before|already (?:decided|believe)|rest(?:s|ing)? on|rel(?:y|ies|ying) on|count(?:ing)? on|built on|(?:must|have to|has to|needs? to|would have to) (?:be|hold|believe|have been)(?! (?:in order|able))|must (?:hold|already)|depend(?:s|ing)? on|never (?:questioned|doubted)|step (?:of your own|you (?:have not|haven['’]t|left|did not|didn['’]t))|(?:lies|underneath|beneath|behind) (?:that|this|it)|is it (?:always|necessarily)|always (?:true|the case)|fell away|were mistaken)\b/iu,
  ],
  [
    'evidence',
    /\b(?:why|evidence|how (?:do|did|could|can|would|might|will) (?:you|we|the two of us) (?:\w+ )?(?:know|tell whether|tell if|tell that|check|test|verify|get (?:to|from|that|this|the)|arrive|find|decide|prove|come|reach|put .{1,60} to the test)|how (?:do|did) you tell|how come|what (?:is it that )?(?:makes|made|led|leads|tells|told|shows|suggests|convinces|convinced|supports|speaks|stands behind)|examples?|instances?|reason\w*|because|justify|prove|proof|basis|grounds?|support(?:s|ed)?|confident|first hand|what do you (?:already )?know|what (?:have you|did you) (?:seen|see|saw|hear|heard|notice|noticed|observe|observed|learned)|experience|where did|how sure|how certain|based on|point to|draw on|doubt(?:s|ed)?|hold against|against it|give up|persuade|convince|show me|you show)\b/iu,
  ],
  [
    'viewpoint',
    new RegExp(
      String.raw`\b(?:perspective|point of view|viewpoint|another (?:way|person|reader|explanation|side)|other (?:way|ways|side|people)|opposite|objections?|disagrees?d?|opponent|critic|alternative|differently|counter-?\w*|eyes of|from (?:her|his|their|your \w+'s) side|from (?:somewhere else|outside)|(?:how|what) (?:might|would|could|will) (?!(?:you|we|i|it|that|this) )(?:[\w']+ ){1,5}(?:see|view|think|say|feel|object|answer|reply|respond|react|take|describe|interpret|make of|notice|believe|argue|tell)\b|${OTHERS} (?:who|else)\b.{0,60}\b(?:see|saw|view|think|say|feel|object|answer|reply|respond|react|take|make of|notice|understand)|(?:how|what) (?:might|would|could) (?:\w+ ){0,3}(?:strike|sound like to)|how else (?:could|might|can|would)|looked? back on)`,
      'iu',
    ),
  ],
  [
    'implication',
    /\b(?:what (?:would|will|could|might|may|does|do) (?!(?:you|he|she|they|i) )(?:\S+ ){0,8}?(?:happen|follow|change|imply|lead|cost|mean for|commit|oblige|open up|add up to)|what happens|consequence\w*|impl(?:y|ies|ication\w*)|follow(?:s)? from|what follows|lead(?:s)? (?:\w+ )?to|where (?:does|would|will|might) (?:\S+ ){1,10}(?:lead|take|end|stop)|if (?:that|this|it|so)(?: |['’]s)(?:is|are|were|was|holds?|turns?|works?|true|right|so|did|does|happen\w*)|what if|effects?|then what|in the long|(?:as a|the) results? of|what (?:else )?(?:changes|would change|would be different|might be different)|what would (?:it|that|this) (?!mean to)|becomes? (?:of|possible)|at stake|commits? you|predict|then (?:have to|need to|expect)|what else would|expect to (?:see|happen|find)|carr(?:y|ies) over|hangs|later on|a year from now|first (?:sign|thing to)|comes? into view|bear(?:s)? on|what (?:is|would be) (?:then )?(?:left|lost|gained))\b/iu,
  ],
  [
    'clarify',
    /\b(?:what (?:exactly |really |precisely )?(?:do|did|does|would) (?:\S+ ){1,6}mean|mean(?:s|t)? by|mean to you|means?|meant|define|definition|clarify|say more|tell me more|hear more|more about|walk me|talk me|take me|describe|explain|in your own words|in other words|rephrase|put (?:that|this|it) (?:differently|another way)|say the same|understand by|misunderstand|in what sense|as opposed to|draw the line|tell (?:\S+ ){1,6}apart|what picture|falls? under|what (?:exactly|specifically|is|are|does|do|did|was|were|else)|which (?:part|of)|how (?:do|does|did|would|are|is)|can you (?:give|show)|look like|sound like|help me understand|comes? to (?:your )?mind|in mind)\b/iu,
  ],
];

/** The kind of question after Paul and Elder; the first that fits, from the most to the least specific. */
export function questionTypeOf(sentence: Sentence): QuestionType {
  for (const [type, pattern] of TYPES) if (pattern.test(sentence.own)) return type;
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
