import type { RunSummary } from '../../schemas/run-summary.ts';
import { randomFrom } from '../identity/random.ts';
import { pairedChange, type Pair, type PairedChange } from '../statistics/paired-change.ts';
import { compliancePairs, halfLifePairs, type CellAxis } from './paired-runs.ts';

/** A variant against the reference: `now` is the variant, `before` the reference. */
export interface Contrast extends PairedChange {
  /** Two-sided sign-flip permutation p. */
  p: number;
}

/** How a variant (a prompt, an arm of the factorial) does against the reference on the same cells. */
export interface VariantContrast {
  model: string;
  variant: string;
  reference: string;
  /** Turns on the scale of 40; null without a pair of known RMST. */
  rmst: Contrast | null;
  /** Rates. */
  compliance: Contrast | null;
}

const CELL_BESIDE_VARIANT: readonly CellAxis[] = ['model', 'temperature', 'seed_id', 'phase', 'repeat'];

/**
 * Compares every variant with a reference variant of the same execution, model by model, on the same cells: seeds are fixed,
 * the unit is the pair. Read the factorial off it: `prefill` against `grow` separates length from turns, `pressure: off`
 * against `on` what pressure does.
 * @param runs summaries of one execution, or of several with the same measure.
 */
export function variantContrasts(
  runs: readonly RunSummary[],
  options: { reference: string; permutations: number; seed: string },
): VariantContrast[] {
  const { reference } = options;
  const models = [...new Set(runs.map(({ model }) => model))].sort();
  const variants = [...new Set(runs.map(({ variant }) => variant))].sort();
  return models.flatMap((model) => {
    const of = (variant: string) => runs.filter((run) => run.model === model && run.variant === variant);
    const before = of(reference);
    return variants
      .filter((variant) => variant !== reference)
      .map((variant) => {
        const now = of(variant);
        const seed = `${options.seed}:${model}:${variant}:${reference}`;
        const contrast = (pairs: Pair[]) => contrastOf(pairs, options.permutations, seed);
        return {
          model,
          variant,
          reference,
          rmst: contrast(halfLifePairs(now, before, CELL_BESIDE_VARIANT)),
          compliance: contrast(compliancePairs(now, before, CELL_BESIDE_VARIANT)),
        };
      });
  });
}

function contrastOf(pairs: readonly Pair[], draws: number, seed: string): Contrast | null {
  const random = randomFrom(seed);
  const change = pairedChange(pairs, { draws, random });
  if (change === null) return null;
  const turned = pairs.map(({ stratum, now, before }) => ({ stratum, now: before, before: now }));
  const p_rise = pairedChange(turned, { draws, random })!.p_fall;
  return { ...change, p: Math.min(1, 2 * Math.min(change.p_fall, p_rise)) };
}
