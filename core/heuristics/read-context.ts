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

/** The answer a tutor must not give away: a number in any form, or the content words of another answer. */
export type Answer = { kind: 'number'; value: number } | { kind: 'words'; stems: ReadonlySet<string> };

/** The context read once a turn. Sets hold stems of content words. */
export interface ReadContext {
  said_words: readonly string[];
  said: ReadonlySet<string>;
  earlier: ReadonlySet<string>;
  tutor: ReadonlySet<string>;
  goal: ReadonlySet<string>;
  /** Values the student has named, in any message. */
  student_numbers: ReadonlySet<number>;
  /** Values the tutor has named in the last replies. */
  tutor_numbers: ReadonlySet<number>;
  answer: Answer | null;
  turn: TurnContext;
}

/** Characters read of a message: a student's own words are rarely longer, and the cost of a turn stays bounded. */
const MAX_CHARS = 4000;
/** Tutor replies read for what has been said already. */
const TUTOR_TURNS = 2;
/** A reference with at most so many words beside its number is a number ("12 apples", "x = 4", "3/4 of a cup"). */
const WORDS_BESIDE_NUMBER = 3;

export function readContext(turn: TurnContext): ReadContext {
  const said = turn.said.slice(0, MAX_CHARS);
  const said_words = wordsOf(said);
  const earlier = joined(turn.student_turns.slice(-3));
  const tutor = joined(turn.tutor_turns.slice(-TUTOR_TURNS));
  return {
    said_words,
    said: contentStems(said_words),
    earlier: contentStems(wordsOf(earlier)),
    tutor: contentStems(wordsOf(tutor)),
    goal: turn.goal === null ? new Set() : contentStems(wordsOf(turn.goal)),
    student_numbers: valuesOf(`${said}\n${earlier}`),
    tutor_numbers: valuesOf(tutor),
    answer: turn.reference_answer === null ? null : answerOf(turn.reference_answer),
    turn,
  };
}

/** Reads a reference answer; null where it holds neither a number nor a content word. */
export function answerOf(reference: string): Answer | null {
  const value = numbersOf(reference).at(-1)?.value;
  const stems = contentStems(wordsOf(reference));
  const worded = [...stems].filter((word) => !/^\d/.test(word)).length;
  if (value !== undefined && worded <= WORDS_BESIDE_NUMBER) return { kind: 'number', value };
  return stems.size === 0 ? null : { kind: 'words', stems };
}

function joined(messages: readonly string[]): string {
  return messages.map((text) => text.slice(0, MAX_CHARS)).join('\n');
}

function valuesOf(text: string): Set<number> {
  return new Set(numbersOf(text).map(({ value }) => value));
}
