import { isStopWord, wordsOf } from '../heuristics/text/words.ts';

/** Words of a phrase that can still be quoted inside a question. */
const MOST_WORDS = 8;
const LEAST_WORDS = 3;

const CLAUSE_BREAKS =
  /[,;:()…]\s*|[.!?]["'”’)]*(?:\s+|$)|\s+[—–-]\s+|\s+(?:because|but|so that|although|though|while|whereas|unless|until|since|and then|and|or|when|if)\s+/giu;
const LEADING =
  /^(?:(?:and|but|so|because|that|then|or|well|like|maybe|honestly|actually|anyway|look|okay|ok|yes|no|hm+|wait|all right|fair point|i mean|i guess|i suppose|i think|i admit|to be honest|of course|still|also|just|plus|even|only|sure|right|again)(?![\p{L}'’])[\s,]*)+/iu;
const ASKING =
  /^(?:of|to|for|with|by|from|than|as|if|why|what|how|who|where|when|which|is|are|do|does|did|can|could|should|would|will)(?![\p{L}'’])/iu;
const DANGLING =
  /(?:^|\s+)(?:the|a|an|of|to|in|on|at|for|with|by|from|as|than|that|which|who|and|or|but|my|your|our|their|his|her|its|is|are|was|were|be|been|am|have|has|had|do|does|did|will|would|can|could|should|not|very|so|too|about|into|if|when|i|we|they|you|he|she|it's|i'm|like)$/iu;

/** Where a phrase may come from. */
export interface FocusSource {
  /** The student's own words. */
  text: string;
  /** What the words were built around, best first: a phrase of these wins where it is short enough. */
  phrases: readonly string[];
  /** Phrases of the salient items that the text mentions, most alive first. */
  items: readonly string[];
  /** Does a clause speak of a salient item? */
  isSalient: (clause: string) => boolean;
}

/**
 * A short phrase out of what the student just said, fit to be quoted in a question: what the words were built around,
 * else a clause of 3 to 8 words that holds subject matter, else the item it speaks of, else its first words. No closing
 * punctuation, no quotation marks.
 */
export function focusOf({ text, phrases, items, isSalient }: FocusSource): string {
  for (const phrase of phrases) {
    const short = shortened(phrase) ?? bestClause(phrase, isSalient);
    if (short !== null) return short;
  }
  const item = items.map(shortened).find((phrase) => phrase !== null);
  return bestClause(text, isSalient) ?? item ?? firstWords(text);
}

/** The clause with most subject matter, two words of it at least. */
function bestClause(text: string, isSalient: FocusSource['isSalient']): string | null {
  let best: string | null = null;
  let bestMatter = 1;
  for (const clause of clausesOf(text)) {
    const matter =
      wordsOf(clause).filter((word) => !isStopWord(word)).length + (isSalient(clause) ? SALIENT_BONUS : 0);
    if (matter > bestMatter) {
      best = clause;
      bestMatter = matter;
    }
  }
  return best === null ? null : lowerFirst(best);
}

/** A salient item in a clause counts as much as this many more words with subject matter. */
const SALIENT_BONUS = 2;

/** Clauses that stand by themselves: of quotable length, no question, nothing dangling, no half of a "not … because". */
function clausesOf(text: string): string[] {
  const clauses: string[] = [];
  let start = 0;
  for (const match of [...text.matchAll(CLAUSE_BREAKS), null]) {
    const piece = text.slice(start, match?.index ?? text.length);
    const separator = match?.[0] ?? '';
    start = match === null ? text.length : match.index + separator.length;
    const clause = piece
      .replace(/["“”]/gu, '')
      .trim()
      .replace(LEADING, '')
      .replace(/[.!?…]+$/u, '');
    const count = clause.split(/\s+/u).length;
    if (count < LEAST_WORDS || count > MOST_WORDS || DANGLING.test(clause) || ASKING.test(clause)) continue;
    if (/because/iu.test(separator) && /\bnot\b|n['’]t\b/iu.test(clause)) continue;
    clauses.push(clause);
  }
  return clauses;
}

/** Where a long phrase may end early, the gentler cut first. */
const CUTS = [
  /,| and | that | which | who /u,
  / before | after | with | without | from | when | during | in /u,
  / on | at | by | because /u,
];

/** A phrase of quotable length, cut early where it is longer; null where that fails. */
function shortened(phrase: string): string | null {
  for (const candidate of [phrase, ...CUTS.map((cut) => phrase.split(cut)[0] ?? '')]) {
    const clean = candidate.replace(/["“”]/gu, '').trim();
    if (/[\p{L}\p{N})]$/u.test(clean) && clean.split(/\s+/u).length <= MOST_WORDS && !DANGLING.test(clean))
      return clean;
  }
  return null;
}

const SENTENCE_END = /(?<=[.!?…]) /u;

/** The first words of the first sentence, cut where no function word dangles. */
function firstWords(text: string): string {
  const [sentence = text] = text.split(SENTENCE_END);
  const words = sentence.replace(/["“”]/gu, '').trim().replace(LEADING, '').split(/\s+/u);
  let phrase = words.slice(0, MOST_WORDS).join(' ');
  while (DANGLING.test(phrase)) {
    const shorter = phrase.replace(DANGLING, '');
    if (shorter === '') break;
    phrase = shorter;
  }
  return lowerFirst(phrase.replace(/[\p{P}\s]+$/u, ''));
}

const KEEPS_CAPITAL = /^(?:I(?![\p{Ll}])|\p{Lu}[\p{Lu}\d]|\d)/u;
const COMMON_FIRST =
  /^(?:the|a|an|my|our|their|his|her|its|this|that|these|those|it|we|they|he|she|you|there|what|when|where|who|why|how|if|in|on|at|with|without|for|to|nobody|nothing|everything|everybody|everyone|people|somebody|someone|something|some|every|each|all|most|one|two|last|yesterday|maybe|take|having|being|no|not)(?![\p{L}])/iu;

/** Lower-cases the first letter of a word that is not a name. */
function lowerFirst(phrase: string): string {
  if (KEEPS_CAPITAL.test(phrase) || !COMMON_FIRST.test(phrase)) return phrase;
  return phrase.slice(0, 1).toLowerCase() + phrase.slice(1);
}
