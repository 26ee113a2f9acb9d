/**
 * Counts, for a set, how many elements it shares with each of the last `length` sets, in one pass: an index from element to
 * the slots that hold it (a bit each, so at most 31), instead of `length` intersections.
 */
export interface SharedWindow<T> {
  /** Elements shared with each set of the window, by slot; the slots of `push` in turn. Valid until the next call. */
  sharedWith(set: ReadonlySet<T>): readonly number[];
  /** Size of the set in a slot. */
  sizeAt(slot: number): number;
  /** Adds a set, forgetting the oldest beyond `length`. */
  push(set: ReadonlySet<T>): void;
  /** Sets held. */
  readonly length: number;
}

export function createSharedWindow<T>(length: number): SharedWindow<T> {
  const slots: ReadonlySet<T>[] = [];
  const holders = new Map<T, number>();
  const shared = Array.from({ length }, () => 0);
  let next = 0;
  return {
    sharedWith(set) {
      shared.fill(0);
      for (const element of set) {
        let bits = holders.get(element) ?? 0;
        while (bits !== 0) {
          const slot = 31 - Math.clz32(bits & -bits);
          shared[slot] = (shared[slot] as number) + 1;
          bits &= bits - 1;
        }
      }
      return shared;
    },
    sizeAt: (slot) => slots[slot]?.size ?? 0,
    push(set) {
      const bit = 1 << next;
      for (const element of slots[next] ?? []) {
        const rest = (holders.get(element) ?? 0) & ~bit;
        if (rest === 0) holders.delete(element);
        else holders.set(element, rest);
      }
      slots[next] = set;
      for (const element of set) holders.set(element, (holders.get(element) ?? 0) | bit);
      next = (next + 1) % length;
    },
    get length() {
      return slots.length;
    },
  };
}
