export type MeasurementLevel = 'nominal' | 'ordinal' | 'interval';

/**
 * Krippendorff's α = 1 − D_observed / D_expected (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability"), for any
 * number of raters and with missing ratings. Units with fewer than two ratings are not pairable and drop out.
 * @param units one array of ratings per unit, null = not rated.
 * @returns null without pairable ratings, or when all ratings are equal (α is 0/0).
 */
export function krippendorffAlpha(
  units: readonly (readonly (number | null)[])[],
  level: MeasurementLevel,
): number | null {
  const pairable = units
    .map((unit) => unit.filter((rating): rating is number => rating !== null))
    .filter((unit) => unit.length >= 2);
  const values = [...new Set(pairable.flat())].sort((a, b) => a - b);
  const index = new Map(values.map((value, i) => [value, i]));
  const coincidences = values.map(() => values.map(() => 0));
  for (const unit of pairable) {
    unit.forEach((first, i) => {
      unit.forEach((second, j) => {
        if (i !== j) coincidences[index.get(first)!]![index.get(second)!]! += 1 / (unit.length - 1);
      });
    });
  }
  const totals = coincidences.map((row) => row.reduce((sum, count) => sum + count, 0));
  const n = totals.reduce((sum, count) => sum + count, 0);
  let observed = 0;
  let expected = 0;
  for (let i = 0; i < values.length; i += 1) {
    for (let j = 0; j < values.length; j += 1) {
      const squared = squaredDistance(i, j, values, totals, level);
      observed += coincidences[i]![j]! * squared;
      expected += (totals[i]! * totals[j]! * squared) / (n - 1);
    }
  }
  return expected > 0 ? 1 - observed / expected : null;
}

function squaredDistance(
  i: number,
  j: number,
  values: readonly number[],
  totals: readonly number[],
  level: MeasurementLevel,
): number {
  if (i === j) return 0;
  if (level === 'nominal') return 1;
  if (level === 'interval') return (values[i]! - values[j]!) ** 2;
  let between = 0;
  for (let k = Math.min(i, j); k <= Math.max(i, j); k += 1) between += totals[k]!;
  return (between - (totals[i]! + totals[j]!) / 2) ** 2;
}
