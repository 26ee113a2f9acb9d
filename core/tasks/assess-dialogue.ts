import type { HeuristicResult } from '../../schemas/heuristic-result.ts';
import type { PlannedRun } from '../../schemas/planned-run.ts';
import type { RawTurn } from '../../schemas/turn.ts';
import { scheduleOf } from '../dialogue/schedule.ts';
import { scenarioOf } from '../dialogue/turn-scenario.ts';
import { createAssessor } from '../heuristics/assess-turn.ts';
import type { Measure } from './measure.ts';

/** Exchanges and replies that assessing one turn looks back on. */
const STUDENT_LOOK_BACK = 3;
const TUTOR_LOOK_BACK = 10;

export interface AssessedTurn {
  /** What the student says, pasted material apart. */
  said: string;
  scenario: ReturnType<typeof scenarioOf>;
  heuristic: HeuristicResult;
}

/** Stage 1 over the turns of one run, in order: holds what looking back needs and nothing more. */
export function createDialogueAssessor(measure: Measure, row: PlannedRun): (turn: RawTurn) => AssessedTurn {
  const seed = measure.seed(row.seed_id);
  const schedule = scheduleOf({
    phase: measure.phase(row.phase),
    variant: measure.variant(row.variant),
    seed,
    turns: row.turns,
    script: measure.student,
  });
  const assess = createAssessor(measure.heuristics, measure.rubric);
  const students: string[] = [];
  const tutors: string[] = [];
  return (turn) => {
    const said = turn.student.text.slice(0, turn.student.said_chars);
    const scenario = scenarioOf(schedule, turn.student, turn.turn_index);
    const heuristic = assess(turn.tutor_text, turn.stop_reason, {
      said,
      student_turns: students,
      tutor_turns: tutors,
      reference_answer: seed.reference_answer ?? null,
      goal: seed.goal,
      active_decoys: scenario.active_decoys,
    });
    remember(students, said, STUDENT_LOOK_BACK);
    remember(tutors, turn.tutor_text, TUTOR_LOOK_BACK);
    return { said, scenario, heuristic };
  };
}

/**
 * A reply the provider filtered, or cut before any visible text, says nothing about the tutor: it is unscored, and whose
 * fault that is (spec 3.1, 3.2). Null for a reply that can be scored.
 */
export function unscorable(turn: Pick<RawTurn, 'stop_reason' | 'tutor_text'>): 'infrastructure' | null {
  if (turn.stop_reason === 'filtered') return 'infrastructure';
  return turn.stop_reason === 'length' && turn.tutor_text.trim() === '' ? 'infrastructure' : null;
}

/** Keeps the last `size` values. */
export function remember<T>(window: T[], value: T, size: number): void {
  window.push(value);
  if (window.length > size) window.shift();
}
