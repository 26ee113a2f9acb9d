import { FEATURE_NAMES, FEATURE_SCHEMA_VERSION } from '../../core/heuristics/model/dense-features.ts';
import type { Probabilities } from '../../core/heuristics/model/predict.ts';
import {
  aucIntervals,
  aucOf,
  atThreshold,
  calibrationCurve,
  calibrationError,
  type CalibrationBin,
  type Interval,
  type Judged,
} from '../../core/validity/classification.ts';
import {
  MODEL_TASKS,
  type HeuristicsModel,
  type ModelTask,
  type TaskModel,
} from '../../schemas/heuristics-model.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import { rankResponders, type ResponderRanking } from '../../core/validity/rank-responders.ts';
import { blended, chooseThreshold, fitBlend, fitNoncompliance, verdictOf } from './calibrate.ts';
import { crossValidate, transfer, type HeldOutScore } from './cross-validate.ts';
import type { Example } from './examples.ts';
import { fitTask, scalingOf, type FittedTask, type Scaling } from './fit-task.ts';
import { TRAINING } from './settings.ts';

/** Figures of one task on one set, every row scored by models that have not seen its group. */
export interface ReportRow {
  task: ModelTask;
  dataset: string;
  n: number;
  positive_frac: number;
  /** Mean over the repeats. */
  auc: number;
  /** Of the first repeat, by group bootstrap. */
  interval: Interval | null;
  f1: number;
  accuracy: number;
  ece: number;
  transfer_auc: number | null;
}
export interface TrainingReport {
  rows: ReportRow[];
  /** Calibration over all sets of a task. */
  curves: Record<ModelTask, CalibrationBin[]>;
  thresholds: Record<ModelTask, number>;
  blends: Record<ModelTask, TaskModel['blend']>;
  noncompliance: HeuristicsModel['noncompliance'];
  /** By held-out probabilities; null where no set names responders. */
  ranking: ResponderRanking | null;
}

export interface TrainingInput {
  version: string;
  trained_on: HeuristicsModel['trained_on'];
  examples: readonly Example[];
  rubric: Rubric;
}

/** Cross-validates, calibrates, then fits on everything. */
export function trainModel({ version, trained_on, examples, rubric }: TrainingInput): {
  model: HeuristicsModel;
  report: TrainingReport;
} {
  const scaling = scalingOf(examples);
  const rows: ReportRow[] = [];
  const curves = {} as TrainingReport['curves'];
  const held = {} as Record<ModelTask, HeldOutScore[]>;
  const calibrations = {} as Record<ModelTask, Pick<TaskModel, 'blend' | 'threshold'>>;
  const fitted = {} as Record<ModelTask, FittedTask>;
  for (const task of MODEL_TASKS) {
    const scores = crossValidate(task, examples, scaling);
    const blend = fitBlend(task, scores);
    const threshold = chooseThreshold(task, blend, scores);
    held[task] = scores;
    calibrations[task] = { blend, threshold };
    curves[task] = calibrationCurve(judgedOf(task, blend, scores, 0));
    for (const dataset of datasetsOf(task, examples)) {
      rows.push(reportRow(task, dataset, { blend, threshold }, scores, examples, scaling));
    }
    fitted[task] = fitTask(task, examples, scaling, 'final');
  }
  const vocabulary = [...new Set(MODEL_TASKS.flatMap((task) => [...fitted[task].columns.keys()]))].sort();
  const tasks = Object.fromEntries(
    MODEL_TASKS.map((task) => [task, exported(fitted[task], calibrations[task], vocabulary)]),
  ) as HeuristicsModel['tasks'];
  const heldOut = heldProbabilities(examples, held, calibrations);
  const noncompliance = fitNoncompliance(heldOut, tasks, rubric);
  const ranking = rankResponders(
    'all sets',
    heldOut.map(({ example, probabilities }) => ({
      row: example.row,
      estimate: probabilities.reveals_answer,
    })),
  );
  const model: HeuristicsModel = {
    version,
    feature_schema_version: FEATURE_SCHEMA_VERSION,
    trained_on,
    dense_features: FEATURE_NAMES.map((name, index) => ({
      name,
      mean: scaling.means[index]!,
      scale: scaling.scales[index]!,
    })),
    vocabulary,
    tasks,
    noncompliance,
    out_of_fold: rows.map(figuresOf),
  };
  const per = <T>(pick: (calibration: Pick<TaskModel, 'blend' | 'threshold'>) => T) =>
    Object.fromEntries(MODEL_TASKS.map((task) => [task, pick(calibrations[task])])) as Record<ModelTask, T>;
  return {
    model,
    report: {
      rows,
      curves,
      thresholds: per((c) => c.threshold),
      blends: per((c) => c.blend),
      noncompliance,
      ranking,
    },
  };
}

