import type { AwsPrices } from '../../schemas/aws-prices.ts';
import { awsPricesSchema } from '../../schemas/aws-prices.ts';
import type { CostAssumptions } from '../../schemas/cost-assumptions.ts';
import { costAssumptionsSchema } from '../../schemas/cost-assumptions.ts';
import type { AlertRules } from '../../schemas/alert-rules.ts';
import { alertRulesSchema } from '../../schemas/alert-rules.ts';
import type { HeuristicsModel } from '../../schemas/heuristics-model.ts';
import { heuristicsModelSchema } from '../../schemas/heuristics-model.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';
import { ERROR } from '../../schemas/names.ts';
import type { PhaseFile, PhaseProfile } from '../../schemas/phase-profile.ts';
import { phaseFileSchema } from '../../schemas/phase-profile.ts';
import type { Variant } from '../../schemas/profile.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import { rubricSchema } from '../../schemas/rubric.ts';
import type { Artefact, ArtefactKind, RunManifest } from '../../schemas/run-manifest.ts';
import type { Seed } from '../../schemas/seed.ts';
import { seedFileSchema } from '../../schemas/seed.ts';
import { studentScriptSchema, type StudentScript } from '../../schemas/student-script.ts';
import { NamedError } from '../errors.ts';
import { sha256Hex } from '../identity/hash.ts';
import type { ObjectStore } from '../ports.ts';
import { readManifest } from './load-manifest.ts';
import { decodeUtf8 } from './text-codec.ts';

/** Everything a manifest says, loaded and checked: what runner, judge and Aggregate work by. */
export interface Measure {
  manifest: RunManifest;
  rubric: Rubric;
  phases: PhaseFile;
  alerts: AlertRules;
  heuristics: HeuristicsModel;
  student: StudentScript;
  judgeTemplate: string;
  studentTemplate: string;
  seed(seed_id: string): Seed;
  phase(name: string): PhaseProfile;
  variant(name: string): Variant;
  model(model_id: string): ModelConfig;
  /** Text and `name@hash8` of a variant's system prompt. */
  systemPrompt(variant: string): { text: string; name: string };
  /** The phrase bank of simulated models, as text: only their adapter reads it. */
  simulatedBank: string;
  /** The golden set as JSON lines; null without a canary. */
  goldenSet: string | null;
  awsPrices: AwsPrices;
  assumptions: CostAssumptions;
  seeds: ReadonlyMap<string, Seed>;
}

/**
 * Loads measures by manifest key, each once per process: artefacts are write-once, so a loaded one never goes stale.
 * Throws ArtefactChanged when bytes and SHA-256 disagree.
 */
export function createMeasureLoader(store: ObjectStore): (manifest_key: string) => Promise<Measure> {
  const loaded = new Map<string, Promise<Measure>>();
  return (manifest_key) => {
    const known = loaded.get(manifest_key);
    if (known !== undefined) return known;
    const measure = loadMeasure(store, manifest_key);
    loaded.set(manifest_key, measure);
    // A failed load (store away for a moment) may be tried again.
    measure.catch(() => loaded.delete(manifest_key));
    return measure;
  };
}

async function loadMeasure(store: ObjectStore, manifest_key: string): Promise<Measure> {
  const manifest = await readManifest(store, manifest_key);
  const texts = await Promise.all(
    manifest.content.artefacts.map((artefact) => artefactText(store, artefact)),
  );
  return buildMeasure(manifest, texts);
}

/** A measure from a manifest and the texts of its artefacts, in their order. Throws InvalidConfig on a name that is not there. */
export function buildMeasure(manifest: RunManifest, artefactTexts: readonly string[]): Measure {
  const { content } = manifest;
  const { artefacts: stems } = content.profile;
  const texts = new Map(
    content.artefacts.map(({ kind, stem }, index) => [`${kind}/${stem}`, artefactTexts[index]!]),
  );
  const textOf = (kind: ArtefactKind, stem: string): string => {
    const text = texts.get(`${kind}/${stem}`);
    if (text === undefined)
      throw new NamedError(
        ERROR.invalidConfig,
        `${manifest.manifest_id}: expected artefact ${kind}/${stem}, got none`,
      );
    return text;
  };
  const seeds = new Map(
    seedFileSchema.parse(JSON.parse(textOf('seeds', stems.seeds))).seeds.map((seed) => [seed.seed_id, seed]),
  );
  const phases = phaseFileSchema.parse(JSON.parse(textOf('phases', stems.phases)));
  const named = <T>(value: T | undefined, what: string, name: string): T => {
    if (value === undefined)
      throw new NamedError(
        ERROR.invalidConfig,
        `${manifest.manifest_id}: expected ${what} "${name}", got none of that name`,
      );
    return value;
  };
  return {
    manifest,
    rubric: rubricSchema.parse(JSON.parse(textOf('rubrics', stems.rubric))),
    phases,
    alerts: alertRulesSchema.parse(JSON.parse(textOf('alerts', stems.alerts))),
    heuristics: heuristicsModelSchema.parse(JSON.parse(textOf('heuristics', stems.heuristics))),
    student: studentScriptSchema.parse(JSON.parse(textOf('student', stems.student))),
    judgeTemplate: textOf('prompts/judge', stems.judge_prompt),
    studentTemplate: textOf('prompts/student', stems.student_prompt),
    simulatedBank: textOf('simulated', stems.simulated),
    goldenSet: content.profile.canary.is_on ? textOf('golden', stems.golden_set) : null,
    awsPrices: awsPricesSchema.parse(JSON.parse(textOf('prices', stems.aws_prices))),
    assumptions: costAssumptionsSchema.parse(JSON.parse(textOf('prices', stems.estimates))),
    seeds,
    seed: (seed_id) => named(seeds.get(seed_id), 'seed', seed_id),
    phase: (name) =>
      named(
        phases.profiles.find((phase) => phase.phase === name),
        'phase',
        name,
      ),
    variant: (name) => named(content.profile.variants[name], 'variant', name),
    model: (model_id) =>
      named(
        content.models.find((model) => model.model_id === model_id),
        'model',
        model_id,
      ),
    systemPrompt: (variant) => {
      const { system_prompt: stem } = named(content.profile.variants[variant], 'variant', variant);
      const text = textOf('prompts/system', stem);
      return { text, name: `${stem}@${sha256Hex(text).slice(0, 8)}` };
    },
  };
}

async function artefactText(store: ObjectStore, artefact: Artefact): Promise<string> {
  const bytes = await store.get(artefact.key);
  if (bytes === null || sha256Hex(bytes) !== artefact.sha256) {
    throw new NamedError(
      ERROR.artefactChanged,
      `${artefact.key}: expected the bytes its SHA-256 names, got ${bytes === null ? 'nothing' : 'others'}`,
      {
        hint: 'published files are write-once: restore this one from a copy',
      },
    );
  }
  return decodeUtf8(bytes);
}
