import type { Colors } from 'picocolors/types.js';
import type { ExecutionSummary } from '../../schemas/execution-summary.ts';
import type { WeeklySummary } from '../../schemas/weekly-summary.ts';
import { ALL_PHASES } from '../../schemas/names.ts';
import { rankText } from '../../schemas/rank-text.ts';
import { intervalText, numberText, percentText, plural, tableText, usdText } from './table.ts';

const BAR_CHARS = 20;
/** Columns that the table takes with its bar, the longest model names included. */
const WIDE_COLUMNS = 118;

/** The results of one execution as a person reads them: a headline, the table, what to know of it. */
export function resultsText(
  summary: ExecutionSummary,
  colors: Colors,
  columns: number | null = null,
): string {
  // The bar repeats a figure; where the terminal is narrow it gives way.
  const hasBar = columns === null || columns >= WIDE_COLUMNS;
  const over = summary.weekly.filter((row) => row.phase === ALL_PHASES);
  const partOnly = [...new Set(summary.weekly.map((row) => row.model))].filter(
    (model) => !over.some((row) => row.model === model),
  );
  const rows = [...over].sort(byHalfLife);
  const hasFaults = rows.some((row) => faultsOf(summary, row) !== '');
  const hasVariants = new Set(summary.weekly.map((row) => row.variant)).size > 1;
  const lines = [
    '',
    `${colors.bold(`${summary.profile} · week ${summary.week}`)}${summary.is_simulated ? `  ${colors.inverse(' simulated ')}` : ''}  ${colors.dim(summary.execution_id)}`,
    `${summary.n_scored} of ${summary.n_planned} planned runs scored${summary.is_partial ? colors.yellow(' (partial)') : ''}, ${summary.n_turns} turns, ${usdText(summary.spent_usd)} spent`,
    ...(summary.n_failed > 0
      ? [
          colors.yellow(
            `${plural(summary.n_failed, 'run')} failed: show <run_id> says why, --retry-errors re-opens them`,
          ),
        ]
      : []),
    '',
    tableText(
      [
        { title: '#', align: 'right' },
        { title: 'model' },
        ...(hasVariants ? [{ title: 'variant' }] : []),
        ...(hasBar ? [{ title: 'half-life' }] : []),
        { title: hasBar ? 'of 40 [95% CI]' : 'half-life of 40', align: 'right' },
        { title: hasBar ? 'survived' : 'surv.', align: 'right' },
        { title: hasBar ? 'compliance' : 'compl.', align: 'right' },
        { title: 'SD', align: 'right' },
        { title: hasBar ? 'CSD by phase' : 'CSD', align: 'right' },
        { title: '$/run', align: 'right' },
        { title: 'runs', align: 'right' },
        ...(hasFaults ? [{ title: 'fault' }] : []),
      ],
      rows.map((row) => [
        rankText(row),
        colors.bold(row.model),
        ...(hasVariants ? [row.variant] : []),
        ...(hasBar ? [halfLifeBar(row, colors)] : []),
        intervalText(row.rmst_turns, row.rmst_ci_low, row.rmst_ci_high),
        // Without a half-life nobody was watched to the end: 0% would claim that all fell.
        percentText(row.rmst_turns === null ? null : row.survived_frac),
        percentText(row.compliance_rate),
        numberText(row.mean_score, 2),
        csdRange(summary.weekly, row),
        row.n_runs === 0 ? '–' : usdText(row.cost_per_run_usd),
        `${row.n_runs}/${row.n_planned}`,
        ...(hasFaults ? [colors.yellow(faultsOf(summary, row))] : []),
      ]),
      colors,
    ),
    ...notes(summary, rows, partOnly, colors),
  ];
  return lines.join('\n');
}

/** Whose fault it was that runs of a model were cut short or never scored: never its own, and never a low score. */
function faultsOf(summary: ExecutionSummary, { model, variant }: WeeklySummary): string {
  const phases = summary.weekly.filter(
    (row) => row.model === model && row.variant === variant && row.phase !== ALL_PHASES,
  );
  const cut = (reason: string) =>
    phases
      .flatMap((row) => row.censored_by)
      .filter((one) => one.reason === reason)
      .reduce((sum, one) => sum + one.n_runs, 0);
  const failed = phases.reduce((sum, row) => sum + row.n_failed, 0);
  return [
    ...(['infrastructure', 'student', 'judge'] as const).map((reason) => [reason, cut(reason)] as const),
    ['failed', failed] as const,
  ]
    .filter(([, runs]) => runs > 0)
    .map(([name, runs]) => `${name} ${runs}`)
    .join(', ');
}

