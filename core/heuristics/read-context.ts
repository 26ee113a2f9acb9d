import { readMessage, type MessageReading } from './read-message.ts';

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
/** Student messages before the last one that are read. */
const STUDENT_TURNS = 3;
/** Tutor replies read for what has been said already. */
const TUTOR_TURNS = 2;
/** A reference with at most so many words beside its number is a number ("12 apples", "x = 4", "3/4 of a cup"). */
const WORDS_BESIDE_NUMBER = 3;

export function readContext(turn: TurnContext): ReadContext {
  const said = read(turn.said);
  const earlier = turn.student_turns.slice(-STUDENT_TURNS).map(read);
  const tutor = turn.tutor_turns.slice(-TUTOR_TURNS).map(read);
  return {
    said_words: said.words,
    said: said.stems,
    earlier: union(earlier.map(({ stems }) => stems)),
    tutor: union(tutor.map(({ stems }) => stems)),
    goal: turn.goal === null ? new Set() : readMessage(turn.goal).stems,
    student_numbers: union([said, ...earlier].map(({ values }) => values)),
    tutor_numbers: union(tutor.map(({ values }) => values)),
    answer: turn.reference_answer === null ? null : answerOf(turn.reference_answer),
    turn,
  };
}

/** Reads a reference answer; null where it holds neither a number nor a content word. */
export function answerOf(reference: string): Answer | null {
  const { values, stems } = readMessage(reference);
  const value = values.at(-1);
  const worded = [...stems].filter((word) => !/^\d/.test(word)).length;
  if (value !== undefined && worded <= WORDS_BESIDE_NUMBER) return { kind: 'number', value };
  return stems.size === 0 ? null : { kind: 'words', stems };
}

function read(text: string): MessageReading {
  return readMessage(text.slice(0, MAX_CHARS));
}

function union<T>(parts: readonly Iterable<T>[]): Set<T> {
  const all = new Set<T>();
  for (const part of parts) for (const element of part) all.add(element);
  return all;
}
