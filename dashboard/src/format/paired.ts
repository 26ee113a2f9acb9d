import type { RunRow } from '../../../schemas/dashboard-runs.ts';

/** Difference b − a of a figure over pairs of runs of the same cell. */
export interface PairedDifference {
  n_pairs: number;
  mean: number | null;
  /** 95% interval of the mean, Student's t over pairs; null below two pairs. */
  ci_low: number | null;
  ci_high: number | null;
}

/** The cell of a run: what must be equal for two runs to be a pair. */
export function cellOf(
  run: Pick<RunRow, 'model' | 'variant' | 'temperature' | 'seed_id' | 'phase' | 'repeat'>,
): string {
  return [run.model, run.variant, run.temperature ?? 'none', run.seed_id, run.phase, run.repeat].join(' ');
}

/** Runs of the same cell on both sides, scored on both; in the order of `b`. */
export function pairsOf(a: readonly RunRow[], b: readonly RunRow[]): { a: RunRow; b: RunRow }[] {
  const before = new Map(a.filter(isScored).map((run) => [cellOf(run), run]));
  return b.filter(isScored).flatMap((run) => {
    const other = before.get(cellOf(run));
    return other === undefined ? [] : [{ a: other, b: run }];
  });
}

function isScored(run: RunRow): boolean {
  return run.mean_score !== null && (run.ended === 'complete' || run.ended === 'censored');
}

/** Mean of paired differences with Student's t interval (the pair is the unit: did this change on this test?). */
export function pairedDifference(differences: readonly number[]): PairedDifference {
  const n = differences.length;
  if (n === 0) return { n_pairs: 0, mean: null, ci_low: null, ci_high: null };
  const mean = differences.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return { n_pairs: n, mean, ci_low: null, ci_high: null };
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const half = t975(n - 1) * Math.sqrt(variance / n);
  return { n_pairs: n, mean, ci_low: mean - half, ci_high: mean + half };
}

const Z = 1.959963984540054;
/**
 * 97.5% quantile of Student's t: exact for 1 and 2 degrees of freedom, else the Cornish–Fisher expansion around the normal
 * quantile (Abramowitz and Stegun 26.7.5), within 0.5% from 3 on.
 */
export function t975(degrees: number): number {
  if (degrees === 1) return 12.706204736432095;
  if (degrees === 2) return 4.302652729911275;
  const [z2, n] = [Z * Z, degrees];
  const g1 = (Z * (z2 + 1)) / 4;
  const g2 = (Z * (5 * z2 ** 2 + 16 * z2 + 3)) / 96;
  const g3 = (Z * (3 * z2 ** 3 + 19 * z2 ** 2 + 17 * z2 - 15)) / 384;
  const g4 = (Z * (79 * z2 ** 4 + 776 * z2 ** 3 + 1482 * z2 ** 2 - 1920 * z2 - 945)) / 92160;
  return Z + g1 / n + g2 / n ** 2 + g3 / n ** 3 + g4 / n ** 4;
}
