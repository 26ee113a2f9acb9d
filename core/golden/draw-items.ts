import type { CalibrationItem } from '../../schemas/calibration-item.ts';
import { sha256Hex } from '../identity/hash.ts';

/**
 * A sample of items, balanced over sources and over what was found (each list of violations): the strata take turns, and
 * within one the order is that of the hash of the item's id. The same items give the same sample, whatever their order.
 */
export function drawItems(items: readonly CalibrationItem[], n: number): CalibrationItem[] {
  const strata = new Map<string, { item: CalibrationItem; rank: string }[]>();
  for (const item of items) {
    const key = `${item.source}|${[...item.violations].sort().join(',')}`;
    const stratum = strata.get(key) ?? [];
    stratum.push({ item, rank: sha256Hex(item.item_id) });
    strata.set(key, stratum);
  }
  const queues = [...strata]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, stratum]) => stratum.sort((a, b) => (a.rank < b.rank ? -1 : 1)));
  const drawn: CalibrationItem[] = [];
  for (let round = 0; drawn.length < Math.min(n, items.length); round += 1) {
    for (const queue of queues) {
      const next = queue[round];
      if (next !== undefined && drawn.length < n) drawn.push(next.item);
    }
  }
  return drawn;
}
