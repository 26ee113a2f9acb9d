import { describe, expect, it } from '@jest/globals';
import { estimateLevers, judgedFirstBy } from '../../../core/cost/estimate-levers.ts';
import { estimatePlan, sumLines } from '../../../core/cost/estimate-plan.ts';
import { planOf } from './fixtures.ts';

describe('estimateLevers', () => {
  const { rows, sizes } = planOf('weekly-bedrock');
  const levers = estimateLevers(rows, sizes);
  const plan = estimatePlan(rows, sizes);
  const saved = (key: string) => levers.find((lever) => lever.key.startsWith(key))!.saved_usd;

  it('shows the heaviest phase as the largest lever, worth what that phase costs', () => {
    const p3 = sumLines(plan.lines, (line) => line.phase).get('P3')!;
    expect(levers[0]).toMatchObject({ key: 'phases', change: 'without P3' });
    expect(saved('phases').likely).toBeCloseTo(p3.likely.usd, 8);
  });

  it('values the secondary judge at its own lines', () => {
    const secondary = sumLines(plan.lines, (line) => line.component).get('secondary_judge')!;
    expect(saved('judges.secondary').likely).toBeCloseTo(secondary.likely.usd, 8);
  });

  it('names the cheapest other judge of the manifest, worth what its own plan costs less', () => {
    const lever = levers.find(({ key }) => key === 'judges.primary')!;
    const primary = lever.change.split(' → ')[1]!;
    expect(lever.change).toBe(`${sizes.profile.judges.primary} → ${primary}`);
    const costWith = (model_id: string) =>
      estimatePlan(rows, {
        ...sizes,
        profile: { ...sizes.profile, judges: judgedFirstBy(model_id, sizes.profile.judges) },
      }).calls.likely.usd;
    expect(lever.saved_usd.likely).toBeCloseTo(plan.calls.likely.usd - costWith(primary), 8);
    for (const model_id of sizes.models.keys())
      expect(costWith(primary)).toBeLessThanOrEqual(costWith(model_id) + 1e-9);
  });

  it('gains nothing from the filter where the cheap scenario has it already', () => {
    expect(saved('judges.use_filter').low).toBeCloseTo(0, 8);
    expect(saved('judges.use_filter').likely).toBeGreaterThan(0);
  });

  it('shows the loss of prompt caching as a negative saving', () => {
    expect(saved('artefacts.models').likely).toBeCloseTo(
      plan.calls.likely.usd - plan.calls.likely.uncached_usd,
      8,
    );
    expect(saved('artefacts.models').likely).toBeLessThan(0);
  });

  it('reckons with early stopping once it is on: less is expected, as much is possible', () => {
    const stopping = {
      ...sizes,
      profile: { ...sizes.profile, early_stop: { ...sizes.profile.early_stop, is_on: true } },
    };
    const { calls } = estimatePlan(rows, stopping);
    expect(calls.likely.usd).toBeCloseTo(plan.calls.likely.usd - saved('early_stop').likely, 8);
    expect(calls.likely.usd).toBeLessThan(plan.calls.likely.usd);
    expect(calls.low.usd).toBeLessThan(calls.likely.usd);
    expect(calls.high.usd).toBeCloseTo(plan.calls.high.usd, 8);
    expect(estimateLevers(rows, stopping).some(({ key }) => key.startsWith('early_stop'))).toBe(false);
  });

  it('has nothing to offer on a plan that costs nothing', () => {
    const quick = planOf('quick');
    expect(estimateLevers(quick.rows, quick.sizes)).toEqual([]);
  });
});
