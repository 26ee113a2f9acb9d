import type { ModelTrendRow } from '../../../../schemas/dashboard-data.ts';
import { LineChart } from '../../charts/line-chart.tsx';
import { weekLabel } from '../../format/labels.ts';
import { turns } from '../../format/number.ts';
import { Figure } from '../../kit/figure.tsx';
import { alongWeeks, type Week } from './weeks.ts';

/** Half-life week by week with its interval. */
export function TrendFigure({
  model,
  rows,
  weeks,
}: {
  model: string;
  rows: readonly ModelTrendRow[];
  weeks: readonly Week[];
}) {
  const { at, ticks, seams } = alongWeeks(rows, weeks);
  const phase = rows[0]?.phase ?? 'all';
  const horizon = phase === 'all' ? 40 : (rows.at(-1)?.horizon_turns ?? 40);
  const finding = trendSentence(at, seams, horizon);
  return (
    <Figure
      kicker={`Half-life of ${model} by week, ${phase === 'all' ? 'all phases' : phase}`}
      finding={finding}
      note="Restricted mean with 95% interval."
      data={{
        columns: ['week', 'rmst_turns', 'rmst_ci_low', 'rmst_ci_high', 'n_runs', 'measure_sha256'],
        rows: weeks.map(({ week, measure_sha256 }, index) => {
          const row = at[index];
          return [week, row?.rmst_turns, row?.rmst_ci_low, row?.rmst_ci_high, row?.n_runs, measure_sha256];
        }),
      }}
    >
      <LineChart
        label={finding}
        ticks={ticks}
        seams={seams}
        domain={[0, horizon]}
        write={(value) => turns(value).replace('.0', '')}
        marked={weeks.length - 1}
        height={316}
        series={[
          {
            name: 'half-life',
            tone: 'steel',
            values: at.map((row) => row?.rmst_turns ?? null),
            low: at.map((row) => row?.rmst_ci_low ?? null),
            high: at.map((row) => row?.rmst_ci_high ?? null),
          },
        ]}
      />
    </Figure>
  );
}

/** Where it stands and where it stood: best and worst week of the present measure, never a trend it has not tested. */
function trendSentence(
  at: readonly (ModelTrendRow | null)[],
  seams: readonly number[],
  horizon: number,
): string {
  const now = at.at(-1);
  const since = at.slice(seams.at(-1) ?? 0).flatMap((row) => (row?.rmst_turns == null ? [] : [row]));
  if (now?.rmst_turns == null) {
    const last = at.findLast((row) => row?.rmst_turns != null);
    return last == null
      ? 'No half-life over these phases in any week.'
      : `Not measured this week; ${turns(last.rmst_turns)} of ${horizon} turns when last seen, in ${weekLabel(last.week)}.`;
  }
  const best = since.reduce((a, b) => (b.rmst_turns! > a.rmst_turns! ? b : a));
  const worst = since.reduce((a, b) => (b.rmst_turns! < a.rmst_turns! ? b : a));
  if (since.length < 2)
    return `${turns(now.rmst_turns)} of ${horizon} turns, the first week of this measure.`;
  if (best.rmst_turns! - worst.rmst_turns! < 0.05)
    return `${turns(now.rmst_turns)} of ${horizon} turns in every week.`;
  const part = (row: ModelTrendRow) => `${turns(row.rmst_turns)} in ${weekLabel(row.week).split(',')[0]}`;
  return `${turns(now.rmst_turns)} turns this week; between ${part(worst)} and ${part(best)} under this measure.`;
}
