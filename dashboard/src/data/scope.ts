import type { IndexExecution, IndexFile } from '../../../schemas/dashboard-data.ts';

/** What is looked at: one execution of one series. */
export interface Scope {
  series: string;
  execution: IndexExecution;
  /** Official executions of the series, oldest first; the one looked at among them, official or not. */
  weeks: readonly IndexExecution[];
  /** The official execution before the one looked at; null in the first week. */
  previous: IndexExecution | null;
}

/**
 * The execution that a query names, else the latest of the series it names, else of the default series. Null where the index
 * holds none. A name that is not in the index falls back, so that an old link still opens the newest page.
 */
export function scopeOf(index: IndexFile, query: Readonly<Record<string, string>>): Scope | null {
  const named = index.executions.find((execution) => execution.execution_id === query['execution']);
  const series =
    index.series.find((entry) => entry.series === (named?.series ?? query['series'])) ??
    index.series.find((entry) => entry.series === index.default_series) ??
    index.series[0];
  if (series === undefined) return null;
  const official = series.weeks.flatMap(
    ({ execution_id }) => index.executions.find((execution) => execution.execution_id === execution_id) ?? [],
  );
  const execution = named ?? official.at(-1);
  if (execution === undefined) return null;
  const weeks = official.some(({ execution_id }) => execution_id === execution.execution_id)
    ? official
    : [...official, execution].sort((a, b) => (a.dt < b.dt ? -1 : a.dt > b.dt ? 1 : 0));
  const previous = official.filter(({ week }) => week < execution.week).at(-1) ?? null;
  return { series: series.series, execution, weeks, previous };
}
