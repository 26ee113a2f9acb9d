import { sha256Hex } from '../identity/hash.ts';

/** Fold of each row for cross-validation, 0 … folds − 1: whole groups, dealt in the order of a hash that `seed` changes. */
export function groupFolds(groups: readonly string[], folds: number, seed: string): number[] {
  const order = [...new Set(groups)]
    .map((group) => ({ group, key: sha256Hex(`${seed}:${group}`) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const foldOf = new Map(order.map(({ group }, index): [string, number] => [group, index % folds]));
  return groups.map((group) => foldOf.get(group) ?? 0);
}
