import { CSD_DIMENSIONS, type CsdSubscores } from '../../../schemas/csd-subscores.ts';
import type { Rubric } from '../../../schemas/rubric.ts';

/**
 * CSD of sub-scores: the rubric's weighted mean over the dimensions that apply (null when none does), and the weight they
 * cover, 0–1. Compare only over dimensions that apply on both sides.
 */
export function weighCsd(
  subscores: CsdSubscores,
  rubric: Pick<Rubric, 'csd_weights'>,
): { csd: number | null; covered_weight: number } {
  let weighted = 0;
  let covered = 0;
  for (const name of CSD_DIMENSIONS) {
    const value = subscores[name];
    if (value === null) continue;
    weighted += rubric.csd_weights[name] * value;
    covered += rubric.csd_weights[name];
  }
  return { csd: covered > 0 ? weighted / covered : null, covered_weight: Math.min(1, covered) };
}
