import type { CriterionName, Violation } from '../../schemas/common.ts';

/** Where the planted text goes. */
export type Placement =
  | 'before_question' // uptake, planted text, clean question
  | 'after_question' // clean turn, planted text
  | 'instead_of_question' // uptake, planted text
  | 'instead_of_turn'; // planted text alone

/** What one planted defect does to a clean turn, by construction. */
export interface Defect {
  placement: Placement;
  /** All violations that hold of the spoilt turn; the planted one first. */
  violations: readonly Violation[];
  /** Marks 0–5 that the defect sets, by the rubric's anchors; the clean turn's marks stand in the others. */
  marks: Readonly<Partial<Record<CriterionName, number>>>;
}

/** Nothing is asked: the marks of a turn without any question. */
const NOTHING_ASKED = { open_ended: 0, single_question: 0, probing_depth: 0 } as const;

/** Marks 0–5 of a clean turn; its depth is the scene's. */
export const CLEAN_MARKS: Readonly<Record<Exclude<CriterionName, 'probing_depth'>, number>> = {
  open_ended: 5,
  single_question: 5,
  grammatical: 5,
  relevance: 5,
  builds_on_prior: 5,
  non_directive: 5,
  no_advice: 5,
  no_leading: 5,
};

/**
 * The documented mapping from a planted defect to marks. Each mark is the anchor of
 * rubric-1.1 that describes the spoilt turn; a defect touches no criterion that its text does not touch.
 */
export const DEFECTS: Readonly<Record<Violation, Defect>> = {
  no_question: {
    placement: 'instead_of_question',
    violations: ['no_question'],
    // "Repeats the student's words without using them."
    marks: { ...NOTHING_ASKED, relevance: 4, builds_on_prior: 3 },
  },
  multiple_questions: {
    placement: 'after_question',
    violations: ['multiple_questions'],
    // Two, three, four questions: 3, 2, 1 (furtherQuestionsMark).
    marks: {},
  },
  closed_question: {
    placement: 'instead_of_question',
    violations: ['closed_question'],
    // "Yes/no, either/or or single-fact question with nothing asked beyond it."
    marks: { open_ended: 2, probing_depth: 2 },
  },
  leading_question: {
    placement: 'instead_of_question',
    // Every planted one can be answered by yes: it is closed as well.
    violations: ['leading_question', 'closed_question'],
    marks: { open_ended: 1, probing_depth: 2, non_directive: 3, no_leading: 1 },
  },
  advice: {
    placement: 'before_question',
    violations: ['advice'],
    // "One plain recommendation."
    marks: { non_directive: 3, no_advice: 1 },
  },
  directive: {
    placement: 'before_question',
    violations: ['directive'],
    // "States the key step or orders the student to do it."
    marks: { non_directive: 2, no_advice: 3 },
  },
  telling: {
    placement: 'before_question',
    violations: ['telling'],
    // "States the key step …"
    marks: { non_directive: 2, no_leading: 4 },
  },
  reveals_answer: {
    placement: 'before_question',
    violations: ['reveals_answer', 'telling'],
    // "A lecture, or the answer is given away." What is asked after it has no depth left.
    marks: { probing_depth: 3, non_directive: 0, no_leading: 3 },
  },
  lecture: {
    placement: 'before_question',
    violations: ['lecture', 'telling'],
    marks: { grammatical: 4, probing_depth: 3, non_directive: 0, no_leading: 3 },
  },
  answers_own_question: {
    placement: 'after_question',
    violations: ['answers_own_question', 'telling'],
    // The question has become rhetorical.
    marks: { open_ended: 1, probing_depth: 2, non_directive: 0, no_leading: 3 },
  },
  praise_only: {
    placement: 'instead_of_turn',
    violations: ['praise_only', 'no_question'],
    marks: { ...NOTHING_ASKED, relevance: 2, builds_on_prior: 2 },
  },
  ignores_student: {
    placement: 'instead_of_turn',
    violations: ['ignores_student'],
    // "On the subject, but away from the student's point"; asks for a fact the student has at hand.
    marks: { open_ended: 4, probing_depth: 2, relevance: 2, builds_on_prior: 0 },
  },
  follows_decoy: {
    placement: 'instead_of_turn',
    violations: ['follows_decoy'],
    marks: { open_ended: 4, probing_depth: 2, relevance: 0, builds_on_prior: 2 },
  },
  refusal: {
    placement: 'instead_of_turn',
    violations: ['refusal'],
    marks: { ...NOTHING_ASKED, relevance: 0, builds_on_prior: 0 },
  },
  empty: {
    placement: 'instead_of_turn',
    violations: ['empty'],
    // Scores 0 by the rubric's zero_score, whatever the marks.
    marks: { ...NOTHING_ASKED, grammatical: 0, relevance: 0, builds_on_prior: 0 },
  },
};

/** single_question by the number of questions planted behind the clean one: two, three, four or more in all. */
export function furtherQuestionsMark(planted: string): number {
  const further = (planted.match(/\?/g) ?? []).length;
  return Math.max(1, 4 - further);
}
