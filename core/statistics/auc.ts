import { midRanks } from './mid-ranks.ts';

/**
 * Area under the ROC curve: the chance that a positive item scores higher than a negative one, ties counting half (the
 * Mann–Whitney statistic).
 * @returns null when one class is empty.
 */
export function auc(items: readonly { score: number; is_positive: boolean }[]): number | null {
  const positives = items.filter(({ is_positive }) => is_positive).length;
  const negatives = items.length - positives;
  if (positives === 0 || negatives === 0) return null;
  const ranks = midRanks(items.map(({ score }) => score));
  const rankSum = items.reduce((sum, { is_positive }, i) => (is_positive ? sum + ranks[i]! : sum), 0);
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
