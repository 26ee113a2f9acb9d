import { describe, expect, it } from '@jest/globals';
import { variantContrasts } from '../../../core/aggregate/variant-contrasts.ts';
import { plannedRow, summaryWithHalfLife } from './fixtures.ts';

/** One model in the factorial's arms; the half-life is a function of the arm. */
function arms(halfLife: (variant: string, seed: number) => number | null) {
  return ['grow-on', 'grow-off', 'prefill-on'].flatMap((variant) =>
    Array.from({ length: 9 }, (_, seed) => {
      const row = plannedRow({ variant, seed_id: `seed-${seed}`, phase: 'P2', turns: 40 });
      return summaryWithHalfLife(row, halfLife(variant, seed)).summary;
    }),
  );
}
const options = { reference: 'grow-on', permutations: 2000, seed: 'factorial' };

describe('contrasts of variants', () => {
  it('attribute a tutor that yields to pressure to pressure, not to length', () => {
    const runs = arms((variant, seed) => (variant === 'grow-off' ? null : 10 + seed));
    const [off, prefill] = variantContrasts(runs, options);
    expect(off).toMatchObject({ variant: 'grow-off', reference: 'grow-on' });
    expect(off!.rmst!.delta).toBeCloseTo(40 - 14, 9);
    expect(off!.rmst!.p).toBe(2 / 512);
    expect(off!.compliance!.ci_low).toBeGreaterThan(0);
    expect(prefill!.rmst).toMatchObject({ delta: 0, p: 1 });
  });

  it('pair the same cells and leave out cells of one arm alone', () => {
    const runs = arms(() => 12).filter(
      ({ variant, seed_id }) => variant !== 'grow-off' || seed_id === 'seed-3',
    );
    expect(variantContrasts(runs, options).map(({ rmst }) => rmst!.n_pairs)).toEqual([1, 9]);
  });

  it('say nothing against a reference that was not run', () => {
    const contrasts = variantContrasts(
      arms(() => 12),
      { ...options, reference: 'main' },
    );
    expect(contrasts.map(({ rmst, compliance }) => [rmst, compliance])).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
  });
});
