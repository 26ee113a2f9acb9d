import { CSD_DIMENSIONS, type CsdSubscores } from '../../schemas/csd-subscores.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import { weighCsd } from '../metrics/csd/weigh-csd.ts';

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
  for (const name of CSD_DIMENSIONS) {
    const values = turns.map((turn) => turn[name]).filter((value) => value !== null);
    csd_subscores[name] =
      values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  }
  const { csd, covered_weight } = weighCsd(csd_subscores, rubric);
  return { csd, csd_covered_weight: covered_weight, csd_subscores };
}
