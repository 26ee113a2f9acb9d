import type { IndexExecution, TrendsFile, TrendWeek } from '../../../../schemas/dashboard-data.ts';
import { alertsFile, trendsFile } from '../../data/files.ts';
import { optional } from '../../data/resource.ts';
import type { Scope } from '../../data/scope.ts';
import { entriesOf, rowsOf } from '../../data/trends.ts';
import { weekLabel } from '../../format/labels.ts';
import { count, percent, plural } from '../../format/number.ts';
import { verdictOf, type Verdict } from '../../format/verdict.ts';
import { Loaded, Section } from '../../kit/page.tsx';
import { Scoped } from '../../kit/scoped.tsx';
import { To } from '../../kit/link.tsx';
import { Answers } from './answers.tsx';
import { Apart, Leaderboard } from './leaderboard.tsx';
import { usePageTitle } from '../../state/page-title.ts';

/** Ten seconds on Monday: did anything change, why, what did it cost, can the judge be trusted. */
export function OverviewPage() {
  return (
    <Scoped>
      {(scope) => (
        <Loaded
          from={trendsFile(scope.series)}
          missing={
            <>
              The series “{scope.series}” has no official week yet: an execution that has not finished is not
              published.
            </>
          }
        >
          {(trends) => <Overview scope={scope} trends={trends} />}
        </Loaded>
      )}
    </Scoped>
  );
}

function Overview({ scope, trends }: { scope: Scope; trends: TrendsFile }) {
  const at = trends.weeks.findIndex(({ week }) => week === scope.execution.week);
  const week = trends.weeks[at] ?? trends.weeks.at(-1)!;
  usePageTitle(`Overview, ${weekLabel(week.week)}`);
  const previous =
    trends.weeks.find(({ execution_id }) => execution_id === week.previous_execution_id) ?? null;
  const rows = rowsOf(trends).filter((row) => row.week === week.week);
  const checked = alertsFile();
  const alerts =
    optional(checked)?.executions.find(({ execution_id }) => execution_id === week.execution_id)?.alerts ??
    null;
  const verdict = verdictOf(week, previous, rows, checked.state === 'loading' ? [] : alerts);
  const entries = entriesOf(trends, week.week);
  const weeks = trends.weeks.slice(0, at + 1);
  const n_seeds = Math.max(0, ...rows.map((row) => row.n_seeds));
  return (
    <>
      <VerdictHead
        week={week}
        verdict={verdict}
        isSettled={checked.state !== 'loading'}
        execution={scope.execution}
      />
      <Answers week={week} weeks={weeks} previous={previous} verdict={verdict} alerts={alerts ?? []} />
      <Section
        title="Models"
        lede={
          <>
            Ranked by half-life: the turn at which a tutor stops being Socratic, as restricted mean of 40
            turns over all phases. A rank is the places that the comparisons between models leave open
            {n_seeds < 8 ? `; intervals hold for these ${n_seeds} seeds only` : ''}.
          </>
        }
      >
        <Leaderboard entries={entries.ranked} weeks={weeks} hasVariants={trends.variants.length > 1} />
        <Apart apart={entries.apart} gone={entries.gone} />
      </Section>
    </>
  );
}

function VerdictHead({
  week,
  verdict,
  isSettled,
  execution,
}: {
  week: TrendWeek;
  verdict: Verdict;
  isSettled: boolean;
  execution: IndexExecution;
}) {
  return (
    <header class="verdict" aria-busy={!isSettled}>
      <p class="verdict-kicker">
        {weekLabel(week.week)} · {plural(week.n_models, 'model')} · {plural(week.n_scored, 'dialogue')} ·{' '}
        {plural(week.n_turns, 'turn')}
        {week.is_partial
          ? ` · ${percent(week.coverage_frac)} of ${count(week.n_planned)} planned runs scored`
          : ''}
      </p>
      <h1 class={`verdict-line ${verdict.tone}`}>{isSettled ? verdict.headline : ' '}</h1>
      <p class="lede">{isSettled ? verdict.detail : ' '}</p>
      {execution.is_official ? null : (
        <p class="notice care">
          This execution was superseded by a later one of the same week. Trends and alerts are about that one.{' '}
          <To to="/" with={{ execution: null }}>
            See the official week
          </To>
        </p>
      )}
    </header>
  );
}
