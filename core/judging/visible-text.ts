/**
 * Zero-width, bidirectional and tag characters, with which a phrase is split or hidden to pass a pattern: what Unicode
 * calls default-ignorable.
 */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
/** Full-width and styled Latin letters and digits: each stands for one plain character. */
const STYLED = /[\uFF01-\uFF5E\u24B6-\u24E9\u{1D400}-\u{1D7FF}]/gu;
/** A quick look that plain text fails; the soft hyphen is the one foldable character below U+0100. */
const BEYOND_LATIN_1 = /[^\u0020-\u00AC\u00AE-\u00FF\t\n\r]/;
/** Anything the folding below could change; most texts hold nothing of it. */
const FOLDABLE =
  /\p{Default_Ignorable_Code_Point}|[\u0370-\u04FF\u24B6-\u24E9\uFF01-\uFF5E\u{1D400}-\u{1D7FF}]/u;
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
  if (!BEYOND_LATIN_1.test(text) || !FOLDABLE.test(text)) return text;
  const seen = text.replaceAll(INVISIBLE, '').replaceAll(STYLED, (character) => character.normalize('NFKC'));
  if (!CYRILLIC_OR_GREEK.test(seen)) return seen;
  return seen.replaceAll(WORD, (word) =>
    LATIN.test(word) && CYRILLIC_OR_GREEK.test(word)
      ? [...word].map((letter) => LOOKALIKES[letter] ?? letter).join('')
      : word,
  );
}
