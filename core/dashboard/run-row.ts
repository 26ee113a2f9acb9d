import type { RunRow, RunsFile, TurnPointer } from '../../schemas/dashboard-runs.ts';
import { runRowSchema } from '../../schemas/dashboard-runs.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import type { Turn } from '../../schemas/turn.ts';

const COLUMNS = Object.keys(runRowSchema.shape);
/** Characters of a reply shown where no span is named: one line of a table. */
const OPENING_CHARS = 160;
/** As long as spans are (ViolationSpan.text). */
const MAX_SPAN_CHARS = 400;

/**
 * One plan row for the site: what its summary says, the worst turn, and the turn that broke it.
 * @param turns the run's judged turns, in order; none for a run that was skipped or failed early.
 */
export function runRow(summary: RunSummary, turns: readonly Turn[], rubric: Rubric): RunRow {
  const all: Readonly<Record<string, unknown>> = {
    ...summary,
    worst_turn: pointerTo(lowest(turns, (score, least) => score < least)),
    breaking_turn: breakingTurn(summary.half_life_turn, turns, rubric.half_life.window_turns),
  };
  return Object.fromEntries(COLUMNS.map((name) => [name, all[name]])) as RunRow;
}

/** What pages draw lines at. */
export function scaleOf({ pass_score, half_life, judge }: Rubric): RunsFile['scale'] {
  return {
    pass_score,
    half_life_threshold_pts: half_life.threshold_pts,
    half_life_window_turns: half_life.window_turns,
    split_pts: judge.split_pts,
  };
}

function breakingTurn(
  halfLife: number | null,
  turns: readonly Turn[],
  windowTurns: number,
): TurnPointer | null {
  if (halfLife === null) return null;
  const window = turns
    .filter(({ score, turn_index }) => score !== null && turn_index <= halfLife)
    .slice(-windowTurns);
  return pointerTo(lowest(window, (score, least) => score <= least));
}

function lowest(
  turns: readonly Turn[],
  isLower: (score: number, least: number) => boolean,
): Turn | undefined {
  let found: Turn | undefined;
  for (const turn of turns)
    if (turn.score !== null && (found === undefined || isLower(turn.score, found.score!))) found = turn;
  return found;
}

function pointerTo(turn: Turn | undefined): TurnPointer | null {
  if (turn === undefined) return null;
  return {
    turn_index: turn.turn_index,
    score: turn.score!,
    violations: turn.violations,
    text: wordsOf(turn),
  };
}

/** The span of a violation that stands in the verdict, else of any, else how the reply begins. */
function wordsOf(turn: Turn): string {
  const spans = turn.violation_spans.filter(({ start, end }) => end > start);
  const span = spans.find(({ violation }) => turn.violations.includes(violation)) ?? spans[0];
  if (span !== undefined) return turn.tutor_text.slice(span.start, span.end).slice(0, MAX_SPAN_CHARS);
  const { tutor_text } = turn;
  return tutor_text.length <= OPENING_CHARS ? tutor_text : `${tutor_text.slice(0, OPENING_CHARS - 1)}…`;
}
