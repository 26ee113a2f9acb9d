import type { MapOutcome } from './play-map.ts';
import { quotaOf, type QuotaName, type Workload } from './workload.ts';

/** One simulated week. */
export interface WeekReport {
  concurrency: { runs: number; judges: number };
  runs: MapOutcome;
  judges: MapOutcome;
  aggregate_s: number;
  wall_s: number;
  task_hours: number;
  models_usd: number;
  aws_usd: number;
}

const HEAD = [
  'runs / judges at once',
  'dialogues',
  'judging',
  'whole week',
  'held up by',
  'task hours',
  'AWS',
];

/** The weeks as a table, and what the same matrix costs in models. */
export function report(
  { models, profile, quota }: { models: number; profile: string; quota: QuotaName },
  workload: Workload,
  weeks: readonly WeekReport[],
): string {
  const rows = weeks.map((week) => [
    `${week.concurrency.runs} / ${week.concurrency.judges}`,
    duration(week.runs.wall_s),
    duration(week.judges.wall_s),
    duration(week.wall_s),
    heldUp(week),
    String(Math.round(week.task_hours)),
    usd(week.aws_usd),
  ]);
  const widths = HEAD.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd();
  const components = Object.entries(workload.usd)
    .filter(([, value]) => value > 0)
    .map(([name, value]) => `${name} ${usd(value)}`)
    .join(', ');
  const judge = workload.models.find((model) => !model.includes('#'));
  return [
    `${models} models as in ${profile}: ${workload.n_runs} dialogues, ${workload.n_turns} turns, ${weeks[0]!.judges.calls} verdicts · quota "${quota}"`,
    '',
    line(HEAD),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map(line),
    '',
    `models, likely: ${usd(weeks[0]!.models_usd)} (${components})`,
    ...(judge === undefined
      ? []
      : [`one judge for all: ${judge}, ${quotaOf(quota, judge).toLocaleString('en')} tokens a minute`]),
    'Simulated: sizes and prices of `plan`, times of config/prices, quotas of scripts/simulate/quotas.json. Nothing was called.',
  ].join('\n');
}

/** What a wider Map would not cure: the share of task time spent waiting on quotas, and on whose. */
function heldUp({ runs, judges }: WeekReport): string {
  const share = ({ waited_s, task_s }: MapOutcome) => waited_s / task_s;
  const parts = [
    ...(share(runs) > 0.05 ? [`${percent(share(runs))} on ${nameOf(runs)}`] : []),
    ...(share(judges) > 0.05 ? [`${percent(share(judges))} on judge ${nameOf(judges)}`] : []),
  ];
  return parts.length === 0 ? 'concurrency' : `quota: ${parts.join(', ')}`;
}

function nameOf({ waits }: MapOutcome): string {
  return waits[0]?.model.replace(/#\d+$/, '') ?? 'none';
}

function percent(value: number): string {
  return `${Math.round(value * 100)}%`;
}

function usd(value: number): string {
  return `$${value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2)}`;
}

function duration(seconds: number): string {
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} days`;
}
