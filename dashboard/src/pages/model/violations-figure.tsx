import type { ModelTrendRow } from '../../../../schemas/dashboard-data.ts';
import { StackedBars } from '../../charts/stacked-bars.tsx';
import { mixOf } from '../../format/violation-mix.ts';
import { violationLabel, weekLabel } from '../../format/labels.ts';
import { decimal } from '../../format/number.ts';
import { Figure, Legend } from '../../kit/figure.tsx';
import { alongWeeks, type Week } from './weeks.ts';

/** Violations per 100 turns, week by week. */
export function ViolationsFigure({
  model,
  rows,
  weeks,
}: {
  model: string;
  rows: readonly ModelTrendRow[];
  weeks: readonly Week[];
}) {
  const { at, ticks, seams } = alongWeeks(rows, weeks);
  const { parts, table } = mixOf(at.map((row) => row?.violations_per_100_turns ?? []));
  const now = parts
    .map(({ label }, index) => ({ label, value: table.at(-1)?.[index] ?? 0 }))
    .sort((a, b) => b.value - a.value)[0];
  const finding =
    at.at(-1) == null
      ? 'Not measured this week.'
      : now === undefined || now.value === 0
        ? 'No violation was found this week.'
        : `Most often: ${now.label}, in ${decimal(now.value, now.value < 10 ? 1 : 0)} of 100 turns this week.`;
  return (
    <Figure
      kicker={`Violations of ${model} per 100 turns, by week`}
      finding={finding}
      data={{
        columns: ['week', 'violation', 'per_100_turns'],
        rows: at.flatMap((row, index) =>
          (row?.violations_per_100_turns ?? []).map(({ violation, per_100 }) => [
            weeks[index]!.week,
            violationLabel(violation),
            per_100,
          ]),
        ),
      }}
    >
      <Legend items={parts.map(({ label, tone }) => ({ name: label, tone: `fill-${tone}` }))} />
      <StackedBars
        label={finding}
        parts={parts.map(({ label, tone }) => ({ name: label, tone }))}
        seams={seams}
        write={(value) => decimal(value, 0)}
        stacks={weeks.map(({ week }, index) => ({
          tick: ticks[index]!,
          values: table[index]!,
          title: `${weekLabel(week)}: ${parts.map(({ label }, part) => `${label} ${decimal(table[index]![part], 1)}`).join(', ')}`,
        }))}
      />
    </Figure>
  );
}
