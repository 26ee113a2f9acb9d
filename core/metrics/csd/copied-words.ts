import { COPIED_RUN_WORDS } from './parameters.ts';
import type { CopiedWords } from './read-turn.ts';
import { shingleAt, shinglesOf, type Word } from './text.ts';

/**
 * Words that a reply repeats from the student's message in runs of three or more, first and second person joined. A message
 * shorter than a run holds nothing to copy. Linear in both texts.
 */
export function findCopiedWords(message: readonly Word[], reply: readonly Word[]): CopiedWords {
  const in_reply = marksOf(reply, message);
  const in_message = marksOf(message, reply);
  return { in_reply, share_of_reply: shareOf(in_reply), share_of_message: shareOf(in_message) };
}

function marksOf(words: readonly Word[], source: readonly Word[]): boolean[] {
  const marks = words.map(() => false);
  if (words.length < COPIED_RUN_WORDS || source.length < COPIED_RUN_WORDS) return marks;
  const hashes = words.map(({ hash }) => hash);
  const runs = shinglesOf(
    source.map(({ hash }) => hash),
    COPIED_RUN_WORDS,
  );
  for (let start = 0; start + COPIED_RUN_WORDS <= hashes.length; start += 1) {
    if (runs.has(shingleAt(hashes, start, COPIED_RUN_WORDS)))
      marks.fill(true, start, start + COPIED_RUN_WORDS);
  }
  return marks;
}

function shareOf(marks: readonly boolean[]): number {
  return marks.length === 0 ? 0 : marks.filter(Boolean).length / marks.length;
}
