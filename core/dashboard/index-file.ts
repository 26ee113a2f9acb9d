import type { IndexExecution, IndexFile } from '../../schemas/dashboard-data.ts';
import type { ExecutionSummary } from '../../schemas/execution-summary.ts';

/** What the index says of an execution that has just been aggregated: the last one of its series and week. */
export function indexEntry(summary: ExecutionSummary): IndexExecution {
  return {
    execution_id: summary.execution_id,
    manifest_id: summary.manifest_id,
    series: summary.series,
    profile: summary.profile,
    week: summary.week,
    dt: summary.dt,
    measure_sha256: summary.measure_sha256,
    is_official: true,
    is_simulated: summary.is_simulated,
    is_partial: summary.is_partial,
    n_models: new Set(summary.weekly.map(({ model }) => model)).size,
    n_planned: summary.n_planned,
    n_scored: summary.n_scored,
    n_skipped: summary.n_skipped,
    n_failed: summary.n_failed,
    n_turns: summary.n_turns,
    coverage_frac: summary.coverage_frac,
    budget_usd: summary.budget_usd,
    estimated_usd: summary.estimated_usd,
    spent_usd: summary.spent_usd,
    has_canary: summary.canary !== null,
  };
}

/** The index with one execution more, or with its entry replaced. Executions come in the order in which they ended. */
export function addToIndex(stored: IndexFile | null, summary: ExecutionSummary): IndexFile {
  const entry = indexEntry(summary);
  const others = (stored?.executions ?? [])
    .filter(({ execution_id }) => execution_id !== entry.execution_id)
    .map((other) =>
      other.series === entry.series && other.week === entry.week ? { ...other, is_official: false } : other,
    );
  const executions = [...others, entry].sort((a, b) => compare(placeOf(a), placeOf(b)));
  const official = executions.filter(({ is_official }) => is_official);
  const names = [...new Set(official.map(({ series }) => series))].sort();
  return {
    default_series: defaultSeries(official, entry.series),
    series: names.map((series) => {
      const weeks = official.filter((one) => one.series === series);
      return {
        series,
        is_simulated: weeks.every(({ is_simulated }) => is_simulated),
        weeks: weeks.map(({ week, execution_id, measure_sha256, manifest_id }) => ({
          week,
          execution_id,
          measure_sha256,
          manifest_id,
        })),
      };
    }),
    executions,
  };
}

/** Of the series named weekly… the one with the latest week (of equals the first by name), else the series last run. */
function defaultSeries(official: readonly IndexExecution[], last: string): string {
  const weekly = official.filter(({ series }) => series.startsWith('weekly'));
  const [first] = [...weekly].sort((a, b) => compare(b.week, a.week) || compare(a.series, b.series));
  return first?.series ?? last;
}

function placeOf({ week, series, execution_id }: IndexExecution): string {
  return `${week} ${series} ${execution_id}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
