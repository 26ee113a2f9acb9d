import type { TrendRow, TrendWeek } from '../../../../schemas/dashboard-data.ts';
import { rankText } from '../../../../schemas/rank-text.ts';
import { CiBar, Sparkline } from '../../charts/sparkline.tsx';
import { seamsOf } from '../../data/seams.ts';
import type { Entry } from '../../data/trends.ts';
import { declineWord } from '../../format/decline.ts';
import { weekLabel } from '../../format/labels.ts';
import {
  decimal,
  excludesZero,
  interval,
  listed,
  percent,
  points,
  signed,
  signedPercent,
  turns,
  usd,
} from '../../format/number.ts';
import { Badge } from '../../kit/badge.tsx';
import { CsvButton } from '../../kit/csv-button.tsx';
import { To } from '../../kit/link.tsx';
import { Table, type Column } from '../../kit/table.tsx';

const SPARK_WEEKS = 12;
const HORIZON: readonly [number, number] = [0, 40];

/** All ranked models of a week, best first. */
export function Leaderboard({
  entries,
  weeks,
  hasVariants,
}: {
  entries: readonly Entry[];
  weeks: readonly TrendWeek[];
  hasVariants: boolean;
}) {
  const shown = weeks.slice(-SPARK_WEEKS);
  const seams = seamsOf(shown);
  // One scale for all rows, from just below the lowest value shown, so that lines compare and small changes are seen.
  const values = entries.flatMap(({ history }) =>
    history.slice(-SPARK_WEEKS).flatMap((row) => row?.rmst_turns ?? []),
  );
  const scale: [number, number] = [Math.max(0, Math.min(HORIZON[1], ...values) - 2), HORIZON[1]];
  const columns: Column<Entry>[] = [
    {
      key: 'rank',
      head: 'Rank',
      is_number: true,
      cell: ({ now }) => (
        <span
          class="rank"
          title={
            now!.rank === now!.rank_max ? undefined : 'the places that the comparisons with others leave open'
          }
        >
          {rankText(now!)}
        </span>
      ),
    },
    {
      key: 'model',
      head: 'Model',
      cell: (entry) => (
        <>
          <To
            to={`/model/${entry.model}`}
            with={{ variant: hasVariants ? entry.variant : null }}
            class="strong"
          >
            {entry.model}
          </To>
          {declineWord(entry.now!) === 'declines' ? (
            <>
              {' '}
              <Badge
                tone="worse"
                title={`First third minus last third of the dialogue: ${signed(entry.now!.decline_pts, 2)} points (${interval(entry.now!.decline_ci_low, entry.now!.decline_ci_high, points)})`}
              >
                declines {decimal(entry.now!.decline_pts, 1)}
              </Badge>
            </>
          ) : null}
          {hasVariants ? <span class="sub">{entry.variant}</span> : null}
        </>
      ),
    },
    {
      key: 'bar',
      head: 'Half-life, of 40 turns',
      class: 'cell-bar',
      cell: ({ now, model }) => (
        <CiBar
          value={now!.rmst_turns}
          low={now!.rmst_ci_low}
          high={now!.rmst_ci_high}
          domain={HORIZON}
          label={`${model}: half-life ${turns(now!.rmst_turns)} turns, 95% CI ${interval(now!.rmst_ci_low, now!.rmst_ci_high, turns)}`}
        />
      ),
    },
    {
      key: 'rmst',
      head: 'Turns',
      is_number: true,
      cell: ({ now }) => (
        <>
          <span class="strong">{turns(now!.rmst_turns)}</span>
          <span class="sub">{interval(now!.rmst_ci_low, now!.rmst_ci_high, turns)}</span>
        </>
      ),
    },
    {
      key: 'trend',
      head: `${shown.length} weeks`,
      cell: ({ history, model }) => {
        const values = history.slice(-SPARK_WEEKS).map((row) => row?.rmst_turns ?? null);
        return (
          <Sparkline
            values={values}
            domain={scale}
            seams={seams}
            label={`${model}, half-life over ${shown.length} weeks: ${values.map((value) => turns(value)).join(', ')}`}
          />
        );
      },
    },
    {
      key: 'delta',
      head: 'On last week',
      is_number: true,
      cell: ({ now }) => <Delta row={now!} />,
    },
    {
      key: 'compliance',
      head: 'Compliance',
      is_number: true,
      class: 'wide-only',
      cell: ({ now }) => (
        <>
          {percent(now!.compliance_rate)}
          <span class="sub">{interval(now!.compliance_ci_low, now!.compliance_ci_high, percent)}</span>
        </>
      ),
    },
    {
      key: 'survived',
      head: 'Held to the end',
      is_number: true,
      class: 'wide-only',
      cell: ({ now }) => percent(now!.survived_frac),
    },
    {
      key: 'score',
      head: 'SD',
      is_number: true,
      class: 'wide-only',
      title: 'Socratic Disposition, mean of all turns, 0–10',
      cell: ({ now }) => points(now!.mean_score),
    },
    {
      key: 'cost',
      head: 'Cost',
      is_number: true,
      class: 'wide-only',
      cell: ({ now }) => usd(now!.cost_usd),
    },
  ];
  return (
    <>
      <Table
        caption="Models ranked by half-life"
        columns={columns}
        rows={entries}
        rowKey={(entry) => `${entry.model} ${entry.variant}`}
      />
      <div class="table-foot">
        <span class="faint tiny">
          Bars: 95% interval around the mark. Grey changes: the interval includes 0.
          {seams.length > 0 ? ' Dotted line in a trend: the measure changed.' : ''}
        </span>
        <CsvButton name="leaderboard" data={() => leaderboardData(entries)} />
      </div>
    </>
  );
}

