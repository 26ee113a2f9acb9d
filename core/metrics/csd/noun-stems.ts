import type { TextReading, Word } from './text.ts';

/** After these a content word tends to head or open a noun phrase: determiners, possessives, prepositions. */
const OPENERS = new Set(
  (
    'the a an my our your his her their its this these those some any each every no another other both all many few ' +
    'of in on with for about from between by without against over under into at to'
  ).split(' '),
);
const NOUN_ENDING = /(?:tion|sion|ment|ness|ity|ship|ance|ence|ism|ist|hood|dom|ure|age)s?$/;
const NOT_A_NOUN = /(?:ly|ing|ed)$/;

/**
 * Stems of words that look like nouns: the last content word of a run opened by a determiner, possessive or preposition, and
 * words with a noun's ending. No tagger is worth its cost here: what is missed or caught wrongly weighs little, since
 * repetition decides what stays. In order of appearance, each once. Linear.
 */
export function nounStemsOf(text: TextReading): Set<string> {
  const nouns = new Set<string>();
  for (const { words } of text.sentences) {
    let isOpened = false;
    let head: Word | null = null;
    for (const [index, word] of words.entries()) {
      if (!word.is_content) {
        head = null;
        isOpened = OPENERS.has(word.text);
        continue;
      }
      if (NOUN_ENDING.test(word.text) && isName(word)) nouns.add(word.stem);
      head = word;
      const endsRun = words[index + 1]?.is_content !== true;
      if (endsRun && isOpened && isName(head) && !NOT_A_NOUN.test(head.text)) nouns.add(head.stem);
    }
  }
  return nouns;
}

function isName({ text }: Word): boolean {
  return text.length >= 3 && !/^\d/.test(text);
}
