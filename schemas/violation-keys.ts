import type { Violation } from './common.ts';

/** The key of each violation when labelling; u (undo) and s (skip) stay free. */
export const VIOLATION_KEYS: Readonly<Record<Violation, string>> = {
  no_question: 'n',
  multiple_questions: 'm',
  closed_question: 'c',
  leading_question: 'l',
  advice: 'a',
  directive: 'd',
  telling: 't',
  reveals_answer: 'r',
  lecture: 'e',
  answers_own_question: 'o',
  praise_only: 'p',
  ignores_student: 'i',
  follows_decoy: 'f',
  refusal: 'x',
  empty: 'z',
};
