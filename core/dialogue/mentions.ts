import { contentStems, wordsOf } from '../heuristics/text/words.ts';

/** Does a text name a matter? */
export type Mentions = (text: string) => boolean;

/**
 * A test whether any of the terms stands in a text as words of its own, common endings allowed (approve → approved).
 * Compiled once; linear in the text.
 */
export function mentionsAny(terms: readonly string[]): Mentions {
  const escaped = terms.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/'/g, "['’]"));
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${escaped.join('|')})(?:['’]?s|es|d|ed|ing|ly)?(?![\\p{L}\\p{N}])`,
    'iu',
  );
  return (text) => pattern.test(text);
}

/** How much of a side's own words a paraphrase must hold to count as naming it. */
export interface OverlapRule {
  least_words: number;
  least_frac: number;
}

/**
 * A test whether a text names one side of a contradiction: by one of its terms, or by enough of the content words that
 * this side does not share with the other.
 */
export function namesSide(
  side: { text: string; terms: readonly string[] },
  other: { text: string },
  rule: OverlapRule,
): (text: string, stems: ReadonlySet<string>) => boolean {
  const byTerm = mentionsAny(side.terms);
  const shared = contentStems(wordsOf(other.text));
  const own = [...contentStems(wordsOf(side.text))].filter((stem) => !shared.has(stem));
  const needed = Math.max(rule.least_words, Math.ceil(own.length * rule.least_frac));
  return (text, stems) => {
    if (byTerm(text)) return true;
    let found = 0;
    for (const stem of own) if (stems.has(stem)) found += 1;
    return found >= needed;
  };
}
