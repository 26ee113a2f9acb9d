import type { AuditItem } from '../../schemas/audit-item.ts';
import { sha256Hex } from '../identity/hash.ts';

/** A scored turn that may be looked at by a person. */
export interface AuditCandidate {
  run_id: string;
  turn_index: number;
  raw_key: string;
  /** |judge − heuristic|; null without a verdict. */
  split_pts: number | null;
}

/**
 * Turns a week for human eyes: nine at random, as twelve weeks of fewer never make the 100 labels that may correct a mean,
 * and up to five of the widest splits (docs/decisions/0012-audit-queue.md).
 */
const RANDOM_TURNS = 9;
const SPLIT_TURNS = 5;

interface Drawn {
  candidate: AuditCandidate;
  /** Uniform in order, and a function of execution, run and turn alone: the smallest are drawn. */
  lot: string;
}

export interface AuditQueue {
  add(candidate: AuditCandidate): void;
  /** The random turns, then the widest splits not among them. */
  finish(): AuditItem[];
}

/**
 * Draws the audit queue of an execution from its scored turns, streaming: only the turns that would be drawn so far are held.
 * The random part is a simple random sample of *all* scored turns, splits included, so that its known probability
 * (drawn / scored) lets it correct a mean; the splits come on top and never correct anything.
 * @param facts.split_pts |judge − heuristic| above this is a split (rubric).
 */
export function createAuditQueue(facts: {
  execution_id: string;
  week: string;
  split_pts: number;
}): AuditQueue {
  const random: Drawn[] = [];
  const splits: Drawn[] = [];
  let n_candidates = 0;
  const item = (
    { run_id, turn_index, raw_key }: AuditCandidate,
    drawn: Pick<AuditItem, 'drawn_as' | 'draw_probability' | 'priority'>,
  ): AuditItem => ({
    audit_id: `${facts.execution_id}-${run_id}-${turn_index}`,
    execution_id: facts.execution_id,
    week: facts.week,
    run_id,
    turn_index,
    raw_key,
    ...drawn,
    status: 'open',
  });
  return {
    add(candidate) {
      n_candidates += 1;
      const lot = sha256Hex(`audit-queue:${facts.execution_id}:${candidate.run_id}:${candidate.turn_index}`);
      keepFirst(random, { candidate, lot }, RANDOM_TURNS, byLot);
      // Splits that the random draw may take: hold as many more.
      if ((candidate.split_pts ?? 0) > facts.split_pts)
        keepFirst(splits, { candidate, lot }, SPLIT_TURNS + RANDOM_TURNS, byWidth);
    },
    finish() {
      const draw_probability = n_candidates === 0 ? 0 : Math.min(1, RANDOM_TURNS / n_candidates);
      const isRandom = new Set(random.map(({ lot }) => lot));
      const onTop = splits
        .filter(({ lot }) => !isRandom.has(lot))
        .slice(0, Math.min(SPLIT_TURNS, random.length));
      return [
        ...random.map(({ candidate }) =>
          item(candidate, { drawn_as: 'random', draw_probability, priority: 1 }),
        ),
        ...onTop.map(({ candidate }) =>
          item(candidate, { drawn_as: 'split', draw_probability: 1, priority: candidate.split_pts ?? 0 }),
        ),
      ];
    },
  };
}

function byLot(a: Drawn, b: Drawn): number {
  return a.lot < b.lot ? -1 : 1;
}
function byWidth(a: Drawn, b: Drawn): number {
  return (b.candidate.split_pts ?? 0) - (a.candidate.split_pts ?? 0) || byLot(a, b);
}

/** Inserts in order and drops what falls off the end: O(size) a turn. */
function keepFirst(kept: Drawn[], one: Drawn, size: number, order: (a: Drawn, b: Drawn) => number): void {
  if (kept.length === size && order(kept[size - 1]!, one) < 0) return;
  const place = kept.findIndex((other) => order(one, other) < 0);
  kept.splice(place < 0 ? kept.length : place, 0, one);
  if (kept.length > size) kept.pop();
}
