import type { z } from 'zod';
import { awsPricesSchema } from '../../schemas/aws-prices.ts';
import { calibrationItemSchema } from '../../schemas/calibration-item.ts';
import { costAssumptionsSchema } from '../../schemas/cost-assumptions.ts';
import { heuristicsModelSchema } from '../../schemas/heuristics-model.ts';
import { phraseBankSchema } from '../../schemas/phrase-bank.ts';
import { studentScriptSchema } from '../../schemas/student-script.ts';
import { alertRulesSchema, type AlertRules } from '../../schemas/alert-rules.ts';
import { ERROR } from '../../schemas/names.ts';
import { modelRegistrySchema, type ModelRegistry } from '../../schemas/model-config.ts';
import { phaseFileSchema, type PhaseFile } from '../../schemas/phase-profile.ts';
import { profileFileSchema, type Profile } from '../../schemas/profile.ts';
import { rubricSchema, type Rubric } from '../../schemas/rubric.ts';
import { ARTEFACT_KINDS, type ArtefactKind } from '../../schemas/run-manifest.ts';
import { seedFileSchema, type Seed } from '../../schemas/seed.ts';
import { NamedError } from '../errors.ts';
import { describeIssues } from './describe-issues.ts';

/** One file of config/: an artefact when its folder is one of ARTEFACT_KINDS. */
export interface ConfigFile {
  /** Relative to config/, e.g. `rubrics/rubric-1.1.json`. */
  path: string;
  text: string;
}

/** What each kind of artefact holds, once parsed. Kinds without an entry stay text for the module that owns them. */
const SCHEMAS = {
  models: modelRegistrySchema,
  seeds: seedFileSchema,
  rubrics: rubricSchema,
  phases: phaseFileSchema,
  alerts: alertRulesSchema,
  profiles: profileFileSchema,
} as const;

export interface ParsedConfig {
  models: ReadonlyMap<string, ModelRegistry>;
  seeds: ReadonlyMap<string, readonly Seed[]>;
  rubrics: ReadonlyMap<string, Rubric>;
  phases: ReadonlyMap<string, PhaseFile>;
  alerts: ReadonlyMap<string, AlertRules>;
  /** Profile name → profile and the file it stands in. */
  profiles: ReadonlyMap<string, { profile: Profile; stem: string }>;
  /** Every artefact file by `<kind>/<stem>`. */
  files: ReadonlyMap<string, ConfigFile & { kind: ArtefactKind; stem: string; extension: string }>;
}

/**
 * Parses and checks the whole config folder. Throws InvalidConfig whose message lists every problem as
 * `config/<file>: <path>: expected … got …`.
 */
export function parseConfig(files: readonly ConfigFile[]): ParsedConfig {
  const problems: string[] = [];
  const artefacts = new Map<string, ConfigFile & { kind: ArtefactKind; stem: string; extension: string }>();
  for (const file of files) {
    const place = placeOf(file.path);
    if (place !== null) artefacts.set(`${place.kind}/${place.stem}`, { ...file, ...place });
  }

  const parseKind = <K extends keyof typeof SCHEMAS>(kind: K): Map<string, z.infer<(typeof SCHEMAS)[K]>> => {
    const parsed = new Map<string, z.infer<(typeof SCHEMAS)[K]>>();
    for (const artefact of artefacts.values()) {
      if (artefact.kind !== kind) continue;
      const value = parseJson(artefact, problems);
      if (value === undefined) continue;
      const result = SCHEMAS[kind].safeParse(value);
      if (result.success) parsed.set(artefact.stem, result.data as z.infer<(typeof SCHEMAS)[K]>);
      else problems.push(...describeIssues(`config/${artefact.path}`, value, result.error.issues));
    }
    return parsed;
  };

  const models = parseKind('models');
  const seedFiles = parseKind('seeds');
  const rubrics = parseKind('rubrics');
  const phases = parseKind('phases');
  const alerts = parseKind('alerts');
  const profileFiles = parseKind('profiles');
  for (const artefact of artefacts.values()) problems.push(...problemsOf(artefact));

  for (const [stem, registry] of models)
    problems.push(
      ...duplicates(
        `config/models/${stem}.json: models`,
        registry.models.map((m) => m.model_id),
      ),
    );
  const seeds = new Map<string, readonly Seed[]>();
  for (const [stem, file] of seedFiles) {
    problems.push(
      ...duplicates(
        `config/seeds/${stem}.json: seeds`,
        file.seeds.map((seed) => seed.seed_id),
      ),
    );
    seeds.set(stem, file.seeds);
  }
  const profiles = new Map<string, { profile: Profile; stem: string }>();
  for (const [stem, file] of profileFiles) {
    for (const [name, profile] of Object.entries(file.profiles)) {
      if (profiles.has(name))
        problems.push(
          `config/profiles/${stem}.json: profiles.${name}: expected a name used once, got it a second time`,
        );
      profiles.set(name, { profile, stem });
    }
  }
  if (problems.length > 0) {
    throw new NamedError(ERROR.invalidConfig, problems.slice(0, 40).join('\n'), {
      hint: 'mend the named fields; `socratic-bench validate` checks the folder again',
    });
  }
  return { models, seeds, rubrics, phases, alerts, profiles, files: artefacts };
}

/** Problems of the artefacts that stay text here: the modules that read them parse them with the same schemas. */
function problemsOf(artefact: ConfigFile & { kind: ArtefactKind; stem: string }): string[] {
  const where = `config/${artefact.path}`;
  if (artefact.kind === 'golden') {
    return artefact.text
      .split('\n')
      .flatMap((line, index) =>
        line === '' ? [] : problemsOfJson(`${where}:${index + 1}`, line, calibrationItemSchema),
      );
  }
  const schema = textSchemaOf(artefact);
  return schema === null ? [] : problemsOfJson(where, artefact.text, schema);
}

function textSchemaOf({ kind, stem }: { kind: ArtefactKind; stem: string }): z.ZodType | null {
  switch (kind) {
    case 'heuristics':
      return heuristicsModelSchema;
    case 'student':
      return studentScriptSchema;
    case 'simulated':
      return phraseBankSchema;
    case 'prices':
      return stem.startsWith('aws-') ? awsPricesSchema : costAssumptionsSchema;
    default:
      return null;
  }
}

function problemsOfJson(where: string, text: string, schema: z.ZodType): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return [`${where}: (root): expected JSON, got ${(error as SyntaxError).message}`];
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : describeIssues(where, value, parsed.error.issues);
}

/** Kind, stem and extension of a path below config/, or null when its folder is no artefact kind. */
function placeOf(path: string): { kind: ArtefactKind; stem: string; extension: string } | null {
  const match = /^(.+)\/([^/]+)\.([a-z]+)$/.exec(path);
  if (match === null) return null;
  const [, folder, stem, extension] = match as unknown as [string, string, string, string];
  const kind = ARTEFACT_KINDS.find((candidate) => candidate === folder);
  return kind === undefined ? null : { kind, stem, extension };
}

function parseJson(file: ConfigFile, problems: string[]): unknown {
  try {
    return JSON.parse(file.text);
  } catch (error) {
    problems.push(`config/${file.path}: (root): expected JSON, got ${(error as SyntaxError).message}`);
    return undefined;
  }
}

function duplicates(where: string, ids: readonly string[]): string[] {
  const seen = new Set<string>();
  const problems: string[] = [];
  for (const [index, id] of ids.entries()) {
    if (seen.has(id))
      problems.push(`${where}[${index}]: expected an id used once, got "${id}" a second time`);
    seen.add(id);
  }
  return problems;
}
