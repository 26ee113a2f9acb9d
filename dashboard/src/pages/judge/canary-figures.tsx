import type { TrendWeek } from '../../../../schemas/dashboard-data.ts';
import type { CanaryFile } from '../../../../schemas/dashboard-runs.ts';
import { DotPlot } from '../../charts/dot-plot.tsx';
import { LineChart } from '../../charts/line-chart.tsx';
import { Scatter } from '../../charts/scatter.tsx';
import { seamsOf } from '../../data/seams.ts';
import { CRITERION_LABELS, weekTick } from '../../format/labels.ts';
import { coefficient, percent, plural, signed } from '../../format/number.ts';
import { Figure, Legend } from '../../kit/figure.tsx';

/** The judge on the golden set: over the weeks, by criterion, turn by turn. */
export function CanaryFigures({ weeks, canary }: { weeks: readonly TrendWeek[]; canary: CanaryFile | null }) {
  return (
    <div class="grid-3">
      <Drift weeks={weeks} />
      {canary === null ? null : <ByCriterion canary={canary} />}
      {canary === null ? null : <Turns canary={canary} />}
    </div>
  );
}

function Drift({ weeks }: { weeks: readonly TrendWeek[] }) {
  const bias = weeks.map(({ canary }) => canary?.bias_pts ?? null);
  const mae = weeks.map(({ canary }) => canary?.mae_pts ?? null);
  const seams = seamsOf(weeks);
  const since = seams.at(-1) ?? 0;
  const [first, last] = [bias.slice(since).find((value) => value !== null) ?? null, bias.at(-1) ?? null];
  const finding =
    last === null
      ? 'No golden set was judged this week.'
      : first === null || weeks.length - since < 2
        ? `The judge is off by ${signed(last, 2)} points; first week of this measure.`
        : `The judge is off by ${signed(last, 2)} points; it was ${signed(first, 2)} in the first week of this measure.`;
  const widest =
    Math.max(1, ...bias.map((value) => Math.abs(value ?? 0)), ...mae.map((value) => value ?? 0)) * 1.1;
  return (
    <Figure
      kicker="Judge on the golden set, by week, points"
      finding={finding}
      data={{
        columns: ['week', 'bias_pts', 'mae_pts', 'kappa', 'n_judged', 'golden_set', 'judge_model'],
        rows: weeks.map(({ week, canary }) => [
          week,
          canary?.bias_pts,
          canary?.mae_pts,
          canary?.kappa,
          canary?.n_judged,
          canary?.golden_set,
          canary?.judge_model,
        ]),
      }}
    >
      <Legend
        items={[
          { name: 'bias: mean of judge − label', tone: 'stroke-steel' },
          { name: 'mean error, regardless of sign', tone: 'stroke-care' },
        ]}
      />
      <LineChart
        label={finding}
        height={248}
        ticks={weeks.map(({ week }, index) => weekTick(week, weeks[index - 1]?.week))}
        seams={seams}
        domain={[-widest, widest]}
        write={(value) => signed(value, 1)}
        marked={weeks.length - 1}
        references={[{ value: 0, name: '' }]}
        series={[
          { name: 'bias', tone: 'steel', values: bias },
          { name: 'mean error', tone: 'care', values: mae },
        ]}
      />
    </Figure>
  );
}

function ByCriterion({ canary }: { canary: CanaryFile }) {
  const rows = [...canary.summary.by_criterion].sort((a, b) => (a.kappa ?? 2) - (b.kappa ?? 2));
  const weakest = rows.find(({ kappa }) => kappa !== null);
  const finding =
    weakest === undefined
      ? 'No criterion has labels that vary.'
      : `Weakest on “${CRITERION_LABELS[weakest.criterion]}” (κ ${coefficient(weakest.kappa)}).`;
  return (
    <Figure
      kicker="Agreement with the labels by criterion, weighted κ"
      finding={finding}
      data={{
        columns: ['criterion', 'kappa', 'mae_pts', 'bias_pts'],
        rows: rows.map((row) => [row.criterion, row.kappa, row.mae_pts, row.bias_pts]),
      }}
    >
      <DotPlot
        label={finding}
        domain={[Math.min(0, ...rows.map(({ kappa }) => kappa ?? 0)), 1]}
        write={(value) => coefficient(value).replace(/0$/, '')}
        rows={rows.map((row) => ({
          name: CRITERION_LABELS[row.criterion],
          value: row.kappa,
          tone: 'steel',
          text: coefficient(row.kappa),
        }))}
      />
    </Figure>
  );
}

function Turns({ canary }: { canary: CanaryFile }) {
  const judged = canary.items.filter(({ judge_score }) => judge_score !== null);
  const near = judged.filter(({ deviation_pts }) => Math.abs(deviation_pts ?? 0) <= 1).length;
  const finding =
    judged.length === 0
      ? 'No golden turn has a verdict.'
      : `${percent(near / judged.length)} of ${plural(judged.length, 'golden turn')} lie within one point of their label.`;
  return (
    <Figure
      kicker="Golden turns: label against judge, SD"
      finding={finding}
      data={{
        columns: ['item_id', 'label', 'judge', 'deviation_pts'],
        rows: canary.items.map((item) => [
          item.item_id,
          item.expert_score,
          item.judge_score,
          item.deviation_pts,
        ]),
      }}
    >
      <Scatter
        label={finding}
        has_diagonal
        xName="label"
        yName="judge"
        xDomain={[0, 10]}
        yDomain={[0, 10]}
        xWrite={(value) => coefficient(value).replace('.00', '')}
        yWrite={(value) => coefficient(value).replace('.00', '')}
        points={judged.map((item) => ({
          name: item.item_id,
          x: item.expert_score,
          y: item.judge_score!,
          tone: Math.abs(item.deviation_pts ?? 0) > 2 ? 'worse' : 'steel',
        }))}
      />
    </Figure>
  );
}
