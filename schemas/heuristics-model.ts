import { z } from 'zod';
import { sha256Schema } from './common.ts';

/** What the stage-1 models estimate of a turn. */
export const MODEL_TASKS = ['telling', 'reveals_answer', 'leading', 'builds_on_prior'] as const;
export type ModelTask = (typeof MODEL_TASKS)[number];

/** A list of finite numbers, checked in one pass: zod's own arrays take ten times as long, and these are long. */
const numbers = z.custom<number[]>(
  (value) => Array.isArray(value) && value.every((item) => Number.isFinite(item)),
  'expected a list of numbers',
);

interface ForestNodes {
  roots: number[];
  feature: number[];
  value: number[];
  right: number[];
}

/** Every walk ends: children stand behind their node. */
function isSoundForest({ roots, feature, value, right }: ForestNodes): boolean {
  const n = feature.length;
  return (
    roots.length > 0 &&
    value.length === n &&
    right.length === n &&
    roots.every((root) => Number.isInteger(root) && root >= 0 && root < n) &&
    feature.every((split, node) => split < 0 || (node + 1 < n && right[node]! > node && right[node]! < n))
  );
}

/** A forest, its nodes in one list: a node's left child is the next node, `right` names the other; leaves have feature −1. */
const forestSchema = z
  .strictObject({
    roots: numbers.describe('node at which each tree starts'),
    feature: numbers.describe('dense feature a node splits on; −1 at a leaf'),
    value: numbers.describe('threshold of a split (below or equal goes left); share of positives at a leaf'),
    right: numbers.describe('node of the right child; −1 at a leaf'),
  })
  .refine(isSoundForest, 'expected trees in preorder: children behind their node, within the list');
export type Forest = z.infer<typeof forestSchema>;

const taskModelSchema = z.strictObject({
  bias: z.number(),
  dense_weights: numbers.describe('one a dense feature, on its standardised value'),
  ngram_weights: numbers.describe('one an n-gram of the vocabulary, 0 where unused'),
  forest: forestSchema,
  blend: z
    .strictObject({ bias: z.number(), linear: z.number(), forest: z.number() })
    .describe('logit of the calibrated probability = bias + linear·(linear score) + forest·logit(forest)'),
  threshold: z
    .number()
    .min(0)
    .max(1)
    .describe('probability from which the answer is yes, for every data set'),
});
export type TaskModel = z.infer<typeof taskModelSchema>;

const outOfFoldSchema = z.strictObject({
  task: z.string(),
  dataset: z.string(),
  n: z.number().int(),
  positive_frac: z.number(),
  auc: z.number().describe('mean over repeats of group cross-validation'),
  f1: z.number(),
  accuracy: z.number(),
  ece: z.number().describe('expected calibration error, ten bins'),
  transfer_auc: z.number().nullable().describe('trained on the other sets only; null where there is none'),
});

/** config/heuristics/heuristics-<version>.json: what stage 1 has learned. Written by scripts/train.ts, never by hand. */
export const heuristicsModelSchema = z.strictObject({
  version: z.string(),
  feature_schema_version: z.number().int().describe('features the weights were trained for'),
  trained_on: z
    .array(z.strictObject({ dataset: z.string(), sha256: sha256Schema, n_rows: z.number().int() }))
    .describe('the files, by content'),
  dense_features: z.array(
    z.strictObject({ name: z.string(), mean: z.number(), scale: z.number().positive() }),
  ),
  vocabulary: z.array(z.string()).describe('n-grams; S: marks a word of the student'),
  tasks: z.strictObject(
    Object.fromEntries(MODEL_TASKS.map((task) => [task, taskModelSchema])) as Record<
      ModelTask,
      typeof taskModelSchema
    >,
  ),
  noncompliance: z
    .strictObject({
      per_point: z.number().positive().describe('log odds of a point below the pass mark; set, not learned'),
      bias: z.number(),
      telling: z.number(),
      reveals_answer: z.number(),
    })
    .describe('weights of the risk that a turn is not compliant; see noncomplianceRisk'),
  out_of_fold: z
    .array(outOfFoldSchema)
    .describe('honest figures on the training data: every row scored by models that have not seen its group'),
});
export type HeuristicsModel = z.infer<typeof heuristicsModelSchema>;
