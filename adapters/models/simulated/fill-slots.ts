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
 * A salient point as it can stand behind a preposition: a noun phrase turned to the tutor's side ("my team" is "your
 * team"), anything that reads as a clause in quotation marks.
 */
export function nominal(text: string): string {
  const bare = quotable(text, MAX_FOCUS_CHARS);
  return CLAUSE.test(bare) ? `"${bare}"` : toYou(lowerArticle(bare));
}

/** Signs of a finite verb; quotation marks around a noun phrase do no harm, so doubt counts as a clause. */
const CLAUSE =
  /^(?:i|it|we|you|he|she|they|this|that|there|nobody|nothing|everybody|everyone|everything|somebody|someone|people)\s|\b(?:is|are|am|was|were|be|has|have|had|does|do|did|can|could|will|would|shall|should|may|might|must|cannot|always|means|mean|works|work|makes|needs|takes|wins|costs|falls|helps|comes|goes|gets|belongs|depends|knows|says|matters|counts|proves|shows)\b(?!$)|\b\p{L}+(?:n['’]t|['’](?:re|ve|ll|m))\b|\p{L}+s\s+(?:himself|herself|itself|themselves)\b/iu;

const OF_THE_TUTOR: Readonly<Record<string, string>> = {
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
    /(?<![\p{L}\p{N}'’-])(?:myself|ourselves|mine|ours|my|our|me|us|i|we)(?![\p{L}\p{N}'’-])/giu,
    (word) => (isAcronym(word) ? word : (OF_THE_TUTOR[word.toLowerCase()] ?? word)),
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
