import type { HeuristicResult } from '../../../schemas/heuristic-result.ts';
import {
  MODEL_TASKS,
  type Forest,
  type HeuristicsModel,
  type ModelTask,
  type TaskModel,
} from '../../../schemas/heuristics-model.ts';
import { ERROR } from '../../../schemas/names.ts';
import { NamedError } from '../../errors.ts';
import type { TurnReading } from '../read-turn.ts';
import { denseFeatures, FEATURE_NAMES, FEATURE_SCHEMA_VERSION } from './dense-features.ts';
import { ngramsOf, ngramValue, studentWordsOf } from './ngrams.ts';
import { shapesOf } from './shapes.ts';

export type Probabilities = HeuristicResult['probabilities'];
export type Predictor = (turn: TurnReading) => Probabilities;

/** Standardised values are cut here: one freak feature must not decide. */
export const MAX_DEVIATIONS = 4;
/** Leaf shares are kept off 0 and 1 by this much before the logit. */
const LEAF_MARGIN = 0.01;

/**
 * Prepares the four models. The probability of a task blends a linear model over n-grams, shapes and dense features with a forest
 * over the dense features, calibrated together.
 * @throws NamedError when the artefact was trained for other features.
 */
export function compilePredictor(model: HeuristicsModel): Predictor {
  checkFeatures(model);
  const columns = new Map(model.vocabulary.map((ngram, index): [string, number] => [ngram, index]));
  const means = Float64Array.from(model.dense_features, ({ mean }) => mean);
  const scales = Float64Array.from(model.dense_features, ({ scale }) => scale);
  const linear = compileLinear(model);
  const forests = MODEL_TASKS.map((task) => compileForest(model.tasks[task].forest));
  return (turn) => {
    const dense = denseFeatures(turn);
    const standard = standardise(dense, means, scales);
    const groups = [ngramsOf(turn), studentWordsOf(turn), shapesOf(turn)].map((group) =>
      hits(group, columns),
    );
    const scores = linearScores(linear, standard, groups);
    const probabilities = {} as Record<ModelTask, number>;
    for (const [index, task] of MODEL_TASKS.entries()) {
      const { blend } = model.tasks[task];
      const forest = logit(forestShare(forests[index]!, dense));
      probabilities[task] = sigmoid(blend.bias + blend.linear * scores[index]! + blend.forest * forest);
    }
    return probabilities;
  };
}

const N_TASKS = MODEL_TASKS.length;

/** Weights of all tasks side by side: a feature is looked up once for the four of them. */
interface LinearWeights {
  biases: Float64Array;
  dense: Float64Array;
  ngrams: Float64Array;
}

function compileLinear({ tasks }: HeuristicsModel): LinearWeights {
  const sideBySide = (weightsOf: (task: TaskModel) => readonly number[]): Float64Array => {
    const all = MODEL_TASKS.map((task) => weightsOf(tasks[task]));
    return Float64Array.from(
      { length: N_TASKS * all[0]!.length },
      (_, at) => all[at % N_TASKS]![Math.floor(at / N_TASKS)]!,
    );
  };
  return {
    biases: Float64Array.from(MODEL_TASKS, (task) => tasks[task].bias),
    dense: sideBySide(({ dense_weights }) => dense_weights),
    ngrams: sideBySide(({ ngram_weights }) => ngram_weights),
  };
}

interface Hits {
  columns: number[];
  value: number;
}

function hits(ngrams: ReadonlySet<string>, columns: ReadonlyMap<string, number>): Hits {
  const found: number[] = [];
  for (const ngram of ngrams) {
    const column = columns.get(ngram);
    if (column !== undefined) found.push(column);
  }
  return { columns: found, value: ngramValue(ngrams.size) };
}

/** Score of each task: bias, dense features, and each group of n-grams times its value. */
function linearScores(weights: LinearWeights, standard: Float64Array, groups: readonly Hits[]): Float64Array {
  const scores = Float64Array.from(weights.biases);
  for (let index = 0; index < standard.length; index += 1) {
    const value = standard[index]!;
    for (let task = 0; task < N_TASKS; task += 1)
      scores[task]! += weights.dense[N_TASKS * index + task]! * value;
  }
  const sums = new Float64Array(N_TASKS);
  for (const { columns, value } of groups) {
    sums.fill(0);
    for (const column of columns) {
      for (let task = 0; task < N_TASKS; task += 1) sums[task]! += weights.ngrams[N_TASKS * column + task]!;
    }
    for (let task = 0; task < N_TASKS; task += 1) scores[task]! += value * sums[task]!;
  }
  return scores;
}

/** Standardised dense values, cut at MAX_DEVIATIONS. */
export function standardise(dense: Float64Array, means: Float64Array, scales: Float64Array): Float64Array {
  return dense.map((value, index) => {
    const deviations = (value - (means[index] as number)) / (scales[index] as number);
    return Math.max(-MAX_DEVIATIONS, Math.min(MAX_DEVIATIONS, deviations));
  });
}

/** A forest in typed arrays: half the time of plain ones. */
export interface CompiledForest {
  roots: Int32Array;
  feature: Int16Array;
  value: Float64Array;
  right: Int32Array;
}

export function compileForest({ roots, feature, value, right }: Forest): CompiledForest {
  return {
    roots: Int32Array.from(roots),
    feature: Int16Array.from(feature),
    value: Float64Array.from(value),
    right: Int32Array.from(right),
  };
}

/** Mean share of positives over the trees, 0–1. */
export function forestShare({ roots, feature, value, right }: CompiledForest, dense: Float64Array): number {
  let sum = 0;
  for (let tree = 0; tree < roots.length; tree += 1) {
    let node = roots[tree]!;
    for (let split = feature[node]!; split >= 0; split = feature[node]!) {
      node = dense[split]! <= value[node]! ? node + 1 : right[node]!;
    }
    sum += value[node]!;
  }
  return sum / roots.length;
}

/** Log odds of a share, kept finite. */
export function logit(share: number): number {
  return Math.log((share + LEAF_MARGIN) / (1 - share + LEAF_MARGIN));
}

export function sigmoid(score: number): number {
  return 1 / (1 + Math.exp(-score));
}

function checkFeatures(model: HeuristicsModel): void {
  const names = model.dense_features.map(({ name }) => name);
  const isSame =
    names.length === FEATURE_NAMES.length && names.every((name, index) => name === FEATURE_NAMES[index]);
  if (model.feature_schema_version === FEATURE_SCHEMA_VERSION && isSame) return;
  throw new NamedError(
    ERROR.invalidConfig,
    `heuristics ${model.version}: trained for features ${model.feature_schema_version} (${names.length} dense), this version computes ${FEATURE_SCHEMA_VERSION} (${FEATURE_NAMES.length} dense)`,
    { hint: 'train again: npx tsx scripts/train.ts --data <folder of labelled data>' },
  );
}
