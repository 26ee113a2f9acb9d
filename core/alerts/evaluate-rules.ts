import { ALERT_RULES, type AlertRules } from '../../schemas/alert-rules.ts';
import type { Alert } from '../../schemas/alert.ts';
import { ALL_PHASES } from '../../schemas/names.ts';
import type { WeeklySummary } from '../../schemas/weekly-summary.ts';
import { round6, round6OrNull } from '../aggregate/round-record.ts';
import { holm } from '../statistics/holm.ts';
import { canaryDeviation, type Canary } from './canary-deviation.ts';
import type { CanaryResult } from '../../schemas/canary-result.ts';
import type { ExecutionSummary } from '../../schemas/execution-summary.ts';
import { contextOverflows, cost, coverage } from './coverage-and-cost.ts';
import type { Family, Finding } from './finding.ts';
import { judgeDisagreement } from './judge-disagreement.ts';
import { complianceDrop, halfLifeDrop } from './model-drops.ts';

/** Scores run from 0 to 10; the canary's changes are fractions of that. */
const SCALE_PTS = 10;

export interface AlertEvidence {
  /** What Aggregate computed for this execution. */
  summary: ExecutionSummary;
  /** Scheduled time of the execution, UTC. */
  scheduled_at: string;
  /** The first official execution of this series and measure; null when this is the first. */
  baseline: ExecutionSummary | null;
  /** The canary's items, now and of the baseline; empty where no canary ran. */
  canary_results: readonly CanaryResult[];
  baseline_canary_results: readonly CanaryResult[];
  /** Alerts of the official execution of the week before. */
  previous_alerts: readonly Alert[];
}

/**
 * The alerts of a week: rules that fire (or would, but are muted), and alerts of last week that do not fire any more.
 * The tests of all rules, models and variants are one family: Holm keeps the chance of any false alarm in a week without
 * change at `family_alpha`. Phase rows are never alerted. Deterministic; sorted by rule, model and variant.
 */
export function evaluateRules(evidence: AlertEvidence, rules: AlertRules): Alert[] {
  const findings = findingsOf(evidence, rules);
  const tested = findings.filter(({ p }) => p !== null);
  const adjusted = holm(tested.map(({ p }) => p!));
  const adjustedOf = new Map(tested.map((finding, index) => [finding, adjusted[index]!]));

  const alerts = new Map<string, Alert>();
  const evaluated = new Map<string, Finding>();
  for (const finding of findings) {
    const key = keyOf(finding);
    if (!evaluated.has(key)) evaluated.set(key, finding);
    const p_adjusted = adjustedOf.get(finding) ?? null;
    const isConfirmed = finding.isBeyond && p_adjusted !== null && p_adjusted < rules.family_alpha;
    // A rule alerts once a model and variant: the first finding that fires speaks for it.
    if (!(finding.isCertain || isConfirmed) || alerts.has(key)) continue;
    const mute = muteOf(finding, evidence.scheduled_at, rules);
    alerts.set(key, {
      ...alertOf(finding, evidence, p_adjusted),
      status: mute === null ? 'firing' : 'muted',
      message: clip(
        [
          finding.text,
          p_adjusted === null
            ? ''
            : `Adjusted p ${p_adjusted < 0.0001 ? '< 0.0001' : p_adjusted.toFixed(4)} over ${tested.length} tests.`,
          powerOf(finding),
          finding.advice,
          mute === null ? '' : `Muted until ${mute.until}: ${mute.reason}`,
        ]
          .filter((part) => part !== '')
          .join(' '),
      ),
    });
  }
  for (const alert of evidence.previous_alerts) {
    const key = keyOf(alert);
    if (alert.status === 'resolved' || alert.series !== evidence.summary.series || alerts.has(key)) continue;
    alerts.set(key, resolved(alert, evaluated.get(key) ?? null, evidence));
  }
  return [...alerts.values()].sort(byRuleModelVariant);
}

function findingsOf(evidence: AlertEvidence, rules: AlertRules): Finding[] {
  const { summary } = evidence;
  const baseline = acceptedBaseline(evidence);
  const overAll = (rows: readonly WeeklySummary[]) => rows.filter(({ phase }) => phase === ALL_PHASES);
  const rows = overAll(summary.weekly);
  const baselineRows = overAll(baseline?.weekly ?? []);
  const baselineOf = (row: WeeklySummary) => {
    const own = baselineRows.filter(({ model, variant }) => model === row.model && variant === row.variant);
    return own.length > 0 ? own : baselineRows;
  };
  const canary = canaryOf(summary, evidence.canary_results);
  const canaryBefore = baseline === null ? null : canaryOf(baseline, evidence.baseline_canary_results);
  const test = (family: Family) => [
    ...rows.map((row) => halfLifeDrop(row, rules, family)),
    ...rows.map((row) => complianceDrop(row, rules, family)),
    ...rows.map((row) => judgeDisagreement(row, baselineOf(row), rules, family)),
    canary === null ? null : canaryDeviation(canary, canaryBefore, rules, family),
  ];
  // The size of the family is known once all tests are; only the power printed depends on it.
  const tests = test({ size: 1, alpha: rules.family_alpha }).filter((finding) => finding?.p != null);
  const size = Math.max(1, tests.length);
  return [
    ...test({ size, alpha: rules.family_alpha / size }),
    coverage(summary.weekly, rules),
    ...contextOverflows(summary.weekly, rules),
    cost(summary),
  ].filter((finding) => finding !== null);
}

