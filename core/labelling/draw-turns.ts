import type { RunSummary } from '../../schemas/run-summary.ts';
import { sha256Hex } from '../identity/hash.ts';

/** Turns a label session can draw on beside what was sent by hand: four sessions' worth. */
const DRAWN_TURNS = 100;

/** The id under which a turn is labelled: a run's ULID and a turn, within the 64 characters of an item id. */
export function turnItemId(run_id: string, turn_index: number): string {
  return `turn-${run_id}-${turn_index}`;
}

/** Run and turn of such an id; null for any other. */
export function parseTurnItemId(item_id: string): { run_id: string; turn_index: number } | null {
  const match = /^turn-([0-7][0-9A-HJKMNP-TV-Z]{25})-([1-9]\d{0,3})$/.exec(item_id);
  return match === null ? null : { run_id: match[1]!, turn_index: Number(match[2]) };
}

/**
 * Turns of an execution as golden candidates: at most one a run, compliant and not in turn, drawn by hash, so that a set
 * holds both and no dialogue dominates it. The same runs give the same turns.
 */
export function drawTurns(runs: readonly RunSummary[]): string[] {
  const lots = runs
    .map((run) => ({ run, lot: sha256Hex(`golden-candidate:${run.run_id}`) }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1));
  const drawn: string[] = [];
  for (const { run, lot } of lots) {
    const wantsCompliant = drawn.length % 2 === 0;
    const turns = run.is_compliant_by_turn.flatMap((is, index) => (is === null ? [] : [{ is, index }]));
    const fitting = turns.filter(({ is }) => is === wantsCompliant);
    const from = fitting.length > 0 ? fitting : turns;
    const turn = from[Number.parseInt(lot.slice(0, 8), 16) % Math.max(1, from.length)];
    if (turn !== undefined) drawn.push(turnItemId(run.run_id, turn.index + 1));
    if (drawn.length === DRAWN_TURNS) break;
  }
  return drawn;
}
