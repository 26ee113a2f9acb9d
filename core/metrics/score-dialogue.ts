import type { Violation } from '../../schemas/common.ts';
import type { CsdSubscores } from '../../schemas/csd-subscores.ts';
import type { HeuristicsModel } from '../../schemas/heuristics-model.ts';
import type { HeuristicResult } from '../../schemas/heuristic-result.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import { createAssessor } from '../heuristics/assess-turn.ts';
import { createCsdTracker, type CsdSummary } from './csd/csd-tracker.ts';
import { measureDecline, type Decline } from './decline.ts';
import type { ExternalDialogue } from './external-dialogue.ts';
import { measureHalfLife, type HalfLife } from './half-life.ts';

export interface ScoredTurn {
  turn_index: number;
  heuristic: HeuristicResult;
  violations: Violation[];
  csd_subscores: CsdSubscores;
}

export interface ScoredDialogue {
  dialogue_id: string | null;
  turns: ScoredTurn[];
  mean_score: number | null;
  compliance_rate: number | null;
  /** Its `null_reason` says why there is none below three tutor turns. */
  half_life: HalfLife;
  decline: Decline;
  csd: CsdSummary;
}

/** Earlier messages that assessing a turn looks back on. */
const STUDENT_LOOK_BACK = 3;
const TUTOR_LOOK_BACK = 10;

/** Scores dialogues made elsewhere with the heuristics and CSD: no model, no seed, cost linear in the dialogue. */
export function createDialogueScorer(
  model: HeuristicsModel,
  rubric: Rubric,
): (dialogue: ExternalDialogue) => ScoredDialogue {
  const assess = createAssessor(model, rubric);
  return (dialogue) => {
    const csd = createCsdTracker({ seed: null, rubric });
    const students: string[] = [];
    const tutors: string[] = [];
    const turns = dialogue.turns.map(({ turn_index, said, tutor_text }): ScoredTurn => {
      const heuristic = assess(tutor_text, 'end', {
        said,
        student_turns: students,
        tutor_turns: tutors,
        reference_answer: dialogue.reference_answer,
        goal: null,
        active_decoys: [],
      });
      const csd_subscores = csd.next({ turn_index, said, move: null, tutor_text, heuristic, scenario: null });
      keepLast(students, said, STUDENT_LOOK_BACK);
      keepLast(tutors, tutor_text, TUTOR_LOOK_BACK);
      return {
        turn_index,
        heuristic,
        violations: [...new Set(heuristic.violations.map((span) => span.violation))],
        csd_subscores,
      };
    });
    const scores = turns.map((turn) => turn.heuristic.score);
    return {
      dialogue_id: dialogue.dialogue_id,
      turns,
      mean_score: mean(scores),
      compliance_rate: mean(turns.map((turn) => (turn.heuristic.is_compliant ? 1 : 0))),
      half_life: measureHalfLife({ scores, ended_early: null }, rubric),
      decline: measureDecline(scores),
      csd: csd.summary(),
    };
  };
}

function keepLast(window: string[], value: string, size: number): void {
  window.push(value);
  if (window.length > size) window.shift();
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
