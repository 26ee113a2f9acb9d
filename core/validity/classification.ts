import { randomFrom } from '../identity/random.ts';
import { auc } from '../statistics/auc.ts';
import { quantile } from '../statistics/quantile.ts';

/** A judged item: what was estimated, what people say. */
export interface Judged {
  /** Items of one group are resampled together. */
  group: string;
  score: number;
  verdict: boolean;
}

export interface Interval {
  ci_low: number;
  ci_high: number;
}

export interface Bootstrap {
  /** Recorded with the figures: the same seed gives the same interval. */
  seed: string;
  draws: number;
}

/** Below this many groups a percentile bootstrap covers too little to be printed. */
const MIN_GROUPS = 20;
const LEVEL = 0.95;
/** Bins of the calibration curve and of the expected calibration error. */
const CALIBRATION_BINS = 10;

/** Area under the ROC curve; null when one class is empty. */
export function aucOf(items: readonly Judged[]): number | null {
  return auc(items.map(({ score, verdict }) => ({ score, is_positive: verdict })));
}

/** F1 of the positive class and accuracy where `score ≥ threshold` says yes; null without items. */
export function atThreshold(
  items: readonly Judged[],
  threshold: number,
): { f1: number | null; accuracy: number | null; said_frac: number | null } {
  if (items.length === 0) return { f1: null, accuracy: null, said_frac: null };
  const counts = { hits: 0, false_alarms: 0, misses: 0 };
  for (const { score, verdict } of items) {
    if (score >= threshold) counts[verdict ? 'hits' : 'false_alarms'] += 1;
    else if (verdict) counts.misses += 1;
  }
  const { hits, false_alarms, misses } = counts;
  return {
    f1: hits + misses === 0 ? null : (2 * hits) / (2 * hits + false_alarms + misses),
    accuracy: 1 - (false_alarms + misses) / items.length,
    said_frac: (hits + false_alarms) / items.length,
  };
}

/** One bin of a calibration curve: mean probability beside the share of positives. */
export interface CalibrationBin {
  n: number;
  mean_probability: number;
  positive_frac: number;
}

/** Calibration in ten bins of equal width; empty bins are left out. */
export function calibrationCurve(items: readonly Judged[]): CalibrationBin[] {
  const bins = Array.from({ length: CALIBRATION_BINS }, () => ({ n: 0, probability: 0, positive: 0 }));
  for (const { score, verdict } of items) {
    const bin = bins[Math.min(CALIBRATION_BINS - 1, Math.floor(score * CALIBRATION_BINS))]!;
    bin.n += 1;
    bin.probability += score;
    bin.positive += verdict ? 1 : 0;
  }
  return bins
    .filter(({ n }) => n > 0)
    .map(({ n, probability, positive }) => ({
      n,
      mean_probability: probability / n,
      positive_frac: positive / n,
    }));
}

/** Expected calibration error: mean gap between probability and share of positives, weighted by bin; null without items. */
export function calibrationError(items: readonly Judged[]): number | null {
  if (items.length === 0) return null;
  const gaps = calibrationCurve(items).map(
    ({ n, mean_probability, positive_frac }) => n * Math.abs(mean_probability - positive_frac),
  );
  return gaps.reduce((sum, gap) => sum + gap, 0) / items.length;
}

/**
 * Percentile intervals of the AUC of each column of scores and of the difference between the first two, over resampled
 * groups; pairing survives because one draw serves all columns. Null below 20 groups or where a class is missing.
 * @param columns equally long lists over the same items, differing in `score` only.
 */
export function aucIntervals(
  columns: readonly (readonly Judged[])[],
  { seed, draws }: Bootstrap,
): { each: (Interval | null)[]; difference: Interval | null } {
  const items = columns[0] ?? [];
  const groups = [...new Set(items.map(({ group }) => group))];
  const none = { each: columns.map(() => null), difference: null };
  if (groups.length < MIN_GROUPS) return none;
  const indexOf = new Map(groups.map((group, index): [string, number] => [group, index]));
  const groupOf = Int32Array.from(items, ({ group }) => indexOf.get(group)!);
  const sorted = columns.map(sortByScore);
  const random = randomFrom(seed);
  const values: number[][] = columns.map(() => []);
  const differences: number[] = [];
  for (let draw = 0; draw < draws; draw += 1) {
    const times = new Float64Array(groups.length);
    for (let pick = 0; pick < groups.length; pick += 1) times[Math.floor(random() * groups.length)]! += 1;
    const drawn = columns.map((column, index) => weightedAuc(column, sorted[index]!, groupOf, times));
    for (const [index, value] of drawn.entries()) if (value !== null) values[index]!.push(value);
    const [first = null, second = null] = drawn;
    if (first !== null && second !== null) differences.push(first - second);
  }
  return { each: values.map(intervalOf), difference: intervalOf(differences) };
}

function intervalOf(values: readonly number[]): Interval | null {
  if (values.length === 0) return null;
  return { ci_low: quantile(values, (1 - LEVEL) / 2), ci_high: quantile(values, (1 + LEVEL) / 2) };
}

function sortByScore(items: readonly Judged[]): Int32Array {
  return Int32Array.from(items, (_, index) => index).sort(
    (a, b) => items[a]!.score - items[b]!.score || a - b,
  );
}

/** AUC where item i counts `times[group of i]`; one pass over the sorted items, ties halved. */
function weightedAuc(
  items: readonly Judged[],
  sorted: Int32Array,
  groupOf: Int32Array,
  times: Float64Array,
): number | null {
  let below = 0;
  let wins = 0;
  let positives = 0;
  for (let index = 0; index < sorted.length;) {
    const { score } = items[sorted[index]!]!;
    let tiedPositive = 0;
    let tiedNegative = 0;
    for (; index < sorted.length && items[sorted[index]!]!.score === score; index += 1) {
      const item = sorted[index]!;
      const weight = times[groupOf[item]!]!;
      if (items[item]!.verdict) tiedPositive += weight;
      else tiedNegative += weight;
    }
    wins += tiedPositive * (below + tiedNegative / 2);
    below += tiedNegative;
    positives += tiedPositive;
  }
  return below === 0 || positives === 0 ? null : wins / (below * positives);
}
