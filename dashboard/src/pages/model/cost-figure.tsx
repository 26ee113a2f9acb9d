import type { ModelTrendRow } from '../../../../schemas/dashboard-data.ts';
import { StackedBars } from '../../charts/stacked-bars.tsx';
import { compact, count, percent, usd } from '../../format/number.ts';
import { weekLabel } from '../../format/labels.ts';
import { Figure, Legend } from '../../kit/figure.tsx';
import { alongWeeks, type Week } from './weeks.ts';

const TOKENS = [
  { field: 'input_tokens', name: 'input', tone: 'mix-5' },
  { field: 'cache_read_tokens', name: 'cache read', tone: 'mix-6' },
  { field: 'cache_write_tokens', name: 'cache write', tone: 'mix-7' },
  { field: 'output_tokens', name: 'output', tone: 'mix-2' },
] as const;

/** Spend and tokens of a model by week. */
export function CostFigure({
  model,
  rows,
  weeks,
}: {
  model: string;
  rows: readonly ModelTrendRow[];
  weeks: readonly Week[];
}) {
  const { at, ticks } = alongWeeks(rows, weeks);
  const now = at.at(-1);
  const spend =
    now == null
      ? 'Not run this week.'
      : `${usd(now.cost_usd)} this week, ${usd(now.cost_per_run_usd)} a dialogue.`;
  const total = now == null ? 0 : TOKENS.reduce((sum, { field }) => sum + now[field], 0);
  const cached = now == null || total === 0 ? 0 : now.cache_read_tokens / total;
  const tokens =
    now == null
      ? 'Not run this week.'
      : `${compact(total)} tokens this week, ${percent(cached)} of them read from the prompt cache.`;
  return (
    <>
      <Figure
        kicker={`Spend on ${model} by week`}
        finding={spend}
        data={{
          columns: ['week', 'cost_usd', 'cost_per_run_usd', 'n_runs'],
          rows: weeks.map(({ week }, index) => [
            week,
            at[index]?.cost_usd,
            at[index]?.cost_per_run_usd,
            at[index]?.n_runs,
          ]),
        }}
      >
        <StackedBars
          label={spend}
          height={200}
          parts={[{ name: 'spend', tone: 'mix-5' }]}
          write={usd}
          stacks={weeks.map(({ week }, index) => ({
            tick: ticks[index]!,
            values: [at[index]?.cost_usd ?? 0],
            title: `${weekLabel(week)}: ${usd(at[index]?.cost_usd)}`,
          }))}
        />
      </Figure>
      <Figure
        kicker={`Tokens of ${model} by week`}
        finding={tokens}
        data={{
          columns: ['week', ...TOKENS.map(({ field }) => field)],
          rows: weeks.map(({ week }, index) => [week, ...TOKENS.map(({ field }) => at[index]?.[field])]),
        }}
      >
        <Legend items={TOKENS.map(({ name, tone }) => ({ name, tone: `fill-${tone}` }))} />
        <StackedBars
          label={tokens}
          height={200}
          parts={TOKENS}
          write={compact}
          stacks={weeks.map(({ week }, index) => ({
            tick: ticks[index]!,
            values: TOKENS.map(({ field }) => at[index]?.[field] ?? 0),
            title: `${weekLabel(week)}: ${TOKENS.map(({ field, name }) => `${name} ${count(at[index]?.[field])}`).join(', ')}`,
          }))}
        />
      </Figure>
    </>
  );
}
