import { clusterMean } from '../statistics/cluster-mean.ts';
import { rankWithTies, type PairwiseDifference, type Places } from '../statistics/rank-with-ties.ts';
import { DISPLAY_TURNS, runShares, type RunGroup } from './run-group.ts';

/** One model with its runs of the phases to be ranked on. */
export interface Competitor {
  model: string;
  groups: readonly RunGroup[];
}

/**
 * Ranks models on RMST, higher is better: which is better on dialogues like these? Models are paired by (seed, phase,
 * repeat), temperatures averaged inside (a model that takes none has one run there); the cluster is the seed, t with C − 1
 * degrees of freedom, Holm over all pairs.
 * @param competitors of one variant, all with the same phases and a known RMST.
 */
export function rankModels(competitors: readonly Competitor[]): Map<string, Places> {
  const units = competitors.map(({ model, groups }) => ({ model, units: dialogueUnits(groups) }));
  const differences: PairwiseDifference[] = [];
  units.forEach((first, i) => {
    for (const second of units.slice(i + 1)) {
      const paired = [...first.units].flatMap(([key, { phase, seed_id, turns }]) => {
        const other = second.units.get(key);
        return other === undefined
          ? []
          : [{ stratum: phase, cluster: seed_id, value: turns - other.turns, weight: 1 }];
      });
      const mean = clusterMean(paired);
      if (mean === null) continue;
      differences.push({ first: first.model, second: second.model, ...mean });
    }
  });
  return rankWithTies(
    competitors.map(({ model }) => model),
    differences,
  );
}

/** Mean pseudo-observation by (seed, phase, repeat) on the scale of 40 turns. */
function dialogueUnits(groups: readonly RunGroup[]) {
  const units = new Map<string, { phase: string; seed_id: string; turns: number; n: number }>();
  for (const group of groups) {
    for (const { run, pseudo_turns } of runShares(group) ?? []) {
      const key = `${run.seed_id}|${run.phase}|${run.repeat}`;
      const unit = units.get(key) ?? { phase: run.phase, seed_id: run.seed_id, turns: 0, n: 0 };
      const turns = pseudo_turns * (DISPLAY_TURNS / group.horizon);
      unit.turns = (unit.turns * unit.n + turns) / (unit.n + 1);
      unit.n += 1;
      units.set(key, unit);
    }
  }
  return units;
}
