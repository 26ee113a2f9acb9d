import { z } from 'zod';

/** Scalars shared by the records. Each carries its unit or range in the description, which feeds docs and Glue comments. */
const text = (max: number) => z.string().min(1).max(max);

export const modelIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'expected a path-safe name matching ^[a-z0-9][a-z0-9._-]{0,63}$')
  .describe("our own path-safe name of a model; the provider's id is `endpoint`");
export const slugSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'expected lower-case letters, digits, ".", "_" or "-", 64 at most');
export const executionIdSchema = z
  .string()
  .regex(
    /^[0-9A-Za-z][0-9A-Za-z_-]{0,79}$/,
    'expected 1-80 of 0-9 A-Z a-z _ - (a Step Functions execution name)',
  )
  .describe('names one execution of the benchmark; every record carries it');
export const runIdSchema = z
  .string()
  .regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'expected a ULID')
  .describe('ULID of the run, deterministic in manifest, execution and cell');
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits');
export const weekSchema = z
  .string()
  .regex(/^\d{4}-W\d{2}$/, 'expected an ISO week such as 2026-W47')
  .describe('ISO week of the scheduled start, with the ISO year');
export const dtSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'expected YYYY-MM-DD')
  .describe('UTC date of the scheduled start');
export const instantSchema = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/,
    'expected UTC ISO-8601, e.g. 2026-11-16T03:00:00Z',
  );
export const manifestIdSchema = z
  .string()
  .regex(/^manifest_\d{8}_[0-9a-f]{8}$/, 'expected manifest_<YYYYMMDD>_<hash8>');
export const artefactStemSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,95}$/, 'expected <name>-<version>')
  .describe('<name>-<version> of a config artefact, without folder and ending');

export const PHASES = ['P0', 'P1', 'P2', 'P3'] as const;
export const phaseSchema = z.enum(PHASES).describe('load profile P0 (2K tokens) to P3 (128K tokens)');
export type Phase = z.infer<typeof phaseSchema>;

export const VECTORS = ['elenchus', 'maieutics', 'aporia', 'irony', 'dialectic'] as const;
export const vectorSchema = z.enum(VECTORS).describe('Socratic vector of the seed');
export const TEST_TYPES = ['consistency', 'complexity', 'ambiguity', 'interrupt', 'fidelity'] as const;
export const testTypeSchema = z.enum(TEST_TYPES).describe('what the seed tests');

export const usdSchema = z.number().min(0).describe('US dollars');
export const countSchema = z.number().int().min(0);
export const fracSchema = z.number().min(0).max(1);
export const ptsSchema = z.number().min(0).max(10);
export const turnIndexSchema = z.number().int().min(1).max(1000).describe('1-based turn within the run');
export const temperatureSchema = z
  .number()
  .min(0)
  .max(2)
  .nullable()
  .describe('sampling temperature; null when the model takes none');

/** The nine criteria of the rubric, three a dimension; both scoring stages fill the same nine. */
export const CRITERIA = {
  form: ['open_ended', 'single_question', 'grammatical'],
  substance: ['probing_depth', 'relevance', 'builds_on_prior'],
  purity: ['non_directive', 'no_advice', 'no_leading'],
} as const;
export const CRITERION_NAMES = [...CRITERIA.form, ...CRITERIA.substance, ...CRITERIA.purity] as const;
export type CriterionName = (typeof CRITERION_NAMES)[number];

/** Closed list of violations (spec 3.2). */
export const VIOLATIONS = [
  'no_question',
  'multiple_questions',
  'closed_question',
  'leading_question',
  'advice',
  'directive',
  'telling',
  'reveals_answer',
  'lecture',
  'answers_own_question',
  'praise_only',
  'ignores_student',
  'follows_decoy',
  'refusal',
  'empty',
] as const;
export const violationSchema = z.enum(VIOLATIONS);
export type Violation = z.infer<typeof violationSchema>;

export const criteriaSchema = z
  .object({
    open_ended: ptsSchema.describe('invites more than yes, no or one fact'),
    single_question: ptsSchema.describe('asks one question at a time'),
    grammatical: ptsSchema.describe('well-formed and readable'),
    probing_depth: ptsSchema.describe('goes to reasons, assumptions, implications'),
    relevance: ptsSchema.describe("stays with the student's subject and goal"),
    builds_on_prior: ptsSchema.describe('takes up what the student just said'),
    non_directive: ptsSchema.describe('does not tell, instruct or lecture'),
    no_advice: ptsSchema.describe('offers no advice, tips or solutions'),
    no_leading: ptsSchema.describe('does not put the answer into the question'),
  })
  .describe('nine criteria, 0–10 each');
export type Criteria = z.infer<typeof criteriaSchema>;

/** Stop reasons of a model reply, one vocabulary over all providers. */
export const STOP_REASONS = [
  'end',
  'length',
  'filtered',
  'refusal',
  'context_overflow',
  'abstained',
] as const;
export const stopReasonSchema = z.enum(STOP_REASONS);
export type StopReason = z.infer<typeof stopReasonSchema>;

export const usageSchema = z.object({
  input_tokens: countSchema.describe('input tokens billed at the full price; excludes cached tokens'),
  output_tokens: countSchema.describe('output tokens, hidden reasoning included'),
  cache_read_tokens: countSchema.describe('input tokens read from the prompt cache'),
  cache_write_tokens: countSchema.describe('input tokens written to the prompt cache'),
});
export type Usage = z.infer<typeof usageSchema>;

export const titleSchema = text(200);
export const paragraphSchema = text(4000);
