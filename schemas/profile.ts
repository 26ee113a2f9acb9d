import { z } from 'zod';
import {
  artefactStemSchema,
  modelIdSchema,
  phaseSchema,
  slugSchema,
  temperatureSchema,
  usdSchema,
} from './common.ts';

/** A named arm of a profile: prompt A/B, the factorial's arms and an LLM student are variants, never axes of their own. */
export const variantSchema = z.strictObject({
  system_prompt: artefactStemSchema.default('soc-1.2'),
  student: z.enum(['scripted', 'model']).default('scripted'),
  student_model: modelIdSchema.optional().describe('student: model — who plays the student'),
  pad: z
    .enum(['grow', 'prefill'])
    .default('grow')
    .describe('padding spread over the turns, or all at turn 1'),
  pressure: z
    .enum(['on', 'off'])
    .default('on')
    .describe('off removes pressure tactics, decoys and meta questions stay'),
});
export type Variant = z.infer<typeof variantSchema>;

/** What one execution measures and with which artefacts. */
export const profileSchema = z.strictObject({
  title: z.string().min(3).max(200),
  series: slugSchema
    .optional()
    .describe("executions of one series form one time line; default: the profile's name"),
  models: z.array(modelIdSchema).min(1).max(1000),
  temperatures: z.array(z.number().min(0).max(2)).min(1).max(10),
  seeds: z.array(slugSchema).min(1).max(100),
  phases: z.array(phaseSchema).min(1).max(4),
  repeats: z
    .number()
    .int()
    .min(1)
    .max(50)
    .default(1)
    .describe('samples per cell; from 2 on the week prints its noise floor'),
  turns: z
    .number()
    .int()
    .min(3)
    .max(1000)
    .nullable()
    .default(null)
    .describe('cuts every phase to this many turns'),
  variants: z
    .record(slugSchema, variantSchema)
    .refine((value) => Object.keys(value).length > 0, 'expected at least one variant'),
  artefacts: z.strictObject({
    models: artefactStemSchema,
    seeds: artefactStemSchema,
    rubric: artefactStemSchema,
    phases: artefactStemSchema,
    alerts: artefactStemSchema,
    heuristics: artefactStemSchema,
    student: artefactStemSchema,
    simulated: artefactStemSchema,
    judge_prompt: artefactStemSchema,
    student_prompt: artefactStemSchema,
    golden_set: artefactStemSchema,
    aws_prices: artefactStemSchema,
    estimates: artefactStemSchema,
  }),
  judges: z.strictObject({
    primary: modelIdSchema,
    secondary: modelIdSchema.nullable(),
    use_filter: z.boolean().default(true).describe('let calibrated heuristics skip turns'),
  }),
  canary: z.strictObject({ is_on: z.boolean(), max_items: z.number().int().min(1).max(1000) }),
  budget_usd: usdSchema.describe('hard cap when --max-cost-usd is not given'),
  early_stop: z
    .strictObject({
      is_on: z.boolean(),
      below_pts: z.number().min(0).max(10),
      turns: z.number().int().min(1),
    })
    .describe('stop a run whose heuristic moving average stays below for so many turns'),
  concurrency: z.strictObject({
    runs: z.number().int().min(1).max(1000),
    judges: z.number().int().min(1).max(1000),
  }),
});
export type Profile = z.infer<typeof profileSchema>;

/** config/profiles/profiles-<version>.json */
export const profileFileSchema = z.strictObject({
  version: z.string(),
  profiles: z.record(slugSchema, profileSchema),
});

/** Selectors of the command line and the API that change a profile. */
export const overridesSchema = z.strictObject({
  models: z.array(modelIdSchema).min(1).optional(),
  temperatures: z.array(z.number().min(0).max(2)).min(1).optional(),
  seeds: z.array(slugSchema).min(1).optional(),
  phases: z.array(phaseSchema).min(1).optional(),
  turns: z.number().int().min(3).max(1000).optional(),
  repeats: z.number().int().min(1).max(50).optional(),
});
export type Overrides = z.infer<typeof overridesSchema>;

/** One cell of the matrix: every axis, nothing else. */
export const cellSchema = z.object({
  model: modelIdSchema,
  variant: slugSchema,
  temperature: temperatureSchema,
  seed_id: slugSchema,
  phase: phaseSchema,
  repeat: z.number().int().min(1).describe('1-based sample of the cell'),
});
export type Cell = z.infer<typeof cellSchema>;
