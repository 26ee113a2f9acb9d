import type { TrendRow, TrendsFile } from './dashboard-data.ts';

/**
 * Where each file of the static site lies below `data/` (in the lake: below `dashboard/data/`), and how a trend file is
 * read. No zod in here, so that a page may take both without it.
 */
export const DASHBOARD_FILES = {
  /** All executions and series. Aggregate. */
  index: 'index.json',
  /** What fired, by execution. CheckAlerts; absent until it has run once. */
  alerts: 'alerts.json',
  /** The data dictionary. Aggregate. */
  methods: 'methods.json',
  /** What the server of the page can do beyond static files. Aggregate writes one that says: nothing; `view` answers its own. */
  local: 'local.json',
  /** ExecutionSummary: all figures of one execution, survival curves included. */
  execution: (execution_id: string) => `executions/${execution_id}.json`,
  /** Official weeks of one series, one row a model and variant. */
  trends: (series: string) => `trends/${series}.json`,
  /** Official weeks of one model of a series, phase by phase. */
  modelTrend: (series: string, model: string) => `models/${series}/${model}.json`,
  /** Every row of the plan: how it went. */
  runs: (execution_id: string) => `runs/${execution_id}.json`,
  /** One dialogue. There is none for a run without a scored or unscored turn. */
  transcript: (run_id: string) => `transcripts/${run_id}.json`,
  /** The judge on the golden set; there is none for an execution without a canary. */
  canary: (execution_id: string) => `canary/${execution_id}.json`,
  /** What was measured with what, verbatim. */
  manifest: (manifest_id: string) => `manifests/${manifest_id}.json`,
} as const;

/** The rows of a trend file as objects, in their order: week, model, variant, phase. */
export function trendRows(file: Pick<TrendsFile, 'weeks' | 'models' | 'variants' | 'columns'>): TrendRow[] {
  const { columns } = file;
  const names = Object.keys(columns) as (keyof typeof columns)[];
  return columns.week.map((weekIndex, at) => {
    const row: Record<string, unknown> = {};
    for (const name of names) row[name] = columns[name][at] ?? null;
    row['week'] = file.weeks[weekIndex]!.week;
    row['model'] = file.models[columns.model[at]!]!;
    row['variant'] = file.variants[columns.variant[at]!]!;
    return row as TrendRow;
  });
}