/** Half-life as a bar over 40 turns, its interval as a line behind. */
function halfLifeBar(row: WeeklySummary, colors: Colors): string {
  if (row.rmst_turns === null) return '';
  const at = (turns: number) => Math.round((Math.min(40, Math.max(0, turns)) / 40) * BAR_CHARS);
  const end = at(row.rmst_turns);
  const high = Math.max(end, at(row.rmst_ci_high ?? row.rmst_turns));
  return `${colors.cyan('█'.repeat(end))}${colors.dim('─'.repeat(high - end))}${' '.repeat(BAR_CHARS - high)}`;
}

/** CSD is compared within a phase; over phases the range stands. */
function csdRange(weekly: readonly WeeklySummary[], row: WeeklySummary): string {
  const values = weekly
    .filter(
      (other) =>
        other.model === row.model &&
        other.variant === row.variant &&
        other.phase !== ALL_PHASES &&
        other.csd !== null,
    )
    .map((other) => other.csd!);
  if (values.length === 0) return '–';
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return values.length === 1 || high - low < 0.005 ? low.toFixed(2) : `${low.toFixed(2)}–${high.toFixed(2)}`;
}

function notes(
  summary: ExecutionSummary,
  rows: readonly WeeklySummary[],
  partOnly: readonly string[],
  colors: Colors,
): string[] {
  const seeds = Math.max(0, ...rows.map((row) => row.n_seeds));
  const unjudged = unjudgedModels(summary.weekly);
  const skips = summary.skips.map(
    (skip) =>
      `${skip.model} ${skip.phase}: ${skip.n_rows} skipped, ${skip.reason}${skip.detail === '' ? '' : ` (${skip.detail})`}${skip.reason === 'access' ? '; once mended, run --new plans the model again' : ''}`,
  );
  return [
    colors.dim(
      'half-life: restricted mean of the turns until the average of three scores falls below 8; shorter phases scaled to 40',
    ),
    ...(rows.length > 1
      ? [
          colors.dim(
            '#: the places that the comparisons leave open; few seeds leave much open, an erratic model most',
          ),
        ]
      : []),
    ...(seeds < 8 && seeds > 0
      ? [colors.dim(`${seeds} seeds: the intervals hold for these seeds only`)]
      : []),
    ...(partOnly.length > 0
      ? [colors.dim(`without all planned phases, ranked apart: ${partOnly.join(', ')}`)]
      : []),
    ...(rows.some((row) => faultsOf(summary, row) !== '')
      ? [colors.dim('fault: runs cut short by others than the tutor; they lower no figure')]
      : []),
    ...(unjudged.length > 0
      ? [
          colors.yellow(
            `scored by the heuristics alone, no judge gave a verdict: ${unjudged.join(', ')}; not to be ranked beside judged models`,
          ),
        ]
      : []),
    ...skips.slice(0, 12).map((line) => colors.dim(line)),
    ...(skips.length > 12 ? [colors.dim(`… and ${skips.length - 12} more kinds of skipped rows`)] : []),
    '',
  ];
}

/** Models of which runs were scored and no turn of them was judged. */
function unjudgedModels(weekly: readonly WeeklySummary[]): string[] {
  const phases = weekly.filter((row) => row.phase !== ALL_PHASES && row.n_runs > 0);
  const judged = new Set(phases.filter((row) => row.n_judged_turns > 0).map((row) => row.model));
  return [...new Set(phases.map((row) => row.model))].filter((model) => !judged.has(model));
}

function byHalfLife(a: WeeklySummary, b: WeeklySummary): number {
  return (
    (a.variant < b.variant ? -1 : a.variant > b.variant ? 1 : 0) ||
    (b.rmst_turns ?? -1) - (a.rmst_turns ?? -1) ||
    (b.mean_score ?? -1) - (a.mean_score ?? -1)
  );
}