/** A week is no baseline of itself, and another measure is none at all. */
function acceptedBaseline({ summary, baseline }: AlertEvidence): ExecutionSummary | null {
  const isComparable =
    baseline?.measure_sha256 === summary.measure_sha256 && baseline.execution_id !== summary.execution_id;
  return isComparable ? baseline : null;
}

function canaryOf({ canary }: ExecutionSummary, results: readonly CanaryResult[]): Canary | null {
  return canary === null ? null : { summary: canary, results };
}

function alertOf(
  finding: Finding,
  { summary, scheduled_at }: AlertEvidence,
  p_adjusted: number | null,
): Omit<Alert, 'status' | 'message'> {
  return {
    alert_id: `${summary.series}+${keyOf(finding)}+${summary.week}`,
    execution_id: summary.execution_id,
    series: summary.series,
    week: summary.week,
    rule: finding.rule,
    model: finding.model,
    variant: finding.variant,
    phase: ALL_PHASES,
    value: round6OrNull(finding.value),
    previous_value: round6OrNull(finding.previous_value),
    change: round6OrNull(finding.change),
    ci_low: round6OrNull(finding.ci_low),
    ci_high: round6OrNull(finding.ci_high),
    p_adjusted: p_adjusted === null ? null : round6(p_adjusted),
    n: finding.n,
    minimum_detectable_change: round6OrNull(finding.minimum_detectable_change),
    created_at: scheduled_at,
  };
}

/** An alert of last week that does not fire now. "Resolved" says that the rule is quiet, not that the level has recovered. */
function resolved(previous: Alert, finding: Finding | null, evidence: AlertEvidence): Alert {
  const opening = `${previous.rule} of ${previous.model ?? 'the execution'} (${previous.week})`;
  return {
    ...alertOf(finding ?? unmeasured(previous), evidence, null),
    status: 'resolved',
    message: clip(
      finding === null
        ? `${opening} is closed without evidence: the rule had nothing to look at this week.`
        : `${opening} does not fire any more. ${finding.text} Value before that alert: ` +
            `${previous.previous_value?.toFixed(2) ?? 'not known'}.`,
    ),
  };
}

function unmeasured({ rule, model, variant }: Alert): Finding {
  return {
    rule,
    model,
    variant,
    value: null,
    previous_value: null,
    change: null,
    ci_low: null,
    ci_high: null,
    n: 0,
    minimum_detectable_change: null,
    p: null,
    isBeyond: false,
    isCertain: false,
    text: '',
    advice: '',
  };
}

function powerOf({ rule, minimum_detectable_change: change }: Finding): string {
  if (change === null) return '';
  return `This rule finds a true change of ${sizeOf(rule, change)} with 80% probability.`;
}

/** A change in the unit its rule speaks: part of last week's half-life, points of a score, percentage points of a share. */
function sizeOf(rule: Finding['rule'], change: number): string {
  if (rule === 'half_life_drop') return `${(100 * change).toFixed(0)}%`;
  if (rule === 'canary_deviation') return `${(SCALE_PTS * change).toFixed(1)} points of ${SCALE_PTS}`;
  return `${(100 * change).toFixed(0)} points`;
}

function muteOf(finding: Finding, at: string, rules: AlertRules) {
  return (
    rules.mutes.find(
      ({ rule, model, until }) =>
        rule === finding.rule && (model === undefined || model === finding.model) && at < until,
    ) ?? null
  );
}

function keyOf({ rule, model, variant }: Pick<Finding, 'rule' | 'model' | 'variant'>): string {
  return `${rule}+${model ?? 'all'}+${variant ?? 'all'}`;
}

function byRuleModelVariant(a: Alert, b: Alert): number {
  const byRule = ALERT_RULES.indexOf(a.rule) - ALERT_RULES.indexOf(b.rule);
  if (byRule !== 0) return byRule;
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

/** Messages hold 500 characters (schemas/alert.ts). */
function clip(message: string): string {
  return message.length <= 500 ? message : `${message.slice(0, 499)}…`;
}
