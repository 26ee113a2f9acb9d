import type { TurnReading } from '../read-turn.ts';
import { isStopWord, stem } from '../text/words.ts';

/** Marks a shape among the n-grams. */
const MARK = 'D:';
const LONGEST_WORDS = 3;
/** Where the sentence ends: its mark, or none. */
const END_MARK = /([?!.])[^\p{L}\p{N}]*$/u;

/** Function words say nothing new here: runs of them alone are n-grams already. */
const HOLDS_CLASS = /[@#^?!.]|_$/u;

/**
 * Distinct runs of two and three words with the subject matter taken out: function words stand as they are, a content word
 * as `@s` (the student's last words), `@e` (said before) or `@n` (brought in), a number likewise as `#s`, `#t` or `#n`, the
 * bounds of the sentence as `^` and its mark. "the answer is 12." becomes "the @n is #n .": the way of telling without what is
 * told, which carries over to other subjects.
 */
export function shapesOf({ reply, context }: TurnReading): Set<string> {
  const shapes = new Set<string>();
  for (const { words, text } of reply.sentences) {
    const tokens = ['^'];
    for (const word of words) tokens.push(classOf(word, context));
    tokens.push(END_MARK.exec(text.slice(-8))?.[1] ?? '_');
    for (let start = 0; start < tokens.length - 1; start += 1) {
      let shape = tokens[start] as string;
      for (let next = start + 1; next < Math.min(tokens.length, start + LONGEST_WORDS); next += 1) {
        shape += ` ${tokens[next]}`;
        if (HOLDS_CLASS.test(shape)) shapes.add(MARK + shape);
      }
    }
  }
  return shapes;
}

function classOf(word: string, context: TurnReading['context']): string {
  const first = word.charCodeAt(0);
  if (first >= 48 && first <= 57) {
    const value = Number(word);
    if (context.student_numbers.has(value)) return '#s';
    return context.tutor_numbers.has(value) ? '#t' : '#n';
  }
  if (isStopWord(word)) return word;
  const stemmed = stem(word);
  if (context.said.has(stemmed)) return '@s';
  return context.earlier.has(stemmed) || context.tutor.has(stemmed) ? '@e' : '@n';
}
