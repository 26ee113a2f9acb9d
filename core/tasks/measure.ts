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
  /** Raw text of the first artefact of a kind. */
  text(kind: ArtefactKind): string;
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
  const { content } = manifest;
  const texts = new Map<string, string>();
  await Promise.all(
    content.artefacts.map(async (artefact) =>
      texts.set(`${artefact.kind}/${artefact.stem}`, await artefactText(store, artefact)),
    ),
  );
  const artefactOf = (kind: ArtefactKind): Artefact => {
    const artefact = content.artefacts.find((candidate) => candidate.kind === kind);
    if (artefact === undefined)
      throw new NamedError(
        ERROR.artefactChanged,
        `${manifest_key}: expected an artefact of kind ${kind}, got none`,
      );
    return artefact;
  };
  const text = (kind: ArtefactKind): string => {
    const { stem } = artefactOf(kind);
    return texts.get(`${kind}/${stem}`)!;
  };
  const seeds = new Map(
    seedFileSchema.parse(JSON.parse(text('seeds'))).seeds.map((seed) => [seed.seed_id, seed]),
  );
  const phases = phaseFileSchema.parse(JSON.parse(text('phases')));
  return {
    manifest,
    rubric: rubricSchema.parse(JSON.parse(text('rubrics'))),
    phases,
    alerts: alertRulesSchema.parse(JSON.parse(text('alerts'))),
    heuristics: heuristicsModelSchema.parse(JSON.parse(text('heuristics'))),
    student: studentScriptSchema.parse(JSON.parse(text('student'))),
    judgeTemplate: text('prompts/judge'),
    studentTemplate: text('prompts/student'),
    seed: (seed_id) => found(seeds.get(seed_id), 'seed', seed_id, manifest_key),
    phase: (name) =>
      found(
        phases.profiles.find((phase) => phase.phase === name),
        'phase',
        name,
        manifest_key,
      ),
    variant: (name) => found(content.profile.variants[name], 'variant', name, manifest_key),
    model: (model_id) =>
      found(
        content.models.find((model) => model.model_id === model_id),
        'model',
        model_id,
        manifest_key,
      ),
    systemPrompt: (variant) => {
      const stem = found(content.profile.variants[variant], 'variant', variant, manifest_key).system_prompt;
      const prompt = texts.get(`prompts/system/${stem}`)!;
      return { text: prompt, name: `${stem}@${sha256Hex(prompt).slice(0, 8)}` };
    },
    text,
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

function found<T>(value: T | undefined, what: string, name: string, manifest_key: string): T {
  if (value === undefined)
    throw new NamedError(
      ERROR.invalidConfig,
      `${manifest_key}: expected ${what} "${name}", got none of that name`,
    );
  return value;
}
