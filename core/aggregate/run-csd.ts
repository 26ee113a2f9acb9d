import { CSD_DIMENSIONS, type CsdSubscores } from '../../schemas/csd-subscores.ts';
import type { Rubric } from '../../schemas/rubric.ts';

export interface RunCsd {
  /** Weighted mean over applicable dimensions, 0–1; null when none applies. */
  csd: number | null;
  /** Weight of the applicable dimensions, 0–1. */
  csd_covered_weight: number;
  /** Mean of each dimension over the turns it applies to. */
  csd_subscores: CsdSubscores;
}

/** CSD of a run from its turns' subscores (spec 3.4). */
export function runCsd(turns: readonly CsdSubscores[], rubric: Rubric): RunCsd {
  const csd_subscores = {} as CsdSubscores;
  let weighted = 0;
  let csd_covered_weight = 0;
  for (const name of CSD_DIMENSIONS) {
    const values = turns.map((turn) => turn[name]).filter((value) => value !== null);
    const mean = values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
    csd_subscores[name] = mean;
    if (mean === null) continue;
    weighted += rubric.csd_weights[name] * mean;
    csd_covered_weight += rubric.csd_weights[name];
  }
  return {
    csd: csd_covered_weight > 0 ? weighted / csd_covered_weight : null,
    csd_covered_weight: Math.min(1, csd_covered_weight),
    csd_subscores,
  };
}
