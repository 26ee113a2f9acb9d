import type { QuestionType } from '../../../schemas/heuristic-result.ts';
import type { StudentMove } from '../../../schemas/seed.ts';

/**
 * How well a kind of question fits what the student just did, 0–1. Kinds after Paul and Elder, "The Art of Socratic
 * Questioning" (2006): clarification, assumptions, reasons and evidence, viewpoints, implications, questions about the
 * question. The fit follows the contingency rule of scaffolding (Wood and Middleton 1975; van de Pol, Volman and Beishuizen
 * 2010: more support after failure, less after success) and classroom studies of follow-up questions (Chin 2007): a claim is
 * probed for its grounds, confusion is met with clarification before anything harder, an example is generalised, a request
 * for advice is turned back to reasons and consequences, an insight is carried further, a question about the process is
 * answered with one. No question fits nothing.
 */
export const FIT: Readonly<Record<StudentMove, Readonly<Record<QuestionType, number>>>> = {
  assertion: {
    clarify: 0.75,
    assumption: 1,
    evidence: 1,
    viewpoint: 0.75,
    implication: 0.75,
    meta: 0.25,
    other: 0.5,
    none: 0,
  },
  confusion: {
    clarify: 1,
    assumption: 0.5,
    evidence: 0.5,
    viewpoint: 0.5,
    implication: 0.25,
    meta: 0.75,
    other: 0.5,
    none: 0,
  },
  example: {
    clarify: 0.75,
    assumption: 1,
    evidence: 0.75,
    viewpoint: 0.75,
    implication: 1,
    meta: 0.25,
    other: 0.5,
    none: 0,
  },
  deflection: {
    clarify: 0.75,
    assumption: 0.75,
    evidence: 0.75,
    viewpoint: 0.5,
    implication: 0.75,
    meta: 1,
    other: 0.5,
    none: 0,
  },
  advice_request: {
    clarify: 0.75,
    assumption: 1,
    evidence: 0.75,
    viewpoint: 0.75,
    implication: 1,
    meta: 0.5,
    other: 0.5,
    none: 0,
  },
  contradiction: {
    clarify: 1,
    assumption: 1,
    evidence: 0.75,
    viewpoint: 0.75,
    implication: 0.75,
    meta: 0.25,
    other: 0.5,
    none: 0,
  },
  concession: {
    clarify: 0.5,
    assumption: 1,
    evidence: 0.75,
    viewpoint: 0.75,
    implication: 1,
    meta: 0.25,
    other: 0.5,
    none: 0,
  },
  insight: {
    clarify: 0.25,
    assumption: 0.75,
    evidence: 0.75,
    viewpoint: 0.75,
    implication: 1,
    meta: 0.25,
    other: 0.5,
    none: 0,
  },
  meta_question: {
    clarify: 0.5,
    assumption: 0.25,
    evidence: 0.25,
    viewpoint: 0.5,
    implication: 0.25,
    meta: 1,
    other: 0.25,
    none: 0,
  },
};

/** How far a kind of question reaches, from the surface (1) to grounds and consequences (3); Paul and Elder's kinds in Bloom's order. */
export const DEPTH: Readonly<Record<QuestionType, number>> = {
  none: 0,
  other: 1,
  meta: 1,
  clarify: 1,
  evidence: 2,
  viewpoint: 2,
  assumption: 3,
  implication: 3,
};
