import { ALL_PHASES } from '../../schemas/names.ts';
import { estimateAws, type AwsLine } from './estimate-aws.ts';
import {
  addEstimates,
  perScenario,
  scaleEstimate,
  zeroEstimate,
  type Estimate,
  type Scenario,
} from './estimate.ts';
import {
  canaryPart,
  newTextChars,
  rowParts,
  type PlanComponent,
  type PlannedCell,
  type PlanSizes,
} from './row-parts.ts';

export type { PlanComponent };

/** One line of a plan: what a component spends on a model in a phase. `model` is who is called, `tutor` who is measured. */
export interface PlanLine {
  component: PlanComponent;
  model: string;
  tutor: string;
  phase: string;
  runs: number;
  estimate: Estimate;
}

export interface PlanEstimate {
  lines: PlanLine[];
  /** Sum over all model calls. */
  calls: Estimate;
  aws: AwsLine[];
}

/**
 * Predicted tokens and US dollars of a plan by component, model and phase, and its AWS bill. Rows of equal shape are
 * estimated once, so the work grows with the distinct (model, variant, seed, phase), not with repeats and temperatures.
 */
export function estimatePlan(rows: readonly PlannedCell[], sizes: PlanSizes): PlanEstimate {
  const lines = new Map<string, PlanLine>();
  const add = (line: Omit<PlanLine, 'runs' | 'estimate'>, runs: number, estimate: Estimate) => {
    const key = [line.component, line.model, line.tutor, line.phase].join(' ');
    const known = lines.get(key);
    lines.set(key, {
      ...line,
      runs: (known?.runs ?? 0) + runs,
      estimate: addEstimates([known?.estimate ?? zeroEstimate(), scaleEstimate(estimate, runs)]),
    });
  };
  let textBytes = 0;

  for (const { row, count } of distinct(rows)) {
    const { model: tutor, phase } = row.cell;
    for (const { component, model, estimate } of rowParts(row, sizes))
      add({ component, model, tutor, phase }, count, estimate);
    textBytes += count * newTextChars(row, sizes);
  }
  const canary = canaryPart(sizes);
  if (canary !== null)
    add(
      { component: 'canary', model: canary.model, tutor: canary.model, phase: ALL_PHASES },
      1,
      canary.estimate,
    );

  const all = [...lines.values()];
  const calls = addEstimates(all.map((line) => line.estimate));
  return {
    lines: all,
    calls,
    aws: estimateAws(
      {
        runs: rows.length,
        turns: rows.reduce((sum, row) => sum + row.turns, 0),
        judge_tasks: rows.length + (canary === null ? 0 : 1),
        verdicts: verdictCalls(all),
        new_text_bytes: textBytes,
        model_phases: new Set(rows.map((row) => `${row.cell.model} ${row.cell.phase}`)).size,
      },
      sizes.awsPrices,
    ),
  };
}

/** Sums the lines of a plan that fall under one key, e.g. `(line) => line.tutor`. */
export function sumLines(
  lines: readonly PlanLine[],
  keyOf: (line: PlanLine) => string,
): Map<string, Estimate> {
  const groups = new Map<string, Estimate[]>();
  for (const line of lines) {
    const key = keyOf(line);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [line.estimate]);
    else group.push(line.estimate);
  }
  return new Map([...groups].map(([key, estimates]) => [key, addEstimates(estimates)]));
}

function distinct(rows: readonly PlannedCell[]): { row: PlannedCell; count: number }[] {
  const groups = new Map<string, { row: PlannedCell; count: number }>();
  for (const row of rows) {
    const { model, variant, seed_id, phase } = row.cell;
    const key = [model, variant, seed_id, phase, row.turns].join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { row, count: 1 });
    else group.count += 1;
  }
  return [...groups.values()];
}

function verdictCalls(lines: readonly PlanLine[]): Record<Scenario, number> {
  const verdicts = lines.filter((line) => line.component !== 'dialogue' && line.component !== 'student');
  const sum = addEstimates(verdicts.map((line) => line.estimate));
  return perScenario((scenario) => sum[scenario].calls);
}
