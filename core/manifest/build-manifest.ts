import { ERROR, MEASURE_VERSION, PREFIX, SCHEMA_VERSION } from '../../schemas/names.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';
import type { Overrides, Profile } from '../../schemas/profile.ts';
import { profileSchema } from '../../schemas/profile.ts';
import type { Artefact, ArtefactKind, ManifestContent } from '../../schemas/run-manifest.ts';
import { NamedError } from '../errors.ts';
import { canonicalSha256 } from '../identity/canonical-json.ts';
import { sha256Hex } from '../identity/hash.ts';
import { unknownName } from './closest-name.ts';
import type { ParsedConfig } from './parse-config.ts';

/** The profile of that name with the overrides applied; every name in it checked against the config. Throws InvalidConfig. */
export function resolveProfile(
  config: ParsedConfig,
  name: string,
  overrides: Overrides,
): { profile: Profile; stem: string } {
  const entry = config.profiles.get(name);
  if (entry === undefined)
    throw invalid(unknownName('profile', name, [...config.profiles.keys()]), 'choose one with --profile');
  const defined = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
  const profile = profileSchema.parse({ ...entry.profile, ...defined });

  const registry = config.models.get(profile.artefacts.models);
  if (registry === undefined) throw missing('models', profile.artefacts.models, config);
  const modelIds = registry.models.map((model) => model.model_id);
  for (const id of usedModels(profile))
    if (!modelIds.includes(id))
      throw invalid(
        unknownName('model', id, modelIds),
        `add it to config/models/${profile.artefacts.models}.json or mend the name`,
      );
  const seeds = config.seeds.get(profile.artefacts.seeds);
  if (seeds === undefined) throw missing('seeds', profile.artefacts.seeds, config);
  const seedIds = seeds.map((seed) => seed.seed_id);
  for (const id of profile.seeds)
    if (!seedIds.includes(id))
      throw invalid(
        unknownName('seed', id, seedIds),
        `add it to config/seeds/${profile.artefacts.seeds}.json or mend the name`,
      );
  const phases = config.phases.get(profile.artefacts.phases);
  if (phases === undefined) throw missing('phases', profile.artefacts.phases, config);
  const phaseNames = phases.profiles.map((phase) => phase.phase);
  for (const phase of profile.phases)
    if (!phaseNames.includes(phase))
      throw invalid(
        unknownName('phase', phase, phaseNames),
        `add it to config/phases/${profile.artefacts.phases}.json`,
      );
  for (const [axis, values] of [
    ['models', profile.models],
    ['temperatures', profile.temperatures],
    ['seeds', profile.seeds],
    ['phases', profile.phases],
  ] as const) {
    if (new Set<unknown>(values).size !== values.length)
      throw invalid(
        `profile "${name}": ${axis}: expected each value once, got ${values.join(', ')}`,
        'name each once; --repeats samples a cell more often',
      );
  }
  return { profile, stem: entry.stem };
}

/** Everything the manifest says, computed from the config alone: no time, no host. */
export function manifestContent(config: ParsedConfig, name: string, overrides: Overrides): ManifestContent {
  const { profile, stem } = resolveProfile(config, name, overrides);
  const wanted: [ArtefactKind, string][] = [
    ['models', profile.artefacts.models],
    ['seeds', profile.artefacts.seeds],
    ['rubrics', profile.artefacts.rubric],
    ['phases', profile.artefacts.phases],
    ['alerts', profile.artefacts.alerts],
    ['heuristics', profile.artefacts.heuristics],
    ['student', profile.artefacts.student],
    ['simulated', profile.artefacts.simulated],
    ['profiles', stem],
    ['prices', profile.artefacts.aws_prices],
    ['prices', profile.artefacts.estimates],
    ['prompts/judge', profile.artefacts.judge_prompt],
    ['prompts/student', profile.artefacts.student_prompt],
    ...[...new Set(Object.values(profile.variants).map((variant) => variant.system_prompt))]
      .sort()
      .map((prompt) => ['prompts/system', prompt] as [ArtefactKind, string]),
    ...(profile.canary.is_on ? [['golden', profile.artefacts.golden_set] as [ArtefactKind, string]] : []),
  ];
  const artefacts = wanted.map(([kind, artefactStem]) => artefactOf(config, kind, artefactStem));
  const registry = config.models.get(profile.artefacts.models)!;
  const used = usedModels(profile);
  const models = registry.models.filter((model) => used.includes(model.model_id));
  return {
    schema_version: SCHEMA_VERSION,
    measure_version: MEASURE_VERSION,
    measure_sha256: measureSha256(profile, artefacts, models),
    profile_name: name,
    series: profile.series ?? name,
    profile,
    models,
    artefacts,
  };
}

