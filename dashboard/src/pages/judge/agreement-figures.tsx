import type { TrendWeek } from '../../../../schemas/dashboard-data.ts';
import type { ExecutionSummary } from '../../../../schemas/execution-summary.ts';
import { DotPlot } from '../../charts/dot-plot.tsx';
import { LineChart } from '../../charts/line-chart.tsx';
import { seamsOf } from '../../data/seams.ts';
import { CRITERION_LABELS, CRITERION_LIST, weekTick } from '../../format/labels.ts';
import { percent, signed } from '../../format/number.ts';
import { Figure, Legend } from '../../kit/figure.tsx';

/** The two stages beside each other: split by week and by model, and where their marks differ. */
export function AgreementFigures({
  summary,
  weeks,
}: {
  summary: ExecutionSummary;
  weeks: readonly TrendWeek[];
}) {
  return (
    <div class="grid-2">
      <SplitByWeek weeks={weeks} />
      <SplitByModel summary={summary} />
      <MarksByCriterion summary={summary} />
      <FilterByWeek weeks={weeks} />
    </div>
  );
}

function SplitByWeek({ weeks }: { weeks: readonly TrendWeek[] }) {
  const values = weeks.map(({ judge }) => judge.split_frac);
  const now = values.at(-1) ?? null;
  const finding =
    now === null
      ? 'No turn was judged this week.'
      : `The two part by more than 2 points on ${percent(now, 1)} of judged turns this week.`;
  return (
    <Figure
      kicker="Share of judged turns on which judge and heuristics split, by week"
      finding={finding}
      data={{
        columns: ['week', 'split_frac', 'kappa', 'n_judged_turns'],
        rows: weeks.map(({ week, judge }) => [week, judge.split_frac, judge.kappa, judge.n_judged_turns]),
      }}
    >
      <LineChart
        label={finding}
        ticks={weeks.map(({ week }, index) => weekTick(week, weeks[index - 1]?.week))}
        seams={seamsOf(weeks)}
        domain={[0, Math.max(0.2, ...values.map((value) => value ?? 0))]}
        write={percent}
        marked={weeks.length - 1}
        references={[{ value: 0.15, name: 'alert from 15%' }]}
        series={[{ name: 'split', tone: 'steel', values }]}
      />
    </Figure>
  );
}

function SplitByModel({ summary }: { summary: ExecutionSummary }) {
  const rows = summary.weekly
    .filter(({ phase, judge_split_frac }) => phase === 'all' && judge_split_frac !== null)
    .sort((a, b) => b.judge_split_frac! - a.judge_split_frac!);
  const finding =
    rows.length === 0
      ? 'No model has judged turns over all phases.'
      : `Most on ${rows[0]!.model}: ${percent(rows[0]!.judge_split_frac, 1)}.`;
  return (
    <Figure
      kicker="The same by model, this week"
      finding={finding}
      data={{
        columns: ['model', 'variant', 'judge_split_frac', 'ci_low', 'ci_high', 'kappa'],
        rows: rows.map((row) => [
          row.model,
          row.variant,
          row.judge_split_frac,
          row.judge_split_ci_low,
          row.judge_split_ci_high,
          row.judge_heuristic_kappa,
        ]),
      }}
    >
      <DotPlot
        label={finding}
        domain={[0, Math.max(0.2, ...rows.map((row) => row.judge_split_ci_high ?? row.judge_split_frac!))]}
        reference={0.15}
        write={percent}
        rows={rows.map((row) => ({
          name: row.model,
          value: row.judge_split_frac,
          low: row.judge_split_ci_low,
          high: row.judge_split_ci_high,
          tone: 'steel',
          text: percent(row.judge_split_frac, 1),
        }))}
      />
    </Figure>
  );
}

function MarksByCriterion({ summary }: { summary: ExecutionSummary }) {
  const rows = CRITERION_LIST.flatMap((criterion) => {
    const cells = summary.weekly
      .filter(({ phase }) => phase === 'all')
      .flatMap((row) =>
        row.judge_minus_heuristic_pts
          .filter((cell) => cell.criterion === criterion)
          .map(({ mean_pts }) => ({ mean_pts, weight: row.n_judged_turns })),
      );
    const weight = cells.reduce((sum, cell) => sum + cell.weight, 0);
    return weight === 0
      ? []
      : [{ criterion, mean: cells.reduce((sum, cell) => sum + cell.mean_pts * cell.weight, 0) / weight }];
  }).sort((a, b) => Math.abs(b.mean) - Math.abs(a.mean));
  const finding =
    rows.length === 0
      ? 'No turn was judged this week.'
      : `Furthest apart on “${CRITERION_LABELS[rows[0]!.criterion]}”: the judge marks ${signed(rows[0]!.mean, 1)} points on average.`;
  const widest = Math.max(1, ...rows.map(({ mean }) => Math.abs(mean)));
  return (
    <Figure
      kicker="Judge − heuristics by criterion, mean points over all models"
      finding={finding}
      data={{
        columns: ['criterion', 'judge_minus_heuristic_pts'],
        rows: rows.map((row) => [row.criterion, row.mean]),
      }}
    >
      <DotPlot
        label={finding}
        domain={[-widest, widest]}
        reference={0}
        write={(value) => signed(value, 1)}
        rows={rows.map((row) => ({
          name: CRITERION_LABELS[row.criterion],
          value: row.mean,
          tone: 'steel',
          text: signed(row.mean, 2),
        }))}
      />
    </Figure>
  );
}

function FilterByWeek({ weeks }: { weeks: readonly TrendWeek[] }) {
  const shareOf = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  const spared = weeks.map(({ judge }) =>
    shareOf(judge.n_skipped_turns, judge.n_skipped_turns + judge.n_judged_turns),
  );
  const wrong = weeks.map(({ judge }) => shareOf(judge.n_audit_errors, judge.n_audited_turns));
  const now = spared.at(-1) ?? null;
  const finding =
    now === null || now === 0
      ? 'The filter spared the judge no turn this week.'
      : `The filter spared the judge ${percent(now)} of the turns this week${wrong.at(-1) == null ? '' : `; of the audited ones ${percent(wrong.at(-1), 1)} were wrong`}.`;
  return (
    <Figure
      kicker="Turns spared by the filter, and audited ones it got wrong, by week"
      finding={finding}
      data={{
        columns: ['week', 'n_judged_turns', 'n_skipped_turns', 'n_audited_turns', 'n_audit_errors'],
        rows: weeks.map(({ week, judge }) => [
          week,
          judge.n_judged_turns,
          judge.n_skipped_turns,
          judge.n_audited_turns,
          judge.n_audit_errors,
        ]),
      }}
    >
      <Legend
        items={[
          { name: 'spared', tone: 'stroke-steel' },
          { name: 'wrong among the audited', tone: 'stroke-worse' },
        ]}
      />
      <LineChart
        label={finding}
        ticks={weeks.map(({ week }, index) => weekTick(week, weeks[index - 1]?.week))}
        seams={seamsOf(weeks)}
        domain={[0, 1]}
        write={percent}
        marked={weeks.length - 1}
        series={[
          { name: 'spared', tone: 'steel', values: spared },
          { name: 'wrong', tone: 'worse', values: wrong },
        ]}
      />
    </Figure>
  );
}
