/** One row of a design: columns and values of its non-zero entries. */
export interface SparseRow {
  columns: Int32Array;
  values: Float64Array;
}

export interface LogisticModel {
  bias: number;
  weights: Float64Array;
}

export interface LogisticProblem {
  rows: readonly SparseRow[];
  n_columns: number;
  /** Shares of positives, 0–1. */
  targets: ArrayLike<number>;
  /** Weight of each row; all 1 without. */
  row_weights?: ArrayLike<number>;
  /** Penalty ½·l2·‖weights‖²; the bias is free. */
  l2: number;
}

/** Remembered steps of L-BFGS, and the usual bounds of its line search (Nocedal and Wright, Numerical Optimization, 7.2). */
const MEMORY = 8;
const MAX_STEPS = 200;
const SUFFICIENT_DECREASE = 1e-4;
const SMALLEST_STEP = 1e-8;
/** Stop where the largest slope is this small beside the number of rows. */
const FLAT = 1e-5;

/** Logistic regression with an L2 penalty, fitted by L-BFGS. Deterministic. */
export function fitLogistic(problem: LogisticProblem): LogisticModel {
  const size = problem.n_columns + 1;
  let point = new Float64Array(size);
  let { loss, slope } = evaluate(problem, point);
  const steps: { move: Float64Array; change: Float64Array; curvature: number }[] = [];
  for (let step = 0; step < MAX_STEPS && largest(slope) > FLAT * problem.rows.length; step += 1) {
    const direction = descend(slope, steps);
    const steepness = dot(direction, slope);
    let length = step === 0 ? Math.min(1, 1 / largest(slope)) : 1;
    let next = along(point, direction, length);
    let tried = evaluate(problem, next);
    while (tried.loss > loss + SUFFICIENT_DECREASE * length * steepness && length > SMALLEST_STEP) {
      length /= 2;
      next = along(point, direction, length);
      tried = evaluate(problem, next);
    }
    if (tried.loss >= loss) break;
    const move = difference(next, point);
    const change = difference(tried.slope, slope);
    const curvature = dot(move, change);
    if (curvature > 0) steps.push({ move, change, curvature });
    if (steps.length > MEMORY) steps.shift();
    point = next;
    ({ loss, slope } = tried);
  }
  return { bias: point[problem.n_columns] as number, weights: point.slice(0, problem.n_columns) };
}

/** Log odds of a row. */
export function scoreRow({ bias, weights }: LogisticModel, { columns, values }: SparseRow): number {
  let score = bias;
  for (let index = 0; index < columns.length; index += 1) {
    score += (weights[columns[index] as number] as number) * (values[index] as number);
  }
  return score;
}

function evaluate(problem: LogisticProblem, point: Float64Array): { loss: number; slope: Float64Array } {
  const { rows, n_columns, targets, row_weights, l2 } = problem;
  const slope = new Float64Array(point.length);
  const model = { bias: point[n_columns] as number, weights: point };
  let loss = 0;
  for (let column = 0; column < n_columns; column += 1) {
    const weight = point[column] as number;
    loss += 0.5 * l2 * weight * weight;
    slope[column] = l2 * weight;
  }
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index] as SparseRow;
    const score = scoreRow(model, row);
    const weight = row_weights?.[index] ?? 1;
    const target = targets[index] as number;
    // log(1 + e^s) without overflow
    loss += weight * (Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - target * score);
    const error = weight * (1 / (1 + Math.exp(-score)) - target);
    for (let entry = 0; entry < row.columns.length; entry += 1) {
      const column = row.columns[entry] as number;
      slope[column] = (slope[column] as number) + error * (row.values[entry] as number);
    }
    slope[n_columns] = (slope[n_columns] as number) + error;
  }
  return { loss, slope };
}

/** Two-loop recursion: minus the inverse Hessian, as remembered, times the slope. */
function descend(
  slope: Float64Array,
  steps: readonly { move: Float64Array; change: Float64Array; curvature: number }[],
): Float64Array {
  const direction = slope.map((value) => -value);
  const shares: number[] = [];
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const { move, change, curvature } = steps[index] as (typeof steps)[number];
    const share = dot(move, direction) / curvature;
    shares[index] = share;
    add(direction, change, -share);
  }
  const last = steps.at(-1);
  if (last !== undefined) {
    const scale = last.curvature / dot(last.change, last.change);
    for (let index = 0; index < direction.length; index += 1)
      direction[index] = (direction[index] as number) * scale;
  }
  for (const [index, { move, change, curvature }] of steps.entries()) {
    add(direction, move, (shares[index] as number) - dot(change, direction) / curvature);
  }
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] as number) * (b[index] as number);
  return sum;
}

function add(target: Float64Array, vector: Float64Array, factor: number): void {
  for (let index = 0; index < target.length; index += 1) {
    target[index] = (target[index] as number) + factor * (vector[index] as number);
  }
}

function along(point: Float64Array, direction: Float64Array, length: number): Float64Array<ArrayBuffer> {
  return point.map(
    (value, index) => value + length * (direction[index] as number),
  ) as Float64Array<ArrayBuffer>;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, index) => value - (b[index] as number));
}

function largest(vector: Float64Array): number {
  let most = 0;
  for (const value of vector) most = Math.max(most, Math.abs(value));
  return most;
}
