import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alertRulesSchema, type AlertRules } from '../schemas/alert-rules.ts';
import { awsPricesSchema, type AwsPrices } from '../schemas/aws-prices.ts';
import { modelRegistrySchema, type ModelConfig } from '../schemas/model-config.ts';
import { profileFileSchema, type Profile } from '../schemas/profile.ts';

/** What the stacks take from config/: models, profiles, alert thresholds, the size of a task. */
export interface Registry {
  models: ReadonlyMap<string, ModelConfig>;
  profiles: ReadonlyMap<string, Profile>;
  alerts: AlertRules;
  prices: AwsPrices;
}

/** Reads config/ of the checkout; of several versions of a file all models and profiles count, and the newest thresholds and prices. */
export function readRegistry(configDir: string): Registry {
  const read = (kind: string, prefix: string): unknown[] =>
    readdirSync(join(configDir, kind))
      .filter((file) => file.startsWith(prefix) && file.endsWith('.json'))
      .sort()
      .map((file) => JSON.parse(readFileSync(join(configDir, kind, file), 'utf8')) as unknown);
  const models = read('models', '').flatMap((file) => modelRegistrySchema.parse(file).models);
  const profiles = read('profiles', '').flatMap((file) =>
    Object.entries(profileFileSchema.parse(file).profiles),
  );
  return {
    models: new Map(models.map((model) => [model.model_id, model])),
    profiles: new Map(profiles),
    alerts: alertRulesSchema.parse(read('alerts', '').at(-1)),
    prices: awsPricesSchema.parse(read('prices', 'aws-').at(-1)),
  };
}

/** Bedrock models that the named profiles let speak as tutor or student, and those that judge. Throws on a profile or model that is not there. */
export function bedrockModels(
  registry: Registry,
  profileNames: readonly string[],
): { tutors: ModelConfig[]; judges: ModelConfig[] } {
  const tutors = new Set<string>();
  const judges = new Set<string>();
  for (const name of profileNames) {
    const profile = registry.profiles.get(name);
    if (profile === undefined)
      throw new Error(
        `cdk.json: context.weeklyProfile or bedrockProfiles: expected one of ${[...registry.profiles.keys()].join(', ')}, got "${name}"`,
      );
    for (const id of profile.models) tutors.add(id);
    for (const variant of Object.values(profile.variants))
      if (variant.student_model !== undefined) tutors.add(variant.student_model);
    for (const id of [profile.judges.primary, profile.judges.secondary]) if (id !== null) judges.add(id);
  }
  const onBedrock = (ids: ReadonlySet<string>) =>
    [...ids].sort().flatMap((id) => {
      const model = registry.models.get(id);
      if (model === undefined)
        throw new Error(`config/models: expected a model "${id}", which a profile names, got none`);
      return model.provider === 'bedrock' ? [model] : [];
    });
  return { tutors: onBedrock(tutors), judges: onBedrock(judges) };
}
