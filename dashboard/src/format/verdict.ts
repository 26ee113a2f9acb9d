import { median } from 'd3-array';
import type { Alert } from '../../../schemas/alert.ts';
import type { TrendRow, TrendWeek } from '../../../schemas/dashboard-data.ts';
import { ALERT_LABELS } from './labels.ts';
import { excludesZero, listed, percent, plural, signedPercent } from './number.ts';

/** One change of a week: what moved, by how much, between which bounds. */
export interface Change {
  model: string;
  variant: string;
  metric: 'half-life' | 'compliance';
  /** Of last week for half-life; in points (as a fraction) for compliance. */
  delta: number;
  ci_low: number;
  ci_high: number;
  /** An alert fired for it: it is large and survives the correction for all tests of the week. */
  is_alert: boolean;
}

/** What the week says in one line, and how to colour it. */
export interface Verdict {
  tone: 'calm' | 'worse' | 'better' | 'care';
  headline: string;
  detail: string;
  changes: readonly Change[];
}

/** Changes whose interval leaves 0 out: alerts first, then falls, then by size. */
export function changesOf(rows: readonly TrendRow[], alerts: readonly Alert[]): Change[] {
  const changes: Change[] = [];
  for (const row of rows) {
    if (row.phase !== 'all') continue;
    const metrics = [
      ['half-life', row.wow_rmst_delta, row.wow_rmst_ci_low, row.wow_rmst_ci_high, 'half_life_drop'],
      [
        'compliance',
        row.wow_compliance_delta,
        row.wow_compliance_ci_low,
        row.wow_compliance_ci_high,
        'compliance_drop',
      ],
    ] as const;
    for (const [metric, delta, ci_low, ci_high, rule] of metrics) {
      if (delta === null || ci_low === null || ci_high === null || !excludesZero(ci_low, ci_high)) continue;
      const is_alert = alerts.some(
        (alert) =>
          alert.status === 'firing' &&
          alert.rule === rule &&
          alert.model === row.model &&
          (alert.variant === null || alert.variant === row.variant),
      );
      changes.push({ model: row.model, variant: row.variant, metric, delta, ci_low, ci_high, is_alert });
    }
  }
  return changes.sort(
    (a, b) =>
      Number(b.is_alert) - Number(a.is_alert) ||
      Number(a.delta > 0) - Number(b.delta > 0) ||
      Math.abs(b.delta) - Math.abs(a.delta),
  );
}

/**
 * The verdict of a week. `alerts` is null where they have not been checked yet. Without an alert nothing is said to have
 * changed: single intervals that leave 0 out are named as such, since among many some do so by chance.
 */
export function verdictOf(
  week: TrendWeek,
  previous: TrendWeek | null,
  rows: readonly TrendRow[],
  alerts: readonly Alert[] | null,
): Verdict {
  const firing = (alerts ?? []).filter((alert) => alert.status === 'firing');
  const changes = changesOf(rows, firing);
  const judge = firing.filter(({ rule }) => rule === 'judge_disagreement' || rule === 'canary_deviation');
  const models = firing.filter(({ rule }) => rule === 'half_life_drop' || rule === 'compliance_drop');
  const running = firing.filter(({ rule }) => rule === 'coverage' || rule === 'cost');
  const detail = [
    judge.length > 0 && models.length > 0 ? `${sentence(judge)}: read every change with that in mind.` : '',
    running.length > 0 && (models.length > 0 || judge.length > 0) ? `${sentence(running)}.` : '',
    detectable(rows),
    alerts === null ? 'Alerts have not been checked for this week.' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
  if (models.length > 0) {
    const names = [...new Set(models.map(({ model }) => model ?? 'all models'))];
    const what = new Set(
      models.map(({ rule }) => (rule === 'half_life_drop' ? 'half\u2011life' : 'compliance')),
    );
    return { tone: 'worse', headline: `${named(names)} lost ${listed([...what])}.`, detail, changes };
  }
  if (judge.length > 0)
    return { tone: 'care', headline: `The judge moved: ${sentence(judge, 'lower')}.`, detail, changes };
  if (running.length > 0) return { tone: 'care', headline: `${sentence(running)}.`, detail, changes };
  if (previous === null)
    return { tone: 'calm', headline: 'First week of this series: the baseline is set.', detail, changes };
  if (previous.measure_sha256 !== week.measure_sha256)
    return {
      tone: 'care',
      headline: 'The measure changed: this week does not compare with the one before.',
      detail: `Rubric, seeds, prompts or judge differ. ${detail}`.trim(),
      changes,
    };
  const risen = changes.filter(({ delta }) => delta > 0);
  if (changes.length === 0) return { tone: 'calm', headline: 'Nothing changed this week.', detail, changes };
  if (risen.length === changes.length) {
    const names = named([...new Set(risen.map(({ model }) => model))]);
    return { tone: 'better', headline: `Nothing got worse; ${names} moved up.`, detail, changes };
  }
  return {
    tone: 'calm',
    headline: 'Nothing changed enough to raise an alert.',
    detail: `${plural(changes.length, 'interval leaves', 'intervals leave')} 0 out, within what chance gives among many. ${detail}`,
    changes,
  };
}

/** Up to three models by name, more of them as a number: the list below has the names. */
function named(models: readonly string[]): string {
  return models.length > 3 ? plural(models.length, 'model') : listed(models);
}

/** How small a change the week could see: the middle of the models' minimum detectable changes of half-life. */
function detectable(rows: readonly TrendRow[]): string {
  const middle = median(
    rows.flatMap(({ phase, wow_rmst_mdc }) =>
      phase === 'all' && wow_rmst_mdc !== null ? [wow_rmst_mdc] : [],
    ),
  );
  if (middle === undefined) return '';
  return middle >= 1
    ? 'No fall of a half-life, however large, would be found in 4 of 5 such weeks.'
    : `For the typical model a half-life change of ${percent(middle)} would be found in 4 of 5 such weeks.`;
}

function sentence(alerts: readonly Alert[], first: 'upper' | 'lower' = 'upper'): string {
  const text = listed([...new Set(alerts.map(({ rule }) => ALERT_LABELS[rule]))]);
  return first === 'upper' ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** `half-life −34% (95% CI −48% to −21%)`; compliance in points, `compliance −12 points (95% CI −15 to −9)`. */
export function changeText(change: Change): string {
  const bare = (value: number) => signedPercent(value).replace('%', '');
  const [write, unit] = change.metric === 'half-life' ? [signedPercent, ''] : [bare, ' points'];
  return `${change.metric} ${write(change.delta)}${unit} (95% CI ${write(change.ci_low)} to ${write(change.ci_high)})`;
}
