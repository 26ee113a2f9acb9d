import { FEATURE_NAMES } from '../../core/heuristics/model/dense-features.ts';
import { ngramValue } from '../../core/heuristics/model/ngrams.ts';
import {
  compileForest,
  forestShare,
  logit,
  standardise,
  type CompiledForest,
} from '../../core/heuristics/model/predict.ts';
import {
  fitLogistic,
  scoreRow,
  type LogisticModel,
  type SparseRow,
} from '../../core/validity/logistic-regression.ts';
import type { Forest, ModelTask } from '../../schemas/heuristics-model.ts';
import type { Example } from './examples.ts';
import { growForest } from './extra-trees.ts';
import { TRAINING } from './settings.ts';

/** Mean and spread of the dense features over all training rows. */
export interface Scaling {
  means: Float64Array;
  scales: Float64Array;
}

/** The two models of a task before they are blended. */
export interface FittedTask {
  task: ModelTask;
  /** N-gram → column behind the dense ones. */
  columns: ReadonlyMap<string, number>;
  linear: LogisticModel;
  forest: Forest;
  compiled: CompiledForest;
  scaling: Scaling;
}

/** One leaf at one half: log odds 0, no say. */
const NO_FOREST: Forest = { roots: [0], feature: [-1], value: [0.5], right: [-1] };

export function scalingOf(examples: readonly Example[]): Scaling {
  const means = new Float64Array(FEATURE_NAMES.length);
  const scales = new Float64Array(FEATURE_NAMES.length);
  for (const { dense } of examples)
    for (const [index, value] of dense.entries()) means[index]! += value / examples.length;
  for (const { dense } of examples) {
    for (const [index, value] of dense.entries())
      scales[index]! += (value - means[index]!) ** 2 / examples.length;
  }
  // Rounded as the artefact stores them, so that training and inference see the same numbers.
  return {
    means: means.map(round5),
    scales: scales.map((variance) => Math.max(0.001, round5(Math.sqrt(variance)))),
  };
}

/** Fits both models of a task on the rows that say something of it. */
export function fitTask(
  task: ModelTask,
  examples: readonly Example[],
  scaling: Scaling,
  seed: string,
): FittedTask {
  const rows = examples.filter((example) => example.targets[task] !== null);
  const columns = vocabularyOf(task, rows);
  const targets = rows.map((example) => example.targets[task]?.share ?? 0);
  const row_weights = weightsOf(rows);
  const linear = fitLogistic({
    rows: rows.map((example) => designRow(task, example, columns, scaling)),
    n_columns: FEATURE_NAMES.length + columns.size,
    targets,
    row_weights,
    l2: TRAINING.l2[task],
  });
  const max_leaves = TRAINING.forest.max_leaves[task];
  const forest =
    max_leaves === null
      ? NO_FOREST
      : growForest(
          { rows: rows.map(({ dense }) => dense), targets, row_weights },
          { ...TRAINING.forest, max_leaves, seed: `${seed}:${task}` },
        );
  return { task, columns, linear, forest, compiled: compileForest(forest), scaling };
}

/** Scores of one example: log odds of the linear model and of the forest. */
export function scoreExample(fitted: FittedTask, example: Example): { linear: number; forest: number } {
  const row = designRow(fitted.task, example, fitted.columns, fitted.scaling);
  return { linear: scoreRow(fitted.linear, row), forest: logit(forestShare(fitted.compiled, example.dense)) };
}

function vocabularyOf(task: ModelTask, rows: readonly Example[]): Map<string, number> {
  const groups = new Map<string, Set<string>>();
  for (const example of rows) {
    for (const ngram of groupsFor(task, example).flat()) {
      const seen = groups.get(ngram);
      if (seen === undefined) groups.set(ngram, new Set([example.group]));
      else if (seen.size < TRAINING.min_groups) seen.add(example.group);
    }
  }
  const kept = [...groups].filter(([, seen]) => seen.size >= TRAINING.min_groups).map(([ngram]) => ngram);
  return new Map(kept.sort().map((ngram, index): [string, number] => [ngram, FEATURE_NAMES.length + index]));
}

/** What the linear model of a task reads, by where it comes from; each group is brought to the same length. */
function groupsFor(task: ModelTask, { ngrams, student_words, shapes }: Example): (readonly string[])[] {
  return TRAINING.student_words[task] ? [ngrams, shapes, student_words] : [ngrams, shapes];
}

/** Weight n^−½ of its set, mean 1. */
function weightsOf(rows: readonly Example[]): number[] {
  const counts = new Map<string, number>();
  for (const { row } of rows) counts.set(row.dataset, (counts.get(row.dataset) ?? 0) + 1);
  const raw = rows.map(({ row }) => (counts.get(row.dataset) ?? 1) ** -TRAINING.dataset_weight_power);
  const mean = raw.reduce((sum, weight) => sum + weight, 0) / raw.length;
  return raw.map((weight) => weight / mean);
}

function designRow(
  task: ModelTask,
  example: Example,
  columns: ReadonlyMap<string, number>,
  { means, scales }: Scaling,
): SparseRow {
  const at: number[] = [];
  const values: number[] = [];
  for (const [index, value] of standardise(example.dense, means, scales).entries()) {
    at.push(index);
    values.push(value * TRAINING.dense_scale);
  }
  for (const group of groupsFor(task, example)) {
    const value = ngramValue(group.length);
    for (const ngram of group) {
      const column = columns.get(ngram);
      if (column === undefined) continue;
      at.push(column);
      values.push(value);
    }
  }
  return { columns: Int32Array.from(at), values: Float64Array.from(values) };
}

function round5(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}
