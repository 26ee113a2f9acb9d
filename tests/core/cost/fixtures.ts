import { readFileSync } from 'node:fs';
import { modelRegistrySchema, type ModelConfig } from '../../../schemas/model-config.ts';
import { costAssumptionsSchema } from '../../../schemas/cost-assumptions.ts';
import { awsPricesSchema } from '../../../schemas/aws-prices.ts';
import { phaseFileSchema } from '../../../schemas/phase-profile.ts';
import { profileFileSchema, type Profile } from '../../../schemas/profile.ts';
import { rubricSchema } from '../../../schemas/rubric.ts';
import { seedFileSchema } from '../../../schemas/seed.ts';
import { studentScriptSchema, type StudentScript } from '../../../schemas/student-script.ts';
import type { PlannedCell, PlanSizes } from '../../../core/cost/row-parts.ts';

/** The shipped config, read once. */
export function readConfig(path: string): string {
  return readFileSync(new URL(`../../../config/${path}`, import.meta.url), 'utf8');
}
export const assumptions = costAssumptionsSchema.parse(JSON.parse(readConfig('prices/estimates-1.0.json')));
export const awsPrices = awsPricesSchema.parse(JSON.parse(readConfig('prices/aws-2026-07.json')));
export const studentScript = studentScriptSchema.parse(JSON.parse(readConfig('student/student-1.0.json')));
const registry = modelRegistrySchema.parse(JSON.parse(readConfig('models/models-1.0.json')));
export const models = new Map(registry.models.map((model) => [model.model_id, model]));
const profiles = profileFileSchema.parse(JSON.parse(readConfig('profiles/profiles-1.0.json'))).profiles;

export function model(model_id: string): ModelConfig {
  return models.get(model_id)!;
}

/** A profile with everything that sizes its plan; `lengths` replaces what the shipped student assumes of replies. */
export function planOf(
  name: string,
  change: (profile: Profile) => Profile = (profile) => profile,
  lengths: Partial<StudentScript['lengths']> = {},
): { rows: PlannedCell[]; sizes: PlanSizes; budget_usd: number } {
  const profile = change(profiles[name]!);
  const phases = phaseFileSchema.parse(JSON.parse(readConfig(`phases/${profile.artefacts.phases}.json`)));
  const seeds = seedFileSchema.parse(JSON.parse(readConfig(`seeds/${profile.artefacts.seeds}.json`))).seeds;
  const system = [...new Set(Object.values(profile.variants).map((variant) => variant.system_prompt))];
  const rows = profile.models.flatMap((modelId) =>
    profile.temperatures.flatMap(() =>
      profile.seeds.flatMap((seed_id) =>
        profile.phases.flatMap((phase) =>
          Object.keys(profile.variants).map((variant) => ({
            cell: { model: modelId, variant, seed_id, phase },
            turns: Math.min(
              profile.turns ?? Infinity,
              phases.profiles.find((one) => one.phase === phase)!.target_turns,
            ),
          })),
        ),
      ),
    ),
  );
  return {
    rows,
    budget_usd: profile.budget_usd,
    sizes: {
      profile,
      models,
      seeds: new Map(seeds.map((seed) => [seed.seed_id, seed])),
      phases,
      rubric: rubricSchema.parse(JSON.parse(readConfig('rubrics/rubric-1.1.json'))),
      script: { ...studentScript, lengths: { ...studentScript.lengths, ...lengths } },
      systemPromptChars: new Map(
        system.map((stem) => [stem, readConfig(`prompts/system/${stem}.txt`).length]),
      ),
      judgePromptChars: 9000,
      studentPromptChars: readConfig('prompts/student/student-1.0.txt').length,
      canary: { items: 300, chars_per_item: 1500 },
      assumptions,
      awsPrices,
    },
  };
}
