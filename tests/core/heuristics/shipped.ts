import { readFileSync } from 'node:fs';
import { createAssessor, type Assessor, type TurnContext } from '../../../core/heuristics/assess-turn.ts';
import { heuristicsModelSchema, type HeuristicsModel } from '../../../schemas/heuristics-model.ts';
import { rubricSchema, type Rubric } from '../../../schemas/rubric.ts';

const read = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../config/${path}`, import.meta.url), 'utf8'));

export const rubric: Rubric = rubricSchema.parse(read('rubrics/rubric-1.1.json'));
export const model: HeuristicsModel = heuristicsModelSchema.parse(read('heuristics/heuristics-1.0.json'));
export const assess: Assessor = createAssessor(model, rubric);

/** A first turn in which the student said `said`, with what else the test needs. */
export function context(said: string, more: Partial<TurnContext> = {}): TurnContext {
  return {
    said,
    student_turns: [],
    tutor_turns: [],
    reference_answer: null,
    goal: null,
    active_decoys: [],
    ...more,
  };
}
