import { z } from 'zod';
import { CRITERION_NAMES, instantSchema, slugSchema, violationSchema } from './common.ts';
import { calibrationItemSchema } from './calibration-item.ts';

export const LABEL_QUEUES = ['golden', 'audit'] as const;
export const labelQueueSchema = z
  .enum(LABEL_QUEUES)
  .describe('golden: candidates for the next golden set; audit: the weekly audit queue');
export type LabelQueue = z.infer<typeof labelQueueSchema>;

export const raterSchema = slugSchema.describe('who labels: a name of their own choice');
export const labelItemIdSchema = calibrationItemSchema.shape.item_id;

/** What a rater sees of a turn: no model, no judge, no score. labels/_candidates/<item_id>.json holds those sent by hand. */
export const candidateSchema = calibrationItemSchema.pick({
  item_id: true,
  domain: true,
  goal: true,
  reference_answer: true,
  context: true,
  tutor_text: true,
  source: true,
});
export type Candidate = z.infer<typeof candidateSchema>;

/** labels/<rater>/<session>/000.json: what a session asks, in which order. */
export const labelSessionSchema = z.object({
  rater: raterSchema,
  session: slugSchema,
  queue: labelQueueSchema,
  kind: z.enum(['labels', 'adjudication']),
  created_at: instantSchema,
  items: z
    .array(
      z.object({
        item_id: labelItemIdSchema,
        is_repeat: z.boolean().describe('shown a second time, to see how far the rater agrees with themself'),
      }),
    )
    .min(1),
});
export type LabelSession = z.infer<typeof labelSessionSchema>;

const markSchema = z.number().int().min(0).max(5);
export const labelMarksSchema = z
  .strictObject(
    Object.fromEntries(CRITERION_NAMES.map((name) => [name, markSchema])) as Record<
      (typeof CRITERION_NAMES)[number],
      typeof markSchema
    >,
  )
  .describe('nine marks 0–5, the judge’s scale');
export type LabelMarks = z.infer<typeof labelMarksSchema>;

const position = z.number().int().min(0).describe('of the item in its session, from 0');
const labelActionSchema = z.strictObject({
  action: z.literal('label'),
  position,
  marks: labelMarksSchema,
  violations: z.array(violationSchema).max(15),
});
const skipActionSchema = z.strictObject({
  action: z.literal('skip'),
  position,
  reason: z.string().min(1).max(400),
});
const undoActionSchema = z.strictObject({ action: z.literal('undo') });

/** What a rater does: marks an item, skips it with a reason, or takes the last of those back. */
export const labelActionRequestSchema = z.discriminatedUnion('action', [
  labelActionSchema,
  skipActionSchema,
  undoActionSchema,
]);
export type LabelActionRequest = z.infer<typeof labelActionRequestSchema>;

const recordSchema = z.object({
  rater: raterSchema,
  session: slugSchema,
  seq: z.number().int().min(1).describe('number of the record in its session'),
  at: instantSchema,
});
/** labels/<rater>/<session>/<NNN>.json: one act of a rater, write-once; an undo is one more. */
export const labelRecordSchema = z.discriminatedUnion('action', [
  z.object({ ...recordSchema.shape, ...labelActionSchema.shape, item_id: labelItemIdSchema }),
  z.object({ ...recordSchema.shape, ...skipActionSchema.shape, item_id: labelItemIdSchema }),
  z.object({ ...recordSchema.shape, ...undoActionSchema.shape, undoes: z.number().int().min(1) }),
]);
export type LabelRecord = z.infer<typeof labelRecordSchema>;

/** What the page shows: the item to mark, blind, and how far the session is. */
export const sessionViewSchema = z.object({
  rater: raterSchema,
  session: slugSchema,
  queue: labelQueueSchema,
  kind: z.enum(['labels', 'adjudication']),
  n_items: z.number().int(),
  n_done: z.number().int(),
  can_undo: z.boolean(),
  position: z.number().int().nullable().describe('null when the session is done'),
  item: candidateSchema.omit({ source: true, domain: true }).nullable(),
  opinions: z
    .array(z.object({ marks: labelMarksSchema, violations: z.array(violationSchema) }))
    .describe('adjudication only: what the raters gave, without their names'),
});
export type SessionView = z.infer<typeof sessionViewSchema>;

const estimate = z
  .object({
    value: z.number(),
    ci_low: z.number().nullable(),
    ci_high: z.number().nullable(),
    n: z.number().int(),
  })
  .nullable();
/** Statistics of a queue's labels; a figure without data is null. Intervals: percentile bootstrap over items. */
export const labelStatisticsSchema = z.object({
  queue: labelQueueSchema,
  n_items: z.number().int().describe('items with at least one label'),
  n_labels: z.number().int(),
  n_double: z.number().int().describe('items that two raters labelled'),
  double_frac: z.number().nullable(),
  n_to_adjudicate: z.number().int(),
  alpha: estimate.describe('Krippendorff’s α of the score, interval'),
  raters_mae_pts: estimate.describe('mean absolute difference of two raters on one item'),
  self_mae_pts: estimate.describe('the same rater, shown the item again'),
  by_criterion: z.array(
    z.object({
      criterion: z.enum(CRITERION_NAMES),
      n_pairs: z.number().int(),
      kappa: z.number().nullable().describe('quadratic weighted κ over pairs of raters, marks 0–5'),
      alpha: z.number().nullable(),
    }),
  ),
  by_rater: z.array(
    z.object({
      rater: raterSchema,
      n_labels: z.number().int(),
      bias_pts: z.number().nullable().describe('own score − mean of the others on the same item'),
    }),
  ),
  judge: z
    .object({
      n: z.number().int(),
      kappa: z
        .number()
        .nullable()
        .describe('quadratic weighted κ over whole points, judge against consensus'),
      mae_pts: estimate,
      bias_pts: estimate.describe('judge − consensus'),
    })
    .nullable(),
  corrections: z
    .object({ n_labels: z.number().int(), n_needed: z.number().int(), note: z.string() })
    .nullable()
    .describe('audit only: labels on turns drawn at random, which may correct a mean'),
});
export type LabelStatistics = z.infer<typeof labelStatisticsSchema>;
