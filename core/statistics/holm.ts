/**
 * Holm's step-down adjustment (1979): the k-th smallest of m p-values is multiplied by m − k + 1, made monotone and cut at 1.
 * Rejecting where the adjusted p is below α keeps the family-wise error at α under any dependence.
 * @returns adjusted p-values in the order given, each at least the raw one.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted: number[] = [];
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, pValues[index]! * (pValues.length - rank)));
    adjusted[index] = largest;
  });
  return adjusted;
}
