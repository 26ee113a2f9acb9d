import type { Alert } from '../../schemas/alert.ts';
import type { ExecutionSummary } from '../../schemas/execution-summary.ts';
import { ALL_PHASES } from '../../schemas/names.ts';
import { rankText } from '../../schemas/rank-text.ts';
import type { WeeklySummary } from '../../schemas/weekly-summary.ts';
import { interval, named, percent, points } from './finding.ts';

/** The weekly message as data; the text and Slack forms are made from it (digest-text.ts). */
export interface Digest {
  series: string;
  week: string;
  execution_id: string;
  is_simulated: boolean;
  /** One sentence that stands alone. */
  verdict: string;
  alerts: Pick<Alert, 'rule' | 'status' | 'model' | 'variant' | 'message'>[];
  /** Largest changes since last week, by size; `is_clear`: the interval excludes 0. */
  changes: { model: string; figure: 'half_life' | 'compliance'; text: string; is_clear: boolean }[];
  /** By half-life over all phases, all that may be among the first three (then possibly more than three models). */
  top: { rank: string; model: string; text: string }[];
  judge: string;
  cost: string;
  coverage: string;
  /** What this week could have found: the median over models of the smallest change found with 80% probability. */
  power: string;
  links: { label: string; url: string }[];
}

const MAX_CHANGES = 3;
const TOP_RANKS = 3;

/**
 * Builds the weekly digest, also when all is quiet.
 * @param links deep links, most important first; the caller knows where the site lives.
 */
export function buildDigest(
  summary: ExecutionSummary,
  alerts: readonly Alert[],
  links: Digest['links'],
): Digest {
  const rows = summary.weekly.filter(({ phase }) => phase === ALL_PHASES);
  return {
    series: summary.series,
    week: summary.week,
    execution_id: summary.execution_id,
    is_simulated: summary.is_simulated,
    verdict: verdictOf(summary, alerts),
    alerts: alerts.map(({ rule, status, model, variant, message }) => ({
      rule,
      status,
      model,
      variant,
      message,
    })),
    changes: largestChanges(rows),
    top: topOf(rows),
    judge: judgeLine(summary),
    cost: costLine(summary),
    coverage: coverageLine(summary),
    power: powerLine(rows),
    links,
  };
}

function verdictOf(summary: ExecutionSummary, alerts: readonly Alert[]): string {
  const firing = alerts.filter(({ status }) => status === 'firing');
  const simulated = summary.is_simulated ? ' (simulated models)' : '';
  const scope = `${countOf(new Set(summary.weekly.map(({ model }) => model)).size, 'model')}${simulated}`;
  if (firing.length > 0) {
    const names = [...new Set(firing.map(({ rule, model }) => (model === null ? rule : `${rule} ${model}`)))];
    return `${countOf(firing.length, 'alert')} in ${summary.week}, ${scope}: ${names.join(', ')}.`;
  }
  const compared = new Set(
    summary.weekly.filter(({ wow_n_pairs }) => wow_n_pairs > 0).map(({ model }) => model),
  ).size;
  const { previous, measure_sha256 } = summary;
  if (previous !== null && previous.measure_sha256 !== measure_sha256)
    return `No alert in ${summary.week}, ${scope}; a new measure begins: weeks before it do not compare.`;
  return compared === 0
    ? `No alert in ${summary.week}, ${scope}; ${previous === null ? 'there is no week before to compare with' : 'no run has its like in the week before'}.`
    : `All quiet in ${summary.week}: no rule fired, ${scope}, ${compared} compared with the week before.`;
}

function largestChanges(rows: readonly WeeklySummary[]): Digest['changes'] {
  const changes = rows.flatMap((row) => [
    {
      model: row.model,
      figure: 'half_life' as const,
      delta: row.wow_rmst_delta,
      low: row.wow_rmst_ci_low,
      high: row.wow_rmst_ci_high,
      text: `${named(row)} half-life ${signed(row.wow_rmst_delta, percent)} ${interval(row.wow_rmst_ci_low, row.wow_rmst_ci_high)}, ${row.wow_n_pairs} pairs`,
    },
    {
      model: row.model,
      figure: 'compliance' as const,
      delta: row.wow_compliance_delta,
      low: row.wow_compliance_ci_low,
      high: row.wow_compliance_ci_high,
      text: `${named(row)} compliance ${signed(row.wow_compliance_delta, points)} ${interval(row.wow_compliance_ci_low, row.wow_compliance_ci_high, points)}, ${row.wow_compliance_n_pairs} pairs`,
    },
  ]);
  const isClear = ({ low, high }: { low: number | null; high: number | null }) =>
    low !== null && high !== null && (low > 0 || high < 0);
  return changes
    .filter(({ delta }) => delta !== null && delta !== 0)
    .sort((a, b) => Number(isClear(b)) - Number(isClear(a)) || Math.abs(b.delta!) - Math.abs(a.delta!))
    .slice(0, MAX_CHANGES)
    .map((change) => ({
      model: change.model,
      figure: change.figure,
      text: change.text,
      is_clear: isClear(change),
    }));
}

