import type { RunRow } from '../../../schemas/dashboard-runs.ts';
import { excludesZero } from './number.ts';
import { pairedDifference, pairsOf, type PairedDifference } from './paired.ts';

/** One model and variant between two executions, over the same cells. */
export interface Comparison {
  model: string;
  variant: string;
  score: PairedDifference;
  compliance: PairedDifference;
  /** Turns until half-life or the last turn watched; only pairs in which neither side was cut short by anything but the horizon. */
  half_life: PairedDifference;
  pairs: readonly { a: RunRow; b: RunRow }[];
}

/** All models of both sides, regressions first: those shown to fall, then the rest by score, risen ones last. */
export function comparisonsOf(a: readonly RunRow[], b: readonly RunRow[]): Comparison[] {
  const groups = new Map<string, { a: RunRow; b: RunRow }[]>();
  for (const pair of pairsOf(a, b)) {
    const key = `${pair.b.model} ${pair.b.variant}`;
    groups.set(key, [...(groups.get(key) ?? []), pair]);
  }
  const difference = (
    pairs: readonly { a: RunRow; b: RunRow }[],
    read: (run: RunRow) => number | null,
  ): PairedDifference =>
    pairedDifference(
      pairs.flatMap((pair) => {
        const [before, after] = [read(pair.a), read(pair.b)];
        return before === null || after === null ? [] : [after - before];
      }),
    );
  return [...groups.values()]
    .map((pairs) => ({
      model: pairs[0]!.b.model,
      variant: pairs[0]!.b.variant,
      score: difference(pairs, (run) => run.mean_score),
      compliance: difference(pairs, (run) => run.compliance_rate),
      half_life: difference(pairs, heldTurns),
      pairs: [...pairs].sort((x, y) => scoreChange(x) - scoreChange(y)),
    }))
    .sort(
      (x, y) =>
        order(x) - order(y) || (x.score.mean ?? 0) - (y.score.mean ?? 0) || (x.model < y.model ? -1 : 1),
    );
}

/** Turns a run held, where that is known in full. */
export function heldTurns(run: RunRow): number | null {
  if (run.half_life_turn !== null) return run.half_life_turn;
  return run.censor_reason === 'horizon' ? run.observed_turns : null;
}

export function scoreChange({ a, b }: { a: RunRow; b: RunRow }): number {
  return (b.mean_score ?? 0) - (a.mean_score ?? 0);
}

/** How a comparison reads: `fell` or `rose` only where an interval leaves 0 out. */
export function directionOf(
  comparison: Pick<Comparison, 'score' | 'compliance' | 'half_life'>,
): 'fell' | 'rose' | 'mixed' | 'same' {
  const shown = [comparison.half_life, comparison.compliance, comparison.score].filter((each) =>
    excludesZero(each.ci_low, each.ci_high),
  );
  if (shown.length === 0) return 'same';
  if (shown.every(({ mean }) => mean! < 0)) return 'fell';
  return shown.every(({ mean }) => mean! > 0) ? 'rose' : 'mixed';
}

function order(comparison: Comparison): number {
  return { fell: 0, mixed: 1, same: 2, rose: 3 }[directionOf(comparison)];
}