function reportRow(
  task: ModelTask,
  dataset: string,
  { blend, threshold }: Pick<TaskModel, 'blend' | 'threshold'>,
  scores: readonly HeldOutScore[],
  examples: readonly Example[],
  scaling: Scaling,
): ReportRow {
  const own = scores.filter(({ example }) => example.row.dataset === dataset);
  const repeats = Array.from({ length: TRAINING.repeats }, (_, repeat) => judgedOf(task, blend, own, repeat));
  const mean = (figure: (items: readonly Judged[]) => number | null): number =>
    repeats.reduce((sum, items) => sum + (figure(items) ?? 0), 0) / repeats.length;
  const first = repeats[0] ?? [];
  const { each } = aucIntervals([first], {
    seed: `train:${task}:${dataset}`,
    draws: TRAINING.bootstrap_draws,
  });
  const transferred = transfer(task, dataset, examples, scaling);
  return {
    task,
    dataset,
    n: first.length,
    positive_frac: first.filter(({ verdict }) => verdict).length / first.length,
    auc: mean(aucOf),
    interval: each[0] ?? null,
    f1: mean((items) => atThreshold(items, threshold).f1),
    accuracy: mean((items) => atThreshold(items, threshold).accuracy),
    ece: mean(calibrationError),
    transfer_auc: transferred.length === 0 ? null : aucOf(judgedOf(task, blend, transferred, 0)),
  };
}

function judgedOf(
  task: ModelTask,
  blend: TaskModel['blend'],
  scores: readonly HeldOutScore[],
  repeat: number,
): Judged[] {
  const judged: Judged[] = [];
  for (const score of scores) {
    const verdict = verdictOf(task, score.example);
    if (score.repeat !== repeat || verdict === null) continue;
    judged.push({ group: score.example.group, score: blended(blend, score), verdict });
  }
  return judged;
}

function datasetsOf(task: ModelTask, examples: readonly Example[]): string[] {
  const sets = examples.filter((example) => verdictOf(task, example) !== null).map(({ row }) => row.dataset);
  return [...new Set(sets)].sort();
}

/** Probabilities of each example by models of the first repeat that have not seen its group. */
function heldProbabilities(
  examples: readonly Example[],
  held: Record<ModelTask, readonly HeldOutScore[]>,
  calibrations: Record<ModelTask, Pick<TaskModel, 'blend' | 'threshold'>>,
): { example: Example; probabilities: Probabilities }[] {
  const known = new Map<Example, Probabilities>(
    examples.map((example) => [example, { telling: 0, reveals_answer: 0, leading: 0, builds_on_prior: 0 }]),
  );
  for (const task of MODEL_TASKS) {
    for (const score of held[task]) {
      if (score.repeat === 0) known.get(score.example)![task] = blended(calibrations[task].blend, score);
    }
  }
  return [...known].map(([example, probabilities]) => ({ example, probabilities }));
}

/** A task's weights as the artefact holds them: rounded, the vocabulary in common order. */
function exported(
  { linear, forest, columns }: FittedTask,
  { blend, threshold }: Pick<TaskModel, 'blend' | 'threshold'>,
  vocabulary: readonly string[],
): TaskModel {
  return {
    bias: round4(linear.bias),
    dense_weights: FEATURE_NAMES.map((_, index) => round4(linear.weights[index]! * TRAINING.dense_scale)),
    ngram_weights: vocabulary.map((ngram) => {
      const column = columns.get(ngram);
      return column === undefined ? 0 : Math.round(linear.weights[column]! * 1000) / 1000;
    }),
    forest,
    blend,
    threshold,
  };
}

/** A row as the artefact keeps it: rounded, without the interval. */
function figuresOf(row: ReportRow): HeuristicsModel['out_of_fold'][number] {
  return {
    task: row.task,
    dataset: row.dataset,
    n: row.n,
    positive_frac: round4(row.positive_frac),
    auc: round4(row.auc),
    f1: round4(row.f1),
    accuracy: round4(row.accuracy),
    ece: round4(row.ece),
    transfer_auc: row.transfer_auc === null ? null : round4(row.transfer_auc),
  };
}

function round4(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