/** Ranks of the first variant in the alphabet that has any (a profile without prompt A/B has one variant, `main`). */
function topOf(rows: readonly WeeklySummary[]): Digest['top'] {
  const ranked = rows.filter(({ rank }) => rank !== null);
  const variants = [...new Set(ranked.map(({ variant }) => variant))].sort();
  const variant = variants.includes('main') ? 'main' : variants[0];
  const field = ranked.filter((row) => row.variant === variant);
  return field
    .filter(({ rank }) => rank! <= TOP_RANKS)
    .sort((a, b) => b.rmst_turns! - a.rmst_turns! || a.rank! - b.rank!)
    .map((row) => ({
      rank: rankText(row),
      model: row.model,
      text:
        `${row.model} ${row.rmst_turns!.toFixed(1)}` +
        (row.rmst_ci_low === null
          ? ''
          : ` (${row.rmst_ci_low.toFixed(1)}-${row.rmst_ci_high!.toFixed(1)}${row.n_seeds < 8 ? ', these seeds only' : ''})`),
    }));
}

function judgeLine({ canary, weekly }: ExecutionSummary): string {
  // By phase: a model that lacks one has turns all the same.
  const rows = weekly.filter(({ phase }) => phase !== ALL_PHASES);
  const judged = rows.reduce((sum, row) => sum + row.n_judged_turns, 0);
  const splits = rows.reduce((sum, row) => sum + (row.judge_split_frac ?? 0) * row.n_judged_turns, 0);
  const agreement = judged === 0 ? 'no turn judged' : `splits ${percent(splits / judged)} of ${judged} turns`;
  if (canary === null) return `Judge: ${agreement}; no canary this week.`;
  return (
    `Judge: ${agreement}; canary kappa ${canary.kappa?.toFixed(2) ?? 'not defined'}, mean error ` +
    `${canary.mae_pts?.toFixed(2) ?? '?'} points on ${canary.n_judged} of ${canary.n_items} items.`
  );
}

function costLine({ spent_usd, budget_usd }: ExecutionSummary): string {
  const share = budget_usd > 0 ? ` (${percent(spent_usd / budget_usd)})` : '';
  return `Cost: $${spent_usd.toFixed(2)} of $${budget_usd.toFixed(2)}${share}.`;
}

function coverageLine(summary: ExecutionSummary): string {
  const { n_scored, n_planned, n_skipped, n_failed, is_partial, weekly } = summary;
  const n_cut = weekly.reduce((sum, row) => sum + (row.phase === ALL_PHASES ? 0 : row.n_censored), 0);
  return (
    `Coverage: ${n_scored} of ${n_planned} planned runs scored` +
    `${n_cut > 0 ? `, ${n_cut} of them cut short` : ''}${n_skipped > 0 ? `, ${n_skipped} skipped` : ''}` +
    `${n_failed > 0 ? `, ${n_failed} failed` : ''}${is_partial ? '; partial' : ''}.`
  );
}

function powerLine(rows: readonly WeeklySummary[]): string {
  const median = (values: readonly (number | null)[]) => {
    const known = values.filter((value) => value !== null).sort((a, b) => a - b);
    return known[Math.floor((known.length - 1) / 2)] ?? null;
  };
  const halfLife = median(rows.map(({ wow_rmst_mdc }) => wow_rmst_mdc));
  const compliance = median(rows.map(({ wow_compliance_mdc }) => wow_compliance_mdc));
  if (halfLife === null || compliance === null)
    return rows.some(({ wow_n_pairs }) => wow_n_pairs > 0)
      ? 'Power: not known; the runs paired with the week before are too few, or all moved alike.'
      : 'Power: no model has all its phases paired with the week before.';
  const least = (change: number, text: string) =>
    change >= 1 ? 'no fall, however large,' : `falls of ${text}`;
  return (
    `Power: for the median model a single test finds ${least(halfLife, percent(halfLife))} in half-life and ` +
    `${least(compliance, points(compliance))} in compliance with 80% probability; repeats are the lever.`
  );
}

function signed(value: number | null, show: (value: number) => string): string {
  if (value === null) return '?';
  return value > 0 ? `+${show(value)}` : show(value);
}

function countOf(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
