import { judgeReading, riskInputs } from '../../core/heuristics/judge-reading.ts';
import { sigmoid, type Probabilities } from '../../core/heuristics/model/predict.ts';
import { fitLogistic, type SparseRow } from '../../core/validity/logistic-regression.ts';
import type { HeuristicsModel, ModelTask, TaskModel } from '../../schemas/heuristics-model.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import type { HeldOutScore } from './cross-validate.ts';
import type { Example } from './examples.ts';
import { TRAINING } from './settings.ts';

type Blend = TaskModel['blend'];

/** A trace of penalty keeps a separable calibration finite. */
const CALIBRATION_L2 = 0.01;

/**
 * Platt scaling over both models at once, on held-out scores pooled over the sets: how much each is worth, and the
 * probability it stands for. A model that would count negatively is left out.
 */
export function fitBlend(task: ModelTask, scores: readonly HeldOutScore[]): Blend {
  const judged = scores.filter(({ example }) => verdictOf(task, example) !== null);
  const targets = judged.map(({ example }) => (verdictOf(task, example) === true ? 1 : 0));
  const fit = (inputs: (score: HeldOutScore) => number[]) => {
    const rows = judged.map((score): SparseRow => row(inputs(score)));
    return fitLogistic({ rows, n_columns: rows[0]?.columns.length ?? 0, targets, l2: CALIBRATION_L2 });
  };
  const both = fit(({ linear, forest }) => [linear, forest]);
  const [linear = 0, forest = 0] = both.weights;
  if (linear > 0 && forest > 0) return rounded({ bias: both.bias, linear, forest });
  const alone = fit((score) => [score.linear]);
  return rounded({ bias: alone.bias, linear: alone.weights[0] ?? 0, forest: 0 });
}

/** The calibrated probability of a held-out score. */
export function blended({ bias, linear, forest }: Blend, score: HeldOutScore): number {
  return sigmoid(bias + linear * score.linear + forest * score.forest);
}

/** Hundredths on either side over which F1 is averaged: the best single point is chance. */
const SMOOTHING = 5;

/** The threshold, in hundredths, around which macro-F1 averaged over the sets is best: one for all of them. */
export function chooseThreshold(task: ModelTask, blend: Blend, scores: readonly HeldOutScore[]): number {
  const sets = new Map<string, { probability: number; verdict: boolean }[]>();
  for (const score of scores) {
    const verdict = verdictOf(task, score.example);
    if (verdict === null) continue;
    const { dataset } = score.example.row;
    const known = sets.get(dataset) ?? [];
    known.push({ probability: blended(blend, score), verdict });
    sets.set(dataset, known);
  }
  const f1At = Array.from({ length: 101 }, (_, hundredths) => {
    let sum = 0;
    for (const items of sets.values()) {
      sum += macroF1(
        items.map(({ probability, verdict }) => ({ said: probability >= hundredths / 100, verdict })),
      );
    }
    return sum / sets.size;
  });
  let best = { threshold: 0.5, f1: -1 };
  for (let hundredths = 10; hundredths <= 90; hundredths += 1) {
    const around = f1At.slice(hundredths - SMOOTHING, hundredths + SMOOTHING + 1);
    const f1 = around.reduce((sum, value) => sum + value, 0) / around.length;
    if (f1 > best.f1) best = { threshold: hundredths / 100, f1 };
  }
  return best.threshold;
}

/** Mean of the F1 of both classes. */
function macroF1(items: readonly { said: boolean; verdict: boolean }[]): number {
  const counts = { hits: 0, rejections: 0, errors: 0 };
  for (const { said, verdict } of items) {
    if (said !== verdict) counts.errors += 1;
    else counts[verdict ? 'hits' : 'rejections'] += 1;
  }
  const { hits, rejections, errors } = counts;
  return hits / Math.max(1, 2 * hits + errors) + rejections / Math.max(1, 2 * rejections + errors);
}

/**
 * The risk that a turn is not compliant, fitted on every row whose labels say that it tells or reveals, or that it does
 * not, by probabilities of models that have not seen it.
 */
export function fitNoncompliance(
  held: readonly { example: Example; probabilities: Probabilities }[],
  tasks: HeuristicsModel['tasks'],
  rubric: Rubric,
): HeuristicsModel['noncompliance'] {
  const rows: SparseRow[] = [];
  const targets: number[] = [];
  for (const { example, probabilities } of held) {
    const { telling, reveals_answer } = example.row.binary;
    if (telling === null && reveals_answer === null) continue;
    const judgement = judgeReading(example.turn, probabilities, 'end', tasks, rubric);
    const inputs = riskInputs(judgement, rubric);
    rows.push(row([inputs.telling, inputs.reveals_answer]));
    targets.push(telling === true || reveals_answer === true ? 1 : 0);
  }
  const { bias, weights } = fitLogistic({ rows, n_columns: 2, targets, l2: CALIBRATION_L2 });
  const [telling = 0, reveals_answer = 0] = weights;
  return rounded({ per_point: TRAINING.risk_per_point, bias, telling, reveals_answer });
}

export function verdictOf(task: ModelTask, example: Example): boolean | null {
  return example.targets[task]?.verdict ?? null;
}

function row(values: readonly number[]): SparseRow {
  return { columns: Int32Array.from(values, (_, index) => index), values: Float64Array.from(values) };
}

function rounded<T extends Record<string, number>>(weights: T): T {
  return Object.fromEntries(
    Object.entries(weights).map(([name, value]) => [name, Math.round(value * 1e4) / 1e4]),
  ) as T;
}
