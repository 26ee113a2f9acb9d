import { join } from 'node:path';
import { createFolderConfig } from '../../adapters/local/folder-config.ts';
import { scheduledAtOf } from '../../core/identity/iso-week.ts';
import type { ConfigSource } from '../../core/ports.ts';
import { modelRegistrySchema, type ModelConfig } from '../../schemas/model-config.ts';
import { profileFileSchema } from '../../schemas/profile.ts';
import { rubricSchema } from '../../schemas/rubric.ts';
import { packageRoot } from '../../cli/host/package-root.ts';
import { weekOf, type Story } from './story.ts';

const REGISTRY = 'models-demo-1.0';
const PROFILES = 'profiles-demo-1.0';

/** The config folder of one week of the story: the shipped one, with the demo's models, profile and rubric laid over it. */
export async function demoConfig(
  story: Story,
  { number, week, weeks }: { number: number; week: string; weeks: number },
): Promise<ConfigSource> {
  const shipped = await createFolderConfig([join(packageRoot(), 'config')]).files();
  const textOf = (path: string): string => {
    const file = shipped.find((one) => one.path === path);
    if (file === undefined) throw new Error(`config/${path}: the demo needs it, and it is not there`);
    return file.text;
  };
  const past = story.events.filter((event) => weekOf(event, weeks) <= number);
  const { profiles } = profileFileSchema.parse(JSON.parse(textOf('profiles/profiles-1.0.json')));
  const base = profiles[story.profile.like]!;
  const registry = modelRegistrySchema.parse(JSON.parse(textOf(`models/${base.artefacts.models}.json`)));
  const rubric = rubricSchema.parse(JSON.parse(textOf(`rubrics/${base.artefacts.rubric}.json`)));
  const change = past.findLast((event) => event.kind === 'rubric');
  const isRetired = (model_id: string) =>
    past.some((event) => event.kind === 'retired' && event.model_id === model_id);

  const models = story.models.map((model): ModelConfig => {
    const like = registry.models.find(({ model_id }) => model_id === model.priced_like)!;
    const update = past.findLast((event) => event.kind === 'model' && event.model_id === model.model_id);
    const { version, failure } = update?.kind === 'model' ? update : model;
    if (like.simulated?.kind !== 'tutor')
      throw new Error(`${model.priced_like}: the demo's models speak like simulated tutors, and it is none`);
    return {
      ...like,
      model_id: model.model_id,
      endpoint: `simulated/${model.model_id}`,
      version,
      simulated: { ...like.simulated, defect: model.defect, failure },
      lifecycle: isRetired(model.model_id)
        ? { status: 'eol', ends_at: scheduledAtOf(week).slice(0, 10) }
        : { status: 'active' },
      notes: `Simulated for the demo; priced like ${model.priced_like}.`,
    };
  });
  const profile = {
    ...base,
    title: story.profile.title,
    series: story.profile.name,
    models: models.map(({ model_id }) => model_id),
    temperatures: story.profile.temperatures,
    seeds: story.profile.seeds,
    phases: story.profile.phases,
    artefacts: {
      ...base.artefacts,
      models: REGISTRY,
      phases: story.profile.phase_file,
      rubric: change?.kind === 'rubric' ? change.stem : base.artefacts.rubric,
    },
    judges: { ...base.judges, primary: story.profile.judge },
    canary: { is_on: true, max_items: story.profile.canary_items },
    budget_usd: story.profile.budget_usd,
  };
  const judges = registry.models.filter((model) => model.simulated?.kind === 'judge');
  const laidOver = [
    file('models', REGISTRY, { ...registry, version: REGISTRY, models: [...models, ...judges] }),
    file('profiles', PROFILES, { version: PROFILES, profiles: { [story.profile.name]: profile } }),
    ...(change?.kind === 'rubric'
      ? [file('rubrics', change.stem, { ...rubric, version: change.stem, weights: change.weights })]
      : []),
  ];
  const files = [...shipped, ...laidOver].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files: async () => files };
}

function file(kind: string, stem: string, value: unknown): { path: string; text: string } {
  return { path: `${kind}/${stem}.json`, text: `${JSON.stringify(value, null, 2)}\n` };
}