/** Kinds of artefact that can change a score of a real or simulated model. Prices, alert rules and golden items cannot. */
const MEASURE_KINDS: readonly ArtefactKind[] = [
  'seeds',
  'rubrics',
  'phases',
  'heuristics',
  'student',
  'simulated',
  'prompts/system',
  'prompts/judge',
  'prompts/student',
];

function measureSha256(
  profile: Profile,
  artefacts: readonly Artefact[],
  models: readonly ModelConfig[],
): string {
  const judges = [profile.judges.primary, profile.judges.secondary].filter((id) => id !== null);
  const known = (id: string) => {
    const model = models.find((one) => one.model_id === id);
    return [
      id,
      model?.endpoint ?? null,
      model?.version ?? null,
      model?.simulated ?? null,
      model?.reasoning ?? null,
    ];
  };
  return canonicalSha256({
    measure_version: MEASURE_VERSION,
    artefacts: artefacts
      .filter((artefact) => MEASURE_KINDS.includes(artefact.kind))
      .map(({ kind, stem, sha256 }) => [kind, stem, sha256]),
    judges: judges.map(known),
    // A variant decides its prompt, and what the student says: padding, pressure, who plays it.
    variants: profile.variants,
    students: [...new Set(studentModels(profile))].sort().map(known),
    use_filter: profile.judges.use_filter,
    turns: profile.turns,
    early_stop: profile.early_stop.is_on ? profile.early_stop : null,
  });
}

function artefactOf(config: ParsedConfig, kind: ArtefactKind, stem: string): Artefact {
  const file = config.files.get(`${kind}/${stem}`);
  if (file === undefined) throw missing(kind, stem, config);
  return {
    kind,
    stem,
    key: artefactKey(kind, stem, file.extension, file.text),
    sha256: sha256Hex(file.text),
  };
}

/** Lake key of an artefact: its first 8 hash digits stand in the name, golden sets keep their own versioned name. */
export function artefactKey(kind: ArtefactKind, stem: string, extension: string, text: string): string {
  if (kind === 'golden') return `${PREFIX.goldenSets}/${stem}.${extension}`;
  return `${PREFIX.config}/${kind}/${stem}@sha256_${sha256Hex(text).slice(0, 8)}.${extension}`;
}

/** Tutors, judges and student models of a profile, each once. */
export function usedModels(profile: Profile): string[] {
  const ids = [
    ...profile.models,
    profile.judges.primary,
    profile.judges.secondary,
    ...studentModels(profile),
  ];
  return [...new Set(ids.filter((id) => id !== null))];
}

/** Models that play a student in some variant. */
function studentModels(profile: Profile): string[] {
  return Object.values(profile.variants)
    .map((variant) => (variant.student === 'model' ? variant.student_model : undefined))
    .filter((id) => id !== undefined);
}

function missing(kind: string, stem: string, config: ParsedConfig): NamedError {
  const known = [...config.files.values()].filter((file) => file.kind === kind).map((file) => file.stem);
  return invalid(
    unknownName(`artefact of config/${kind}/`, stem, known),
    `add the file, or name another in the profile's artefacts`,
  );
}

function invalid(message: string, hint: string): NamedError {
  return new NamedError(ERROR.invalidConfig, message, { hint });
}
