import type { TurnReading } from '../read-turn.ts';

/** Numbers share one token: a figure belongs to its problem, not to the way of asking. */
const NUMBER = '0';
/** Words of the student's message that are looked at, from its end. */
const STUDENT_WORDS = 40;

/** Distinct single words and word pairs (within a sentence) of the reply. */
export function ngramsOf({ reply }: TurnReading): Set<string> {
  const ngrams = new Set<string>();
  for (const { words } of reply.sentences) {
    let previous: string | null = null;
    for (const word of words) {
      const token = tokenOf(word);
      ngrams.add(token);
      if (previous !== null) ngrams.add(`${previous} ${token}`);
      previous = token;
    }
  }
  return ngrams;
}

/** Distinct words of the student's message, marked S:. */
export function studentWordsOf({ context }: TurnReading): Set<string> {
  const words = new Set<string>();
  for (const word of context.said_words.slice(-STUDENT_WORDS)) words.add(`S:${tokenOf(word)}`);
  return words;
}

/** Value of each n-gram of a text with `distinct` of them: all texts get about the same length. */
export function ngramValue(distinct: number): number {
  return 1 / Math.sqrt(1 + distinct);
}

function tokenOf(word: string): string {
  const first = word.charCodeAt(0);
  return first >= 48 && first <= 57 ? NUMBER : word;
}
