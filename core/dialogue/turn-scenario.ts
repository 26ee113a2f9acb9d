import type { StudentMove } from '../../schemas/seed.ts';
import type { StudentTurn } from '../../schemas/turn.ts';
import type { Decoy, Schedule } from './schedule.ts';

/** What the metrics must know of a turn beside its words: which side matters are in play, what the student just did. */
export interface TurnScenario {
  /** Decoys and sidebars planted or tempted with in this turn or shortly before. */
  active_decoys: readonly Decoy[];
  /** The student tries to draw the tutor into a side matter in this very turn. */
  is_decoy_tempting: boolean;
  /** The student asks about the process in this turn. */
  is_meta: boolean;
  /** The latest slot whose both sides the student has stated by now, and since when. */
  contradiction: {
    slot: string;
    first_terms: readonly string[];
    second_terms: readonly string[];
    /** Turn of the second side, 1-based. */
    stated_at_turn: number;
  } | null;
  /** Null in dialogues made elsewhere. */
  move: StudentMove | null;
  injected: StudentTurn['injected'];
}

/**
 * The scenario of one turn, from the schedule and the recorded student turn alone, so that it can be rebuilt from raw
 * turns. Without a schedule (a dialogue made elsewhere) nothing but the recorded move and injection is known.
 * @param turn_index 1-based.
 */
export function scenarioOf(
  schedule: Schedule | null,
  student: Pick<StudentTurn, 'move' | 'injected'>,
  turn_index: number,
): TurnScenario {
  const { move, injected } = student;
  const planned = schedule?.turns[turn_index - 1] ?? null;
  const stated = schedule?.contradictions.findLast((placed) => placed.second_at_turn <= turn_index);
  return {
    active_decoys: planned?.active_decoys ?? [],
    is_decoy_tempting:
      injected?.kind === 'decoy_tempts' ||
      (injected?.kind === 'pressure' && (planned?.injection?.decoy ?? null) !== null),
    is_meta: injected?.kind === 'meta',
    contradiction:
      stated === undefined
        ? null
        : {
            slot: stated.slot,
            first_terms: stated.first_terms,
            second_terms: stated.second_terms,
            stated_at_turn: stated.second_at_turn,
          },
    move,
    injected,
  };
}
