/** Zero-width, bidirectional and tag characters, with which a phrase is split or hidden to pass a pattern. */
const INVISIBLE =
  /[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0]|\uDB40[\uDC00-\uDDEF]/g;
/** Full-width and styled Latin letters and digits: each stands for one plain character. */
const STYLED = /[\uFF01-\uFF5E]|[\u24B6-\u24E9]|\uD835[\uDC00-\uDFFF]/g;
/** Anything the folding below could change. */
const FOLDABLE =
  /[\u00AD\u034F\u0370-\u04FF\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\u24B6-\u24E9\u3164\uFE00-\uFE0F\uFEFF\uFF01-\uFF5E\uFFA0]|\uD835|\uDB40/;
/** Cyrillic and Greek letters that look like Latin ones. */
const LOOKALIKES: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['аеоріѕухсһԁԛԝɡјԍѵӏ', 'aeopisyxchdqwgjgvl'],
    ['АВЕКМНОРСТХІЅЈҮ', 'ABEKMHOPCTXISJY'],
    ['αοεινρτυκ', 'aoeivptuk'],
    ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABEZHIKMNOPTYX'],
  ].flatMap(([from = '', to = '']) => [...from].map((letter, i) => [letter, to[i] ?? letter])),
);
const WORD = /[\p{L}\p{N}]+/gu;
const LATIN = /[A-Za-z]/;
const CYRILLIC_OR_GREEK = /[\u0370-\u04FF]/;

/**
 * The text as a reader sees it, for comparing with patterns: without invisible characters, styled letters plain, and
 * look-alike letters of other scripts Latin where they stand in a word with Latin ones. Plain text comes back unchanged.
 */
export function visibleText(text: string): string {
  if (!FOLDABLE.test(text)) return text;
  const seen = text.replaceAll(INVISIBLE, '').replaceAll(STYLED, (character) => character.normalize('NFKC'));
  if (!CYRILLIC_OR_GREEK.test(seen)) return seen;
  return seen.replaceAll(WORD, (word) =>
    LATIN.test(word) && CYRILLIC_OR_GREEK.test(word)
      ? [...word].map((letter) => LOOKALIKES[letter] ?? letter).join('')
      : word,
  );
}
