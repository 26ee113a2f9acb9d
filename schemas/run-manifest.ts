import { z } from 'zod';
import { artefactStemSchema, manifestIdSchema, sha256Schema, slugSchema } from './common.ts';
import { modelConfigSchema } from './model-config.ts';
import { profileSchema } from './profile.ts';

export const ARTEFACT_KINDS = [
  'models',
  'seeds',
  'rubrics',
  'phases',
  'alerts',
  'heuristics',
  'profiles',
  'simulated',
  'student',
  'prompts/system',
  'prompts/judge',
  'prompts/student',
  'golden',
  'prices',
] as const;
export type ArtefactKind = (typeof ARTEFACT_KINDS)[number];

export const artefactSchema = z.object({
  kind: z.enum(ARTEFACT_KINDS),
  stem: artefactStemSchema,
  key: z.string().describe('lake key it is published under'),
  sha256: sha256Schema.describe('of its bytes'),
});
export type Artefact = z.infer<typeof artefactSchema>;

/**
 * Everything an execution depends on, content-addressed. `manifest_id` and `manifest_sha256` are computed over the
 * canonical JSON (RFC 8785) of `content`; time is no part of it.
 */
export const manifestContentSchema = z.object({
  schema_version: z.number().int(),
  measure_version: z.number().int(),
  measure_sha256: sha256Schema.describe(
    'over what can change a score: rubric, seeds, phases, prompts, student, heuristics, simulated bank, judges',
  ),
  profile_name: slugSchema,
  series: slugSchema,
  profile: profileSchema.describe('the matrix with all overrides applied'),
  models: z
    .array(modelConfigSchema)
    .describe('tutors, judges and student models in use, with the price table of the day'),
  artefacts: z.array(artefactSchema),
});
export const runManifestSchema = z.object({
  manifest_id: manifestIdSchema,
  manifest_sha256: sha256Schema,
  content: manifestContentSchema,
});
export type ManifestContent = z.infer<typeof manifestContentSchema>;
export type RunManifest = z.infer<typeof runManifestSchema>;
