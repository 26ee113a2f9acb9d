import { SHINGLE_WORDS } from './parameters.ts';
import type { CopiedWords } from './read-turn.ts';
import type { TextReading } from './text.ts';

/**
 * Words that a reply repeats from the student's message in runs of a shingle's length or more, first and second person
 * joined. A shorter message holds nothing to copy. Linear in both texts.
 */
export function findCopiedWords(message: TextReading, reply: TextReading): CopiedWords {
  const in_reply = marksOf(reply, message);
  const in_message = marksOf(message, reply);
  return { in_reply, share_of_reply: shareOf(in_reply), share_of_message: shareOf(in_message) };
}

function marksOf(text: TextReading, source: TextReading): boolean[] {
  const marks = text.words.map(() => false);
  if (text.words.length < SHINGLE_WORDS || source.words.length < SHINGLE_WORDS) return marks;
  for (const [start, shingle] of text.shingles.entries()) {
    if (source.shingle_set.has(shingle)) marks.fill(true, start, start + SHINGLE_WORDS);
  }
  return marks;
}

function shareOf(marks: readonly boolean[]): number {
  let marked = 0;
  for (const mark of marks) if (mark) marked += 1;
  return marks.length === 0 ? 0 : marked / marks.length;
}
