import type { HeuristicResult } from '../../../schemas/heuristic-result.ts';
import type { StudentMove } from '../../../schemas/seed.ts';
import type { RunningIdf } from './running-idf.ts';
import type { TextReading } from './text.ts';
import type { TurnScenario } from '../../dialogue/turn-scenario.ts';

/** One turn, read once and handed to all dimensions. */
export interface ReadTurn {
  turn_index: number;
  said: TextReading;
  tutor: TextReading;
  /** The student's move: as scheduled, else as inferred from the words, else null. */
  move: StudentMove | null;
  /** The student asks about the process: scheduled, or inferred where nothing is. */
  is_meta: boolean;
  heuristic: HeuristicResult;
  scenario: TurnScenario | null;
  idf: RunningIdf;
  /** A question of the reply points back at what was just said (points-back.ts). */
  points_back: boolean;
  /** Student words that the reply copies in a row, by position in the reply. */
  copied: CopiedWords;
}

export interface CopiedWords {
  /** For each word of the reply: part of a run copied from the student's message? */
  in_reply: readonly boolean[];
  /** Shares of the words of the reply, and of the message, that lie in copied runs; 0–1. */
  share_of_reply: number;
  share_of_message: number;
}

/** One dimension over one dialogue, fed turn by turn. */
export interface Dimension {
  /** Value of the turn, 0–1, or null where the dimension does not apply. O(new turn). */
  next(turn: ReadTurn): number | null;
  /** Why the run has no value; said only when every turn was null. */
  readonly null_reason: string;
}
