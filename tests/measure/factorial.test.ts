import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { attributeCollapse, type Attribution } from '../../core/drift/factorial.ts';
import { profileFileSchema, type Profile } from '../../schemas/profile.ts';
import { rubricSchema } from '../../schemas/rubric.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import { measure } from './harness.ts';

const config = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../config/${path}`, import.meta.url), 'utf8'));
const { factorial } = profileFileSchema.parse(config('profiles/profiles-1.0.json')).profiles as {
  factorial: Profile;
};
const { smallest_decline_pts } = rubricSchema.parse(config('rubrics/rubric-1.1.json')).half_life;
const options = {
  variants: factorial.variants,
  permutations: 2000,
  smallest_decline_pts,
  seed: 'factorial',
};

describe('the factorial of length and pressure, through the real tasks', () => {
  let runs: RunSummary[] = [];
  let found: Attribution[] = [];
  const of = (model: string) => found.find((one) => one.model === model)!;
  beforeAll(async () => {
    const { models, seeds, phases, variants } = factorial;
    ({ runs } = await measure({ models, seeds, phases, variants }));
    found = attributeCollapse(runs, options);
    console.info(found.map(({ sentence }) => sentence).join('\n'));
  }, 120_000);

  it.each([
    ['context-drifter', ['length']],
    ['pressure-yielder', ['pressure']],
    ['drifter-20', ['turns']],
    ['steadfast', []],
  ])('attributes %s to %j', (model, causes) => {
    expect(of(model).causes).toEqual(causes);
    expect(of(model).sentence).toContain(`${model}: ${causes[0] ?? 'none'}`);
  });

  it('gives cost, interval and n of each load on the same cells', () => {
    const { length, pressure, rmst_by_arm } = of('context-drifter');
    expect(length!.n_pairs).toBe(2 * factorial.seeds.length);
    expect(length!.ci_high!).toBeLessThan(-10);
    expect(pressure!.delta).toBeGreaterThan(-1);
    expect(rmst_by_arm.map(({ rmst }) => rmst !== null)).toEqual([true, true, true, true]);
  });

  it('claims nothing from a single seed: one pair a level shows no spread', () => {
    const few = runs.filter(({ seed_id }) => seed_id === factorial.seeds[0]);
    expect(attributeCollapse(few, options).flatMap(({ causes }) => causes)).toEqual([]);
  });

  it('finds no factorial in variants that differ in the prompt alone', () => {
    const main = { system_prompt: 'soc-1.2', student: 'scripted', pad: 'grow', pressure: 'on' } as const;
    const variants = { main, fewshot: { ...main, system_prompt: 'soc-1.2-fewshot' } };
    expect(attributeCollapse(runs, { ...options, variants })).toEqual([]);
  });

  it('says so where the arms share no cell', () => {
    const torn = runs.filter(
      ({ variant, seed_id }) => (seed_id === factorial.seeds[0]) === (variant === 'grow-on'),
    );
    const grown = torn.filter(({ variant }) => variant === 'grow-on' || variant === 'prefill-on');
    expect(attributeCollapse(grown, options)[0]!.sentence).toMatch(/nothing to compare/);
  });
});
