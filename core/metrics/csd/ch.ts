import { CONTRADICTION_SPAN_SENTENCES, CONTRADICTION_WINDOW_TURNS } from './parameters.ts';
import type { Dimension } from './read-turn.ts';
import { createTermIndex, type TermIndex } from './term-index.ts';
import type { TextReading } from './text.ts';
import type { TurnScenario } from '../../dialogue/turn-scenario.ts';

/** For naming one side only, while pointing at the other without naming it. */
const ONE_SIDE_SCORE = 0.5;
const POINTS_AT_OTHER =
  /\b(?:earlier|before|a moment ago|at first|you (?:also )?(?:said|told|mentioned)|both|at odds|square|fit (?:with|together)|contradict\w*|on the one hand|changed)\b/u;

interface OpenSlot {
  key: string;
  sides: TermIndex;
  deadline: number;
  best: number;
}

/**
 * Contradiction handling by slot tracking: when the student's view on a slot has changed value, the tutor has k turns to set
 * both sides against each other. The turn that names both within neighbouring sentences scores 1 and settles it; the last
 * turn of the window scores 0, or half when one side was named with a pointer to the other. All other turns are null, so that
 * the run value is the share of contradictions surfaced in time. A contradiction still open at the end is not counted. Needs
 * the scenario: which statements contradict each other is not guessed from words.
 */
export function createContradictionHandling(): Dimension {
  const settled = new Set<string>();
  let open: OpenSlot | null = null;
  return {
    null_reason: 'no contradiction was open long enough to be judged',
    next({ scenario, tutor, turn_index }) {
      const contradiction = scenario?.contradiction ?? null;
      if (contradiction !== null) {
        const key = `${contradiction.slot}@${contradiction.stated_at_turn}`;
        if (open?.key !== key && !settled.has(key)) {
          open = openSlot(key, contradiction, turn_index);
          settled.add(key);
        }
      }
      if (open === null) return null;
      const credit = creditOf(tutor, open.sides);
      open.best = Math.max(open.best, credit);
      if (credit < 1 && turn_index < open.deadline) return null;
      const { best } = open;
      open = null;
      return best;
    },
  };
}

function openSlot(
  key: string,
  { first_terms, second_terms, stated_at_turn }: NonNullable<TurnScenario['contradiction']>,
  turn_index: number,
): OpenSlot {
  return {
    key,
    sides: createTermIndex([
      { id: 'first', terms: first_terms },
      { id: 'second', terms: second_terms },
    ]),
    deadline: Math.max(turn_index, stated_at_turn + CONTRADICTION_WINDOW_TURNS - 1),
    best: 0,
  };
}

function creditOf(tutor: TextReading, sides: TermIndex): number {
  const last = { first: -Infinity, second: -Infinity };
  let isNamed = false;
  for (const [index, { words }] of tutor.sentences.entries()) {
    const named = sides.find(words);
    for (const side of ['first', 'second'] as const) if (named.has(side)) last[side] = index;
    isNamed ||= named.size > 0;
    if (Math.abs(last.first - last.second) < CONTRADICTION_SPAN_SENTENCES) return 1;
  }
  if (!isNamed) return 0;
  return POINTS_AT_OTHER.test(tutor.words.map(({ text }) => text).join(' ')) ? ONE_SIDE_SCORE : 0;
}
