import type { ModelTrendRow } from '../../../../schemas/dashboard-data.ts';
import { seamsOf } from '../../data/seams.ts';
import { weekTick } from '../../format/labels.ts';

export interface Week {
  week: string;
  execution_id: string;
  measure_sha256: string;
}

/** Rows of one model laid on the weeks of its series; null where it was not measured. */
export function alongWeeks(rows: readonly ModelTrendRow[], weeks: readonly Week[]) {
  const byWeek = new Map(rows.filter(({ n_runs }) => n_runs > 0).map((row) => [row.week, row]));
  return {
    at: weeks.map(({ week }) => byWeek.get(week) ?? null),
    ticks: weeks.map(({ week }, index) => weekTick(week, weeks[index - 1]?.week)),
    seams: seamsOf(weeks),
  };
}
