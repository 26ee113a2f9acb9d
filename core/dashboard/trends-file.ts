import type {
  ModelTrendFile,
  ModelTrendRow,
  TrendRow,
  TrendsFile,
  TrendWeek,
} from '../../schemas/dashboard-data.ts';
import { modelTrendRowSchema, trendRowSchema } from '../../schemas/dashboard-data.ts';
import { trendRows } from '../../schemas/dashboard-files.ts';
import type { ExecutionSummary } from '../../schemas/execution-summary.ts';
import { ALL_PHASES } from '../../schemas/names.ts';
import type { WeeklySummary } from '../../schemas/weekly-summary.ts';
import { indexEntry } from './index-file.ts';

const TREND_COLUMNS = Object.keys(trendRowSchema.shape) as (keyof TrendRow)[];
const MODEL_COLUMNS = Object.keys(modelTrendRowSchema.shape);
/**
 * Decimals that a page can show, by the ending of a field's name; everything else is a share, shown as a percentage with
 * one. 52 weeks × 25 models × 40 figures are read before anything is painted: each digit costs 20 kB of them, compressed.
 */
const DECIMALS: readonly (readonly [RegExp, number])[] = [
  [/_usd$/, 4],
  [/^rmst_|_turn$/, 1],
  [/_pts$|_score|^decline_|_mdc$/, 2],
  [/^(?:cr|st|rhd|ap|nvt|tc|ch|ma)$/, 2],
];
const SHARE_DECIMALS = 3;

/** The trend of a series with one week more, or with that week replaced: the execution is its official one from now on. */
export function addToTrends(stored: TrendsFile | null, summary: ExecutionSummary): TrendsFile {
  const kept = stored === null ? [] : trendRows(stored).filter(({ week }) => week !== summary.week);
  const rows = [...kept, ...overviewRows(summary.weekly)].sort((a, b) => compare(placeOf(a), placeOf(b)));
  const weeks = [
    ...(stored?.weeks ?? []).filter(({ week }) => week !== summary.week),
    trendWeek(summary),
  ].sort((a, b) => compare(a.week, b.week));
  const models = distinct(rows.map(({ model }) => model));
  const variants = distinct(rows.map(({ variant }) => variant));
  const places = {
    week: indexOf(weeks.map(({ week }) => week)),
    model: indexOf(models),
    variant: indexOf(variants),
  };
  const column = (name: keyof TrendRow) =>
    name === 'week' || name === 'model' || name === 'variant'
      ? rows.map((row) => places[name].get(row[name])!)
      : rows.map((row) => row[name]);
  return {
    series: summary.series,
    weeks,
    models,
    variants,
    columns: Object.fromEntries(TREND_COLUMNS.map((name) => [name, column(name)])) as TrendsFile['columns'],
  };
}

/** The trend of one model with one week more, or with that week replaced. */
export function addToModelTrend(
  stored: ModelTrendFile | null,
  summary: ExecutionSummary,
  model: string,
): ModelTrendFile {
  const ofWeek = summary.weekly.filter((row) => row.model === model);
  const rows = [
    ...(stored?.rows ?? []).filter(({ week }) => week !== summary.week),
    ...ofWeek.map((row) => pick<ModelTrendRow>(row, MODEL_COLUMNS)),
  ].sort((a, b) => compare(`${a.week} ${a.variant} ${a.phase}`, `${b.week} ${b.variant} ${b.phase}`));
  return {
    series: summary.series,
    model,
    provider: ofWeek[0]?.provider ?? stored?.provider ?? '',
    is_simulated: ofWeek[0]?.is_simulated ?? stored?.is_simulated ?? false,
    rows,
  };
}

/** Rows over all phases; phase by phase for a model that was not planned in every phase. */
function overviewRows(weekly: readonly WeeklySummary[]): TrendRow[] {
  const arm = ({ model, variant }: WeeklySummary) => `${model} ${variant}`;
  const whole = new Set(weekly.filter(({ phase }) => phase === ALL_PHASES).map(arm));
  return weekly
    .filter((row) => row.phase === ALL_PHASES || !whole.has(arm(row)))
    .map((row) => forDisplay(pick<TrendRow>({ ...row, ...row.csd_subscores }, TREND_COLUMNS)));
}

function forDisplay(row: TrendRow): TrendRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (typeof value !== 'number') return [name, value];
      const decimals = DECIMALS.find(([ending]) => ending.test(name))?.[1] ?? SHARE_DECIMALS;
      return [name, Number(value.toFixed(decimals))];
    }),
  ) as TrendRow;
}

function trendWeek(summary: ExecutionSummary): TrendWeek {
  const { series: _series, is_official: _isOfficial, ...facts } = indexEntry(summary);
  return {
    ...facts,
    baseline_execution_id: summary.baseline?.execution_id ?? null,
    previous_execution_id: summary.previous?.execution_id ?? null,
    spent_by_component: summary.spent_by_component,
    skips: skipsOf(summary),
    judge: judgeOf(summary),
    canary: canaryOf(summary),
  };
}

function skipsOf({ skips }: ExecutionSummary): TrendWeek['skips'] {
  const sums = new Map<string, TrendWeek['skips'][number]>();
  for (const { model, reason, n_rows } of skips) {
    const key = `${model} ${reason}`;
    sums.set(key, { model, reason, n_rows: (sums.get(key)?.n_rows ?? 0) + n_rows });
  }
  return [...sums.values()];
}

function judgeOf({ weekly }: ExecutionSummary): TrendWeek['judge'] {
  const rows = weekly.filter(({ phase }) => phase !== ALL_PHASES);
  const total = (value: (row: WeeklySummary) => number) => rows.reduce((sum, row) => sum + value(row), 0);
  const mean = (value: (row: WeeklySummary) => number | null) => {
    const known = rows.filter((row) => value(row) !== null && row.n_judged_turns > 0);
    const weight = known.reduce((sum, row) => sum + row.n_judged_turns, 0);
    const sum = known.reduce((all, row) => all + value(row)! * row.n_judged_turns, 0);
    return weight === 0 ? null : Math.round((sum / weight) * 1e6) / 1e6;
  };
  return {
    n_judged_turns: total((row) => row.n_judged_turns),
    n_skipped_turns: total((row) => row.n_skipped_turns),
    n_audited_turns: total((row) => row.n_audited_turns),
    n_audit_errors: total((row) => row.n_audit_errors),
    split_frac: mean((row) => row.judge_split_frac),
    kappa: mean((row) => row.judge_heuristic_kappa),
  };
}

function canaryOf({ canary }: ExecutionSummary): TrendWeek['canary'] {
  if (canary === null) return null;
  const { golden_set, judge_model, n_items, n_judged, mae_pts, bias_pts, kappa, by_criterion } = canary;
  const { experts_mutual_mae_pts } = canary;
  return {
    golden_set,
    judge_model,
    n_items,
    n_judged,
    mae_pts,
    bias_pts,
    kappa,
    by_criterion,
    experts_mutual_mae_pts,
  };
}

function pick<T>(row: object, names: readonly string[]): T {
  const fields = row as Readonly<Record<string, unknown>>;
  return Object.fromEntries(names.map((name) => [name, fields[name]])) as T;
}

function indexOf(values: readonly string[]): Map<string, number> {
  return new Map(values.map((value, index) => [value, index]));
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

function placeOf({ week, model, variant, phase }: TrendRow): string {
  return `${week} ${model} ${variant} ${phase}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
