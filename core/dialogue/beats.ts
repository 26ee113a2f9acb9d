import type { Seed, StudentMove } from '../../schemas/seed.ts';
import type { Random } from '../identity/random.ts';
import { createDeck } from './deck.ts';

/** The seed's beats, each given once. */
export interface Beats {
  /** A beat of the move that was not given yet, one that speaks of what was asked if there is any; null when none is left. */
  take(move: StudentMove, askedItems: ReadonlySet<string>): string | null;
}

/** Beats in an order shuffled by `random`. */
export function createBeats(beats: Seed['beats'], random: Random): Beats {
  const byMove = new Map<StudentMove, Seed['beats']>();
  const deck = createDeck(beats, random);
  for (let dealt = 0; dealt < beats.length; dealt += 1) {
    const beat = deck.deal();
    if (beat !== null) byMove.set(beat.move, [...(byMove.get(beat.move) ?? []), beat]);
  }
  return {
    take(move, askedItems) {
      const left = byMove.get(move) ?? [];
      const asked = left.findIndex((beat) => beat.item_ids.some((id) => askedItems.has(id)));
      const [beat] = left.splice(Math.max(0, asked), 1);
      return beat?.text ?? null;
    },
  };
}
