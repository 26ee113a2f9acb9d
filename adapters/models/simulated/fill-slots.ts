import type { Slot } from '../../../schemas/phrase-bank.ts';

/** What goes into the slots of a phrase; a slot that cannot be filled in this turn is null. */
export type Fills = Readonly<Record<Slot, string | null>>;

/** Longest quotation of a statement; longer ones end on a whole word and an ellipsis. */
const MAX_QUOTE_CHARS = 160;
/** A focus is a phrase, not a speech. */
const MAX_FOCUS_CHARS = 90;

/**
 * Words of the student as they can stand between quotation marks inside a question: one line, no question mark of their
 * own, no closing punctuation, never empty.
 */
export function quotable(text: string, maxChars = MAX_QUOTE_CHARS): string {
  const line = text
    .replaceAll(/["“”„«»]/gu, "'")
    .replaceAll(/\s*[?¿？]+/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  const bare = stripEnd(line);
  if (bare === '') return 'that';
  if (bare.length <= maxChars) return bare;
  const cut = bare.slice(0, maxChars + 1);
  const space = cut.lastIndexOf(' ');
  return `${stripEnd(space > maxChars / 2 ? cut.slice(0, space) : cut.slice(0, maxChars))}…`;
}

/** The first sentence of a phrase that shall be taken up, quotable. */
export function quotableFocus(text: string): string {
  const sentence = /^.*?[.!?](?=\s)/su.exec(text.trim())?.[0];
  return quotable(sentence === undefined || stripEnd(sentence) === '' ? text : sentence, MAX_FOCUS_CHARS);
}

/**
 * A salient point as it can stand behind a preposition, turned to the tutor's side: "my team" is "your team", the claim
 * "the team isn't ready" is "the idea that the team isn't ready". What may be either stands in quotation marks, where
 * anything is grammatical.
 */
export function nominal(text: string): string {
  const bare = withoutApposition(quotable(text, MAX_FOCUS_CHARS));
  if (QUESTION_WORD.test(bare)) return `the question of ${toYou(bare)}`;
  if (/^that\s/iu.test(bare)) return `the idea ${toYou(bare)}`;
  if (isNounPhrase(bare)) return DOING.test(bare) ? `"${bare}"` : toYou(lowerArticle(bare));
  return isPlainClause(bare) ? `${CLAIM} ${toYou(lowerArticle(bare))}` : `"${bare}"`;
}

/** Turns a clause into a noun phrase that is neutral between a claim and a fact. */
export const CLAIM = 'the idea that';

/** Does nothing in the phrase look like a finite verb? */
export function isNounPhrase(phrase: string): boolean {
  return !PRONOUN_FIRST.test(phrase) && !VERB.test(phrase) && !BARE_CLAUSE.test(phrase);
}

/** "knowing why it happens", "Ben showing up late": a noun phrase, and hard to read inside another sentence. */
const DOING =
  /^(?!(?:the|a|an|my|our|your|his|her|its|their|this|that|these|those|some|something|nothing|anything|everything)\s)(?:\p{L}+\s)?\p{Ll}+ing\s\S+\s\S/iu;
/** "what is fair", "whether people can trust me": clauses that are noun phrases. */
const QUESTION_WORD = /^(?:what|whether|who|whom|whose|which|where|when|why|how)\s/iu;
const PRONOUN_FIRST =
  /^(?:i|it|we|you|he|she|they|there|nobody|nothing|everybody|everyone|everything|somebody|someone|people)\s(?!(?:out|in|on|of|for|from|with)\s)|^(?:\p{L}+['’](?:re|ve|ll|m|d)|(?:it|that|there|he|she|what|who|here)['’]s)\b/iu;
/** Finite verbs that are seldom nouns or participles. */
const VERB =
  /\b(?:is|are|am|was|were|has|have|had|does|do|did|can|could|will|would|shall|should|may|might|must|cannot|means|works|makes|needs|takes|wins?|loses?|becomes?|costs|falls|helps|comes|goes|gets|belongs|depends|knows|says|matters|counts|proves|shows|kills)\b(?!$)|\b(?:wins?|loses?)$|\b\p{L}+n['’]t\b|\b\p{L}+s\s+(?:himself|herself|itself|themselves)\b/iu;
/** "theory kills it": a bare noun, then a verb in the third person. */
const BARE_CLAUSE =
  /^(?!(?:the|a|an|my|our|your|his|her|its|their|this|that|these|those|all|both|some|many|few|several|two|three|four|five|six|seven|eight|nine|ten|more|most|other|\d+)\s)\p{L}+\s\p{Ll}{2,}[^s\P{L}]s\s(?!(?:and|or|of|in|for|with|on|at|to|by|as|from|that|who|which|until|if|when|because|before|after|while)\b)/iu;
/** A relative clause, or a second noun phrase before the verb: the verb may belong to it and not to a main clause. */
const RELATIVE =
  /\b(?:that|which|who|whom|whose|where|when|how|what|why|until|if|because|before|after|while)\b/iu;
const SECOND_NOUN_PHRASE =
  /^\p{L}+\s.*\b(?:the|a|an|my|our|your|his|her|their|its|this|these|those|i|we|they|it|he|she|you|one|something|someone|somebody|nothing|nobody|everybody|everyone|everything)\s/iu;

function isPlainClause(phrase: string): boolean {
  if (PRONOUN_FIRST.test(phrase)) return true;
  const verb = VERB.exec(phrase)?.index ?? phrase.indexOf(' ') + 1;
  const before = phrase.slice(0, verb);
  return verb > 0 && !RELATIVE.test(before) && !SECOND_NOUN_PHRASE.test(before) && !/["\d]/u.test(phrase);
}

/** "Tomas, my senior developer" is "Tomas": what follows one comma explains, and would need a second comma behind it. */
function withoutApposition(phrase: string): string {
  const [head = '', ...rest] = phrase.split(', ');
  return rest.length === 1 && isNounPhrase(head) ? head : phrase;
}

const TO_YOU: Readonly<Record<string, string>> = {
  'i am': 'you are',
  "i'm": "you're",
  'i’m': 'you’re',
  'i was': 'you were',
  my: 'your',
  our: 'your',
  mine: 'yours',
  ours: 'yours',
  me: 'you',
  us: 'you',
  i: 'you',
  we: 'you',
  myself: 'yourself',
  ourselves: 'yourselves',
};

function toYou(text: string): string {
  return text.replaceAll(
    /(?<![\p{L}\p{N}'’-])(?:i am|i was|i['’]m|myself|ourselves|mine|ours|my|our|me|us|i|we)(?![\p{L}\p{N}-])/giu,
    (word) => (isAcronym(word) ? word : (TO_YOU[word.toLowerCase()] ?? word)),
  );
}

/** "US" is a country. */
function isAcronym(word: string): boolean {
  return word.length > 1 && word === word.toUpperCase();
}

function lowerArticle(text: string): string {
  return /^(?:The|A|An|My|Our|This|That|These|Those|His|Her|Their|Its)\s/u.test(text)
    ? text.slice(0, 1).toLowerCase() + text.slice(1)
    : text;
}

function stripEnd(text: string): string {
  return text.replace(/[\s.,;:!…–—-]+$/u, '');
}
