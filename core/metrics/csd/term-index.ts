import { wordsOf } from '../../heuristics/text/words.ts';
import { wordOf, type Word } from './text.ts';

/** Finds which of several things a text names, by their terms (words or phrases, compared by stem). */
export interface TermIndex {
  /** Ids named in the words. O(words). */
  find(words: readonly Word[]): Set<string>;
  /** Is the stem a word of any term? */
  holds(stem: string): boolean;
}

/** Terms of several words must stand in a row. A term without a letter or digit names nothing. */
export function createTermIndex(things: Iterable<{ id: string; terms: readonly string[] }>): TermIndex {
  const byFirst = new Map<string, { id: string; rest: readonly string[] }[]>();
  const stems = new Set<string>();
  for (const { id, terms } of things) {
    for (const term of terms) {
      const [first, ...rest] = wordsOf(term).map((word) => wordOf(word).stem);
      if (first === undefined) continue;
      stems.add(first);
      for (const stem of rest) stems.add(stem);
      const known = byFirst.get(first);
      if (known === undefined) byFirst.set(first, [{ id, rest }]);
      else known.push({ id, rest });
    }
  }
  return {
    find(words) {
      const found = new Set<string>();
      for (const [index, word] of words.entries()) {
        for (const { id, rest } of byFirst.get(word.stem) ?? []) {
          if (rest.every((stem, offset) => words[index + 1 + offset]?.stem === stem)) found.add(id);
        }
      }
      return found;
    },
    holds: (stem) => stems.has(stem),
  };
}
