import type { RunSummary } from '../../schemas/run-summary.ts';
import type { Pair } from '../statistics/paired-change.ts';
import { DISPLAY_TURNS, groupByPhase, runShares, scoredRuns } from './run-group.ts';

/** The axes of a cell; a comparison names those on which both sides must agree. */
export type CellAxis = 'model' | 'variant' | 'temperature' | 'seed_id' | 'phase' | 'repeat';
export const WHOLE_CELL: readonly CellAxis[] = [
  'model',
  'variant',
  'temperature',
  'seed_id',
  'phase',
  'repeat',
];

/**
 * Pairs of runs of the same cell, by half-life: pseudo-observations of RMST computed within each side and phase (so that a
 * censored run keeps its pair), on the scale of 40 turns where several phases come together. Each side holds one model and
 * variant; phases are strata. A run without partner drops out.
 */
export function halfLifePairs(
  now: readonly RunSummary[],
  before: readonly RunSummary[],
  axes: readonly CellAxis[],
): Pair[] {
  const nowGroups = groupByPhase(now);
  const beforeGroups = groupByPhase(before);
  return [...nowGroups].flatMap(([phase, nowGroup]) => {
    const beforeGroup = beforeGroups.get(phase);
    // Half-lives up to different horizons (a week cut by --turns) are no pair.
    if (beforeGroup?.horizon !== nowGroup.horizon) return [];
    const earlier = new Map(
      (runShares(beforeGroup) ?? []).map((share) => [
        cellKey(share.run, axes),
        share.pseudo_turns * (DISPLAY_TURNS / beforeGroup.horizon),
      ]),
    );
    return (runShares(nowGroup) ?? []).flatMap(({ run, pseudo_turns }) => {
      const partner = earlier.get(cellKey(run, axes));
      return partner === undefined
        ? []
        : [{ stratum: phase, now: pseudo_turns * (DISPLAY_TURNS / nowGroup.horizon), before: partner }];
    });
  });
}

/** Pairs of runs of the same cell, by compliance over the turns that are scored on both sides. */
export function compliancePairs(
  now: readonly RunSummary[],
  before: readonly RunSummary[],
  axes: readonly CellAxis[],
): Pair[] {
  const earlier = new Map(scoredRuns(before).map((run) => [cellKey(run, axes), run]));
  return scoredRuns(now).flatMap((run) => {
    const partner = earlier.get(cellKey(run, axes));
    const rates = partner === undefined ? null : commonRates(run, partner);
    return rates === null ? [] : [{ stratum: run.phase, ...rates }];
  });
}

/** Compliance rates of two runs over the turns both have scored; null without such a turn. */
function commonRates(now: RunSummary, before: RunSummary): { now: number; before: number } | null {
  const [marks, others] = [now.is_compliant_by_turn, before.is_compliant_by_turn];
  const common = Math.min(marks.length, others.length);
  let turns = 0;
  let nowCompliant = 0;
  let beforeCompliant = 0;
  for (let i = 0; i < common; i += 1) {
    if (marks[i] === null || others[i] === null) continue;
    turns += 1;
    if (marks[i] === true) nowCompliant += 1;
    if (others[i] === true) beforeCompliant += 1;
  }
  return turns === 0 ? null : { now: nowCompliant / turns, before: beforeCompliant / turns };
}

function cellKey(run: RunSummary, axes: readonly CellAxis[]): string {
  return axes.map((axis) => `${run[axis]}`).join('|');
}
