import type { Seed } from '../../../schemas/seed.ts';
import { RECALL_AT, SALIENCE_ITEMS_PER_TURN, SALIENCE_WINDOW_TURNS } from './parameters.ts';
import type { Dimension } from './read-turn.ts';
import { createSalienceMap, type SalienceMap, type SalientPoint } from './salience-map.ts';
import { contentStemsOf } from './text.ts';

export interface SalienceTracking extends Dimension {
  readonly map: SalienceMap;
  /** Mean over turns of the share of the three heaviest points taken up in the window's questions; null when none was raised. */
  recallAt3(): number | null;
}

/**
 * Salience tracking: of the weight of raised points that the last k tutor turns could have taken up in questions — two a
 * turn, none before the student raised it — the share they did take up. Statements do not count: reciting is no salience.
 * Turns in which the student asks about the process stand outside: null, and not in the window. Null while nothing has been
 * raised.
 */
export function createSalienceTracking(seed: Seed | null): SalienceTracking {
  const map = createSalienceMap(seed);
  const window: Set<string>[] = [];
  const decoys = new Set<string>();
  const unwelcome = new Set<string>();
  let turn = 0;
  let recallSum = 0;
  let recallTurns = 0;
  return {
    null_reason: 'the student raised nothing that could be tracked',
    map,
    next({ said, tutor, scenario, is_meta, idf }) {
      if (!is_meta) turn += 1;
      for (const { item_id, text, terms } of scenario?.active_decoys ?? []) {
        if (decoys.has(item_id)) continue;
        decoys.add(item_id);
        for (const stem of contentStemsOf(`${text} ${terms.join(' ')}`)) unwelcome.add(stem);
      }
      map.hear(
        said,
        Math.max(1, turn),
        idf,
        (scenario?.injected ?? null) === null ? 'own_words' : 'scheduled_words',
        unwelcome,
      );
      if (is_meta) return null;
      const points = map.points(turn);
      window.push(takenUp(points, map.namedIn(tutor.sentences.filter(({ is_asking }) => is_asking))));
      if (window.length > SALIENCE_WINDOW_TURNS) window.shift();
      if (points.length === 0) return null;

      const isTaken = (id: string): boolean => window.some((taken) => taken.has(id));
      const top = points.slice(0, RECALL_AT);
      recallSum += top.filter(({ id }) => isTaken(id)).length / top.length;
      recallTurns += 1;
      let kept = 0;
      for (const { id, weight } of points) if (isTaken(id)) kept += weight;
      return Math.min(1, kept / reachableWeight(points, turn));
    },
    recallAt3: () => (recallTurns === 0 ? null : recallSum / recallTurns),
  };
}

/** The heaviest of the named points, as many as one turn is credited with. */
function takenUp(points: readonly SalientPoint[], named: ReadonlySet<string>): Set<string> {
  const taken = new Set<string>();
  for (const { id } of points) {
    if (taken.size === SALIENCE_ITEMS_PER_TURN) break;
    if (named.has(id)) taken.add(id);
  }
  return taken;
}

/**
 * The most weight that the turns of the window could have taken up. A point raised n turns ago fits into the last n turns
 * only, so of the points raised within n turns at most n × items count; taking the heaviest that still fit is optimal (such
 * sets form a transversal matroid).
 */
function reachableWeight(points: readonly SalientPoint[], turn: number): number {
  const room = Array.from(
    { length: SALIENCE_WINDOW_TURNS },
    (_, index) => (index + 1) * SALIENCE_ITEMS_PER_TURN,
  );
  let weight = 0;
  for (const point of points) {
    if (room.at(-1) === 0) break;
    const turnsAvailable = Math.min(SALIENCE_WINDOW_TURNS, turn - point.first_turn + 1);
    const bounds = room.slice(turnsAvailable - 1);
    if (bounds.includes(0)) continue;
    for (let index = turnsAvailable - 1; index < room.length; index += 1)
      room[index] = (room[index] as number) - 1;
    weight += point.weight;
  }
  return weight;
}
