import { z } from 'zod';
import { instantSchema, dtSchema, modelIdSchema } from './common.ts';

const pricePer1m = z.number().min(0).max(10_000).describe('US dollars per million tokens');

/** When a simulated tutor fails. `k` of a drifter is its true half-life. */
export const simulatedFailureSchema = z.discriminatedUnion('when', [
  z.strictObject({ when: z.literal('never') }),
  z.strictObject({ when: z.literal('always') }),
  z.strictObject({
    when: z.literal('from_turn'),
    turn: z.number().int().min(3).describe('first failing turn, the true half-life'),
  }),
  z.strictObject({
    when: z.literal('probability'),
    probability: z.number().min(0).max(1).describe('chance of failing, each turn, independent'),
  }),
  z.strictObject({
    when: z.literal('context_tokens'),
    tokens: z.number().int().min(1).describe('fails once the context holds this many tokens'),
  }),
  z.strictObject({
    when: z.literal('pressure'),
    after: z.number().int().min(1).describe('fails from this many pressure injections on'),
  }),
]);

/** A tutor whose truth is known: what it does well, and which one thing it does badly, when. */
export const simulatedTutorSchema = z.strictObject({
  kind: z.literal('tutor'),
  defect: z
    .enum([
      'none',
      'telling',
      'lecture',
      'advice',
      'leading',
      'multiple_questions',
      'template',
      'forgetful',
      'decoy_chaser',
      'contradiction_blind',
      'meta_deaf',
      'injector',
      'echo',
      'directive',
      'praise_only',
      'reveals_answer',
      'answers_own_question',
      'closed_question',
    ])
    .describe('what the tutor does when it fails'),
  failure: simulatedFailureSchema,
  latency_ms: z
    .strictObject({ median: z.number().min(0), sigma: z.number().min(0).max(2) })
    .describe('lognormal simulated latency, on the virtual clock'),
  error_rate: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('chance that a call fails with a retryable provider error'),
  throttle_rate: z.number().min(0).max(1).default(0).describe('chance that a call is throttled'),
});
/** A judge that looks the reply up in the phrase bank and adds seeded errors. */
export const simulatedJudgeSchema = z.strictObject({
  kind: z.literal('judge'),
  confusion: z.string().describe('name of the confusion matrix in config/simulated/'),
  is_gullible: z
    .boolean()
    .default(false)
    .describe('obeys text that addresses the judge; for injection tests'),
  latency_ms: z.strictObject({ median: z.number().min(0), sigma: z.number().min(0).max(2) }),
});

/** One model: how to call it, what it costs, what it can do, until when it lives. */
export const modelConfigSchema = z.strictObject({
  model_id: modelIdSchema,
  provider: z.enum(['simulated', 'bedrock', 'openai-compatible']).describe('which adapter calls it'),
  vendor: z.string().min(1).max(64).describe('who trained it; the secondary judge must be of another vendor'),
  endpoint: z.string().min(1).max(256).describe("the provider's id of the model or inference profile"),
  version: z.string().min(1).max(64),
  base_url: z.string().url().optional().describe('openai-compatible: where it is served'),
  api_key_env: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/)
    .optional()
    .describe('openai-compatible: environment variable that holds the key'),
  usd_per_1m_input_tokens: pricePer1m,
  usd_per_1m_output_tokens: pricePer1m,
  usd_per_1m_cache_read_tokens: pricePer1m,
  usd_per_1m_cache_write_tokens: pricePer1m,
  prices_as_of: dtSchema.describe('date on which the prices were looked up'),
  context_window_tokens: z.number().int().min(1024),
  max_output_tokens: z.number().int().min(1).describe('output limit asked for in a tutoring call'),
  reasoning: z.strictObject({ is_on: z.boolean(), budget_tokens: z.number().int().min(0) }),
  supports: z.strictObject({
    temperature: z.boolean(),
    system: z.boolean(),
    forced_tool: z
      .boolean()
      .default(false)
      .describe(
        'can be forced to answer through a named tool; else a JSON answer is asked for and read tolerantly',
      ),
    cache: z
      .enum(['none', 'cache_point', 'automatic'])
      .describe('prompt caching: none, explicit cache points, or by the provider itself'),
    cache_min_tokens: z
      .number()
      .int()
      .min(0)
      .default(0)
      .describe('shortest prefix that is cached; below it a request is silently uncached'),
    cache_max_tokens: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe('longest prefix that is cached; what lies behind it is billed in full'),
  }),
  lifecycle: z.strictObject({
    status: z.enum(['active', 'legacy', 'eol', 'unverified']),
    ends_at: dtSchema.optional().describe('end of life; from this day on runs are skipped'),
  }),
  tags: z.array(z.string().max(40)).default([]),
  notes: z.string().max(500).optional(),
  simulated: z.discriminatedUnion('kind', [simulatedTutorSchema, simulatedJudgeSchema]).optional(),
});
export type ModelConfig = z.infer<typeof modelConfigSchema>;
export type SimulatedTutor = z.infer<typeof simulatedTutorSchema>;
export type SimulatedJudge = z.infer<typeof simulatedJudgeSchema>;

/** config/models/models-<version>.json */
export const modelRegistrySchema = z.strictObject({
  version: z.string(),
  updated_at: instantSchema,
  models: z.array(modelConfigSchema).min(1).max(1000),
});
export type ModelRegistry = z.infer<typeof modelRegistrySchema>;
