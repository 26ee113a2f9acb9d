import type { StudentMove } from '../../schemas/seed.ts';

/** Moves that show productive puzzlement: the student gives a view up, or sees something. */
const TURNING_POINTS: readonly (StudentMove | null)[] = ['concession', 'insight'];

/**
 * First turn at which the student, after the tutor surfaced a contradiction (contradiction handling of an earlier turn is
 * 1: both sides named), concedes or reaches an insight; null when never (spec 3.3). Turns in order.
 */
export function aporiaTurn(
  turns: readonly { turn_index: number; move: StudentMove | null; ch: number | null }[],
): number | null {
  let isSurfaced = false;
  for (const { turn_index, move, ch } of turns) {
    if (isSurfaced && TURNING_POINTS.includes(move)) return turn_index;
    isSurfaced ||= ch === 1;
  }
  return null;
}
