import type { Random } from '../identity/random.ts';

/** Deals items in shuffled order; when all are dealt it shuffles anew, so that none returns before the others came. */
export interface Deck<T> {
  /** The next item; the next that `accepts` when given, or null when none of a whole round is. */
  deal(accepts?: (item: T) => boolean): T | null;
}

/** A deck over items, shuffled by `random`. Dealing costs O(1) amortised, O(n) where `accepts` is choosy. */
export function createDeck<T>(items: readonly T[], random: Random): Deck<T> {
  const order: T[] = [...items];
  let next = order.length;
  const reshuffle = (): void => {
    const last = order.at(-1);
    shuffle(order, random);
    // The last of a round must not open the next one.
    if (order.length > 1 && order[0] === last) swap(order, 0, order.length - 1);
    next = 0;
  };
  return {
    deal(accepts) {
      if (order.length === 0) return null;
      if (next >= order.length) reshuffle();
      if (accepts === undefined) return order[next++] ?? null;
      let found = order.findIndex((item, index) => index >= next && accepts(item));
      if (found < 0) {
        reshuffle();
        found = order.findIndex(accepts);
        if (found < 0) return null;
      }
      swap(order, next, found);
      return order[next++] ?? null;
    },
  };
}

/** Fisher–Yates, in place. */
function shuffle<T>(items: T[], random: Random): void {
  for (let index = items.length - 1; index > 0; index -= 1)
    swap(items, index, Math.floor(random() * (index + 1)));
}

function swap<T>(items: T[], a: number, b: number): void {
  const held = items[a] as T;
  items[a] = items[b] as T;
  items[b] = held;
}
