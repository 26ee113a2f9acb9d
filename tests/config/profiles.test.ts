import { describe, expect, it, test } from '@jest/globals';
import { awsPricesSchema } from '../../schemas/aws-prices.ts';
import { costAssumptionsSchema } from '../../schemas/cost-assumptions.ts';
import { modelRegistrySchema } from '../../schemas/model-config.ts';
import { phaseFileSchema } from '../../schemas/phase-profile.ts';
import { profileFileSchema, type Profile } from '../../schemas/profile.ts';
import { seedFileSchema } from '../../schemas/seed.ts';
import { filesIn, readJson } from './config-files.ts';

const { profiles, version } = profileFileSchema.parse(readJson('profiles/profiles-1.0.json'));
const models = (profile: Profile) =>
  modelRegistrySchema.parse(readJson(`models/${profile.artefacts.models}.json`)).models;
const phases = (profile: Profile) =>
  phaseFileSchema.parse(readJson(`phases/${profile.artefacts.phases}.json`)).profiles;

/** Runs of a profile, and turns when every run is held. */
function sizeOf(profile: Profile): { runs: number; turns: number } {
  const perPhase =
    profile.models.length *
    profile.temperatures.length *
    profile.seeds.length *
    profile.repeats *
    Object.keys(profile.variants).length;
  const turns = profile.phases.map((phase) => {
    const planned = phases(profile).find((one) => one.phase === phase)!.target_turns;
    return Math.min(profile.turns ?? planned, planned);
  });
  return {
    runs: perPhase * profile.phases.length,
    turns: perPhase * turns.reduce((total, count) => total + count, 0),
  };
}

describe('the shipped profiles', () => {
  test('are the seven of the command line', () => {
    expect(version).toBe('profiles-1.0');
    expect(Object.keys(profiles).sort()).toEqual(
      ['factorial', 'mvp', 'quick', 'seed-25', 'weekly', 'weekly-40usd', 'weekly-bedrock'].sort(),
    );
  });

  test('have the sizes their matrices promise', () => {
    expect(sizeOf(profiles['weekly']!)).toEqual({ runs: 180, turns: 7200 });
    expect(sizeOf(profiles['weekly-bedrock']!)).toEqual({ runs: 180, turns: 7200 });
    expect(sizeOf(profiles['seed-25']!)).toEqual({ runs: 50, turns: 250 });
    expect(sizeOf(profiles['mvp']!)).toEqual({ runs: 8, turns: 80 });
    expect(sizeOf(profiles['quick']!).runs).toBe(48);
    expect(sizeOf(profiles['factorial']!)).toEqual({ runs: 80, turns: 3200 });
  });

  test('cross padding and pressure in the factorial', () => {
    const arms = Object.entries(profiles['factorial']!.variants).map(
      ([name, { pad, pressure }]) => `${name}: ${pad}-${pressure}`,
    );
    expect(arms).toEqual([
      'grow-on: grow-on',
      'grow-off: grow-off',
      'prefill-on: prefill-on',
      'prefill-off: prefill-off',
    ]);
  });

  test('use a real model only in the profiles that say so', () => {
    for (const [name, profile] of Object.entries(profiles)) {
      const real = [...profile.models, profile.judges.primary, profile.judges.secondary!].filter(
        (id) => models(profile).find((model) => model.model_id === id)?.provider !== 'simulated',
      );
      const isPaid = ['weekly-bedrock', 'weekly-40usd', 'seed-25'].includes(name);
      expect({ name, isReal: real.length > 0 }).toEqual({ name, isReal: isPaid });
    }
  });
});

describe.each(Object.entries(profiles))('profile %s', (_name, profile) => {
  it('names only models, seeds and phases that exist', () => {
    const known = new Set(models(profile).map((model) => model.model_id));
    const seeds = seedFileSchema.parse(readJson(`seeds/${profile.artefacts.seeds}.json`)).seeds;
    const seedIds = new Set(seeds.map((seed) => seed.seed_id));
    const named = [...profile.models, profile.judges.primary, profile.judges.secondary!];
    expect(named.filter((id) => !known.has(id))).toEqual([]);
    expect(profile.seeds.filter((id) => !seedIds.has(id))).toEqual([]);
    expect(phases(profile).map((phase) => phase.phase)).toEqual(expect.arrayContaining(profile.phases));
  });

  it('names only artefacts that ship', () => {
    const folders: [string, string][] = [
      ['models', `${profile.artefacts.models}.json`],
      ['seeds', `${profile.artefacts.seeds}.json`],
      ['rubrics', `${profile.artefacts.rubric}.json`],
      ['phases', `${profile.artefacts.phases}.json`],
      ['alerts', `${profile.artefacts.alerts}.json`],
      ['prompts/student', `${profile.artefacts.student_prompt}.txt`],
      ...Object.values(profile.variants).map(({ system_prompt }): [string, string] => [
        'prompts/system',
        `${system_prompt}.txt`,
      ]),
    ];
    for (const [folder, file] of folders) expect(filesIn(folder)).toContain(file);
  });

  it('has judges of two vendors', () => {
    const vendorOf = (id: string) => models(profile).find((model) => model.model_id === id)!.vendor;
    expect(vendorOf(profile.judges.primary)).not.toBe(vendorOf(profile.judges.secondary!));
  });

  it('judges the golden set and stops no run early', () => {
    expect(profile.canary.is_on).toBe(true);
    expect(profile.early_stop).toEqual({ is_on: false, below_pts: 7, turns: 6 });
  });
});

describe('models of the weekly Bedrock profile', () => {
  const profile = profiles['weekly-bedrock']!;
  const used = models(profile).filter((model) => profile.models.includes(model.model_id));

  it('hold P3 in 0.85 of their window and take a temperature', () => {
    for (const model of used) {
      expect(0.85 * model.context_window_tokens).toBeGreaterThanOrEqual(128_000);
      expect(model.supports.temperature).toBe(true);
      expect(model.lifecycle.status).toBe('active');
    }
  });
});

test('unit prices and assumptions parse and state their sources', () => {
  for (const name of filesIn('prices')) {
    const schema = name.startsWith('aws-') ? awsPricesSchema : costAssumptionsSchema;
    const file = schema.parse(readJson(`prices/${name}`));
    expect(`${file.version}.json`).toBe(name);
    expect(file.sources.length).toBeGreaterThan(40);
  }
});
