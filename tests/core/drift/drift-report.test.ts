import { describe, expect, it } from '@jest/globals';
import { driftReport } from '../../../core/drift/drift-report.ts';
import type { RunSummary } from '../../../schemas/run-summary.ts';
import { plannedRow, summaryWithHalfLife } from '../aggregate/fixtures.ts';

const options = { reference: 'main', permutations: 500, seed: 'drift' };

function runs(halfLife: (seed: number) => number | null, variant = 'main'): RunSummary[] {
  return Array.from({ length: 4 }, (_, seed) => {
    const row = plannedRow({ seed_id: `seed-${seed}`, phase: 'P2', turns: 40, variant });
    return summaryWithHalfLife(row, halfLife(seed)).summary;
  });
}

describe('the drift report', () => {
  it('gives RMST at every threshold, on the scale of 40 turns', () => {
    const [model] = driftReport(
      runs(() => 10),
      options,
    ).models;
    const at = (threshold: number) =>
      model!.half_life_curve.find(({ threshold_pts }) => threshold_pts === threshold)!;
    expect(at(8)).toMatchObject({ rmst_turns: 10, reached_frac: 1 });
    expect(at(5).rmst_turns!).toBeGreaterThanOrEqual(at(8).rmst_turns!);
    expect(at(9).rmst_turns!).toBeLessThanOrEqual(at(8).rmst_turns!);
  });

  it('keeps censored runs at the horizon', () => {
    const [model] = driftReport(
      runs(() => null),
      options,
    ).models;
    expect(model!.half_life_curve.map(({ reached_frac }) => reached_frac)).toContain(0);
    expect(model!.half_life_curve.find(({ threshold_pts }) => threshold_pts === 8)!.rmst_turns).toBe(40);
  });

  it('counts threads by depth, the deepest together', () => {
    const some = runs(() => null).map((run) => ({ ...run, thread_depths: [1, 1, 3, 9] }));
    expect(driftReport(some, options).models[0]!.thread_depths).toEqual([8, 0, 4, 0, 0, 4]);
  });

  it('has no recall where nothing was raised', () => {
    const some = runs(() => null).map((run) => ({ ...run, salience_recall_at_3: null }));
    expect(driftReport(some, options).models[0]!.salience_recall_at_3).toBeNull();
  });

  it('compares the other variants with the reference on the same cells', () => {
    const both = [...runs(() => 20), ...runs(() => 10, 'fewshot')];
    const { contrasts, models } = driftReport(both, options);
    expect(models.map(({ variant }) => variant)).toEqual(['main', 'fewshot']);
    expect(contrasts).toHaveLength(1);
    expect(contrasts[0]!.rmst!.delta).toBeCloseTo(-10, 9);
  });
});
