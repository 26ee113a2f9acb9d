import { MAX_VOCABULARY } from './parameters.ts';

/** Inverse document frequency over the messages of one dialogue so far. */
export interface RunningIdf {
  /** Counts one message. O(its stems). */
  observe(stems: ReadonlySet<string>): void;
  /** ln(1 + messages ÷ messages that hold the stem); a stem never seen counts as seen in half a message. Above 0. */
  idf(stem: string): number;
  /** Sum of idf over stems. */
  mass(stems: Iterable<string>): number;
  /** Sum of idf over stems that lie in both sets. */
  sharedMass(a: ReadonlySet<string>, b: ReadonlySet<string>): number;
  /** Stems held now; bounded by MAX_VOCABULARY. */
  readonly size: number;
}

export function createRunningIdf(): RunningIdf {
  const frequency = new Map<string, number>();
  let messages = 0;
  const idf = (stem: string): number => Math.log(1 + Math.max(1, messages) / (frequency.get(stem) ?? 0.5));
  return {
    observe(stems) {
      messages += 1;
      for (const stem of stems) {
        const count = frequency.get(stem) ?? 0;
        // Deleting first keeps the map in order of last use, so that its first key is the one to forget.
        frequency.delete(stem);
        frequency.set(stem, count + 1);
        if (frequency.size > MAX_VOCABULARY) {
          const oldest = frequency.keys().next();
          if (!oldest.done) frequency.delete(oldest.value);
        }
      }
    },
    idf,
    mass(stems) {
      let sum = 0;
      for (const stem of stems) sum += idf(stem);
      return sum;
    },
    sharedMass(a, b) {
      const [small, large] = a.size <= b.size ? [a, b] : [b, a];
      let sum = 0;
      for (const stem of small) if (large.has(stem)) sum += idf(stem);
      return sum;
    },
    get size() {
      return frequency.size;
    },
  };
}
