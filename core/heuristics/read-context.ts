import { numbersOf } from './text/numbers.ts';
import { contentStems, wordsOf } from './text/words.ts';

/** What the assessor knows of the dialogue beside the reply. */
export interface TurnContext {
  /** What the student said, without pasted material. */
  said: string;
  /** Earlier student messages, newest last, at most 3. */
  student_turns: readonly string[];
  /** Earlier tutor replies, newest last, at most 10. */
  tutor_turns: readonly string[];
  reference_answer: string | null;
  goal: string | null;
  active_decoys: readonly { item_id: string; text: string; terms: readonly string[] }[];
}

/** The context read once a turn. Sets hold stems of content words. */
export interface ReadContext {
  said_words: readonly string[];
  said: ReadonlySet<string>;
  earlier: ReadonlySet<string>;
  tutor: ReadonlySet<string>;
  goal: ReadonlySet<string>;
  /** Values the student has named, in any message. */
  student_numbers: ReadonlySet<number>;
  /** Values the tutor has named before. */
  tutor_numbers: ReadonlySet<number>;
  turn: TurnContext;
}

/** Most characters of one earlier message that are read; a student's own words are rarely longer (bounds the cost of a turn). */
const MAX_CHARS = 4000;

export function readContext(turn: TurnContext): ReadContext {
  const saidText = turn.said.slice(0, MAX_CHARS);
  const said_words = wordsOf(saidText);
  const earlierText = turn.student_turns
    .slice(-3)
    .map((text) => text.slice(0, MAX_CHARS))
    .join('\n');
  const tutorText = turn.tutor_turns
    .slice(-2)
    .map((text) => text.slice(0, MAX_CHARS))
    .join('\n');
  return {
    said_words,
    said: contentStems(said_words),
    earlier: contentStems(wordsOf(earlierText)),
    tutor: contentStems(wordsOf(tutorText)),
    goal: turn.goal === null ? new Set() : contentStems(wordsOf(turn.goal)),
    student_numbers: valuesOf(`${saidText}\n${earlierText}`),
    tutor_numbers: valuesOf(tutorText),
    turn,
  };
}

function valuesOf(text: string): Set<number> {
  return new Set(numbersOf(text).map(({ value }) => value));
}
