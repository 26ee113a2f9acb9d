/** One measured figure beside what is promised of it (docs/performance.md). */
export interface Finding {
  what: string;
  measured: number;
  /** Unit of both numbers: `CPU-s`, `s`, `ms`, `MB`, `×`, or empty for a count. */
  unit: string;
  /** The promise: the figure is at most this. Null: shown beside another figure, promised nowhere. */
  at_most: number | null;
}

/** What a bench gets. */
export interface Room {
  /** A folder of its own, gone when the bench ends. */
  folder: string;
  /** How often a figure is measured; the median is reported. */
  repeats: number;
  log(text: string): void;
}

export interface Bench {
  name: string;
  /** Runs only where it is named: it installs something, or takes long. */
  isAskedFor?: true;
  run(room: Room): Promise<Finding[]>;
}

/** Middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
