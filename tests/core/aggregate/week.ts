import { createWeekAccumulator } from '../../../core/aggregate/week-accumulator.ts';
import type { WeekContext } from '../../../core/aggregate/summarize-week.ts';
import { sha256Hex } from '../../../core/identity/hash.ts';
import type { Phase } from '../../../schemas/common.ts';
import type { PlannedRun } from '../../../schemas/planned-run.ts';
import type { RunSummary } from '../../../schemas/run-summary.ts';
import type { Turn } from '../../../schemas/turn.ts';
import type { WeeklySummary } from '../../../schemas/weekly-summary.ts';
import { MEASURE_SHA256, plannedRow, rubric, summaryWithHalfLife } from './fixtures.ts';

export interface Recorded {
  row: PlannedRun;
  summary: RunSummary;
  turns: Turn[];
}

/** The cells of a small matrix, in plan order. */
export interface Matrix {
  week: string;
  models: readonly string[];
  seeds: readonly string[];
  temperatures: readonly (number | null)[];
  phases: readonly Phase[];
  repeats: number;
  turns: number;
}
export const SMALL: Matrix = {
  week: '2026-W47',
  models: ['steadfast', 'leading'],
  seeds: ['seed-a', 'seed-b', 'seed-c'],
  temperatures: [0.2, 1],
  phases: ['P0', 'P3'],
  repeats: 1,
  turns: 10,
};

/** Runs a matrix with the half-life of each cell given (null = never). */
export function record(matrix: Matrix, halfLife: (row: PlannedRun) => number | null): Recorded[] {
  const rows = matrix.seeds.flatMap((seed_id) =>
    matrix.temperatures.flatMap((temperature) =>
      matrix.phases.flatMap((phase) =>
        Array.from({ length: matrix.repeats }, (_, i) => i + 1).flatMap((repeat) =>
          matrix.models.map((model) =>
            plannedRow({
              execution_id: `weekly-${matrix.week}`,
              week: matrix.week,
              model,
              seed_id,
              temperature,
              phase,
              repeat,
              turns: matrix.turns,
            }),
          ),
        ),
      ),
    ),
  );
  return rows.map((row) => ({ row, ...summaryWithHalfLife(row, halfLife(row)) }));
}

export function summarize(
  recorded: readonly Recorded[],
  context: WeekContext = { previous: [], labels: [] },
): WeeklySummary[] {
  const first = recorded[0]!.row;
  const week = createWeekAccumulator(
    {
      execution_id: first.execution_id,
      manifest_id: first.manifest_id,
      measure_sha256: MEASURE_SHA256,
      series: first.series,
      week: first.week,
      dt: first.dt,
    },
    { rubric, permutations: 2000 },
  );
  for (const { row, summary, turns } of recorded) week.addRun(row, summary, turns);
  return week.finish(context);
}

export function rowFor(
  rows: readonly WeeklySummary[],
  model: string,
  phase: WeeklySummary['phase'],
): WeeklySummary {
  const found = rows.find((row) => row.model === model && row.phase === phase);
  if (found === undefined) throw new Error(`no row for ${model} ${phase}`);
  return found;
}

export const otherMeasure = sha256Hex('another measure');