function Delta({ row }: { row: TrendRow }) {
  if (row.wow_rmst_delta === null) return <span class="faint">–</span>;
  const isChange = excludesZero(row.wow_rmst_ci_low, row.wow_rmst_ci_high);
  const tone = isChange ? (row.wow_rmst_delta > 0 ? 'ink-better strong' : 'ink-worse strong') : 'faint';
  return (
    <span class={tone}>
      {isChange ? (row.wow_rmst_delta > 0 ? '▲ ' : '▼ ') : ''}
      {signedPercent(row.wow_rmst_delta)}
      <span class="sub">
        {interval(row.wow_rmst_ci_low, row.wow_rmst_ci_high, (value) => signedPercent(value))}
      </span>
    </span>
  );
}

const CSV_FIELDS = [
  'rank',
  'rank_max',
  'rmst_turns',
  'rmst_ci_low',
  'rmst_ci_high',
  'survived_frac',
  'compliance_rate',
  'compliance_ci_low',
  'compliance_ci_high',
  'mean_score',
  'decline_pts',
  'decline_ci_low',
  'decline_ci_high',
  'wow_rmst_delta',
  'wow_rmst_ci_low',
  'wow_rmst_ci_high',
  'cost_usd',
  'n_runs',
] as const;

function leaderboardData(entries: readonly Entry[]) {
  return {
    columns: ['week', 'model', 'variant', ...CSV_FIELDS],
    rows: entries.map(({ now, model, variant }) => [
      now!.week,
      model,
      variant,
      ...CSV_FIELDS.map((field) => now![field]),
    ]),
  };
}

/** Models that cannot be ranked with the others, and those that are gone: named, so that nobody looks for them in vain. */
export function Apart({ apart, gone }: { apart: readonly Entry[]; gone: readonly Entry[] }) {
  if (apart.length + gone.length === 0) return null;
  return (
    <div class="stack apart">
      {apart.length === 0 ? null : (
        <p class="notice">
          Ranked apart, since a phase of theirs was not planned or not scored:{' '}
          {apart.map(({ model, variant }, index) => (
            <span key={`${model} ${variant}`}>
              {index > 0 ? ', ' : ''}
              <To to={`/model/${model}`}>{model}</To>
            </span>
          ))}
          .
        </p>
      )}
      {gone.length === 0 ? null : (
        <p class="notice">
          Measured before, not this week: {listed(gone.map(({ model, history }) => lastSeen(model, history)))}
          .
        </p>
      )}
    </div>
  );
}

function lastSeen(model: string, history: Entry['history']): string {
  const last = history.findLast((row) => row !== null);
  return last === undefined || last === null ? model : `${model} (last in ${weekLabel(last.week)})`;
}
