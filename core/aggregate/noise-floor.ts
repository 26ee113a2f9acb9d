import { DISPLAY_TURNS, runShares, type RunGroup } from './run-group.ts';

/**
 * A/A noise floor: by how much RMST differs between repeats that differ in nothing but the tutor's sample, as the standard
 * deviation of the RMST of one repeat. Estimated from the spread of pseudo-observations within cells (all of them, not from
 * the two or three repeats' totals): √(Σ_cells s²) / cells, then over phases √(Σ SD²) / phases.
 * @param scale `phase` in the phase's turns, `display` on the scale of 40 turns.
 * @returns null without repeats in every phase.
 */
export function noiseFloor(groups: readonly RunGroup[], scale: 'phase' | 'display'): number | null {
  let variance = 0;
  for (const group of groups) {
    const sd = repeatDeviation(group);
    if (sd === null) return null;
    const unit = scale === 'display' ? DISPLAY_TURNS / group.horizon : 1;
    variance += ((sd * unit) / groups.length) ** 2;
  }
  return groups.length === 0 ? null : Math.sqrt(variance);
}

function repeatDeviation(group: RunGroup): number | null {
  const cells = new Map<string, number[]>();
  for (const { run, pseudo_turns } of runShares(group) ?? []) {
    const key = `${run.temperature}|${run.seed_id}`;
    const values = cells.get(key) ?? [];
    values.push(pseudo_turns);
    cells.set(key, values);
  }
  const repeated = [...cells.values()].filter((values) => values.length >= 2);
  if (repeated.length === 0) return null;
  let squares = 0;
  let freedom = 0;
  for (const values of repeated) {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    squares += values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    freedom += values.length - 1;
  }
  return Math.sqrt(squares / freedom / cells.size);
}
