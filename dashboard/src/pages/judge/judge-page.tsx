import type { TrendsFile, TrendWeek } from '../../../../schemas/dashboard-data.ts';
import { canaryFile, executionFile, trendsFile } from '../../data/files.ts';
import { all, type Resource } from '../../data/resource.ts';
import type { ExecutionSummary } from '../../../../schemas/execution-summary.ts';
import type { CanaryFile } from '../../../../schemas/dashboard-runs.ts';
import { weekLabel } from '../../format/labels.ts';
import { coefficient, count, interval, percent, plural, signed } from '../../format/number.ts';
import { wilson } from '../../format/wilson.ts';
import { PageHead, Loaded, Section, Stat, Stats } from '../../kit/page.tsx';
import { Scoped } from '../../kit/scoped.tsx';
import { usePageTitle } from '../../state/page-title.ts';
import { AgreementFigures } from './agreement-figures.tsx';
import { CanaryFigures } from './canary-figures.tsx';
import { CanaryItems } from './canary-items.tsx';

/** Whether the ruler still measures what it did: canary, agreement of the two stages, and what the filter let through. */
export function JudgePage() {
  usePageTitle('Canary and judge');
  return (
    <Scoped>
      {(scope) => {
        const { execution } = scope;
        const canary: Resource<CanaryFile | null> = execution.has_canary
          ? canaryFile(execution.execution_id)
          : { state: 'ready', value: null };
        return (
          <Loaded
            from={all(trendsFile(scope.series), executionFile(execution.execution_id), canary)}
            missing={<>The figures of {execution.execution_id} have not been published.</>}
          >
            {([trends, summary, items]) => <Judge trends={trends} summary={summary} canary={items} />}
          </Loaded>
        );
      }}
    </Scoped>
  );
}

function Judge({
  trends,
  summary,
  canary,
}: {
  trends: TrendsFile;
  summary: ExecutionSummary;
  canary: CanaryFile | null;
}) {
  const weeks = trends.weeks.filter(({ week }) => week <= summary.week);
  const now = weeks.at(-1)!;
  return (
    <>
      <PageHead title="Canary and judge">
        Every week the judge marks the same golden turns. What moves there is the judge, not the models.
      </PageHead>
      <Numbers now={now} weeks={weeks} canary={canary} />
      <Section
        title="Golden set"
        lede={
          canary === null
            ? 'No golden set was judged this week.'
            : canary.summary.experts_mutual_mae_pts === 0
              ? `${canary.summary.golden_set}: labels hold by construction (a clean turn, then the same turn with one planted defect). They show that the judge finds what was planted; they are no human opinion.`
              : canary.summary.experts_mutual_mae_pts === null
                ? `${canary.summary.golden_set}, marked by people; how far they differ among themselves is not known.`
                : `${canary.summary.golden_set}, marked by experts who differ among themselves by ${coefficient(canary.summary.experts_mutual_mae_pts)} points.`
        }
      >
        <CanaryFigures weeks={weeks} canary={canary} />
      </Section>
      {canary === null ? null : (
        <Section title="Turns the judge marks most differently">
          <CanaryItems canary={canary} />
        </Section>
      )}
      <Section
        title="Judge against heuristics"
        lede="The two stages fill the same nine criteria independently. Where they part widely the turn goes to a second judge and to the audit queue."
      >
        <AgreementFigures summary={summary} weeks={weeks} />
      </Section>
    </>
  );
}

function Numbers({
  now,
  weeks,
  canary,
}: {
  now: TrendWeek;
  weeks: readonly TrendWeek[];
  canary: CanaryFile | null;
}) {
  const pool = weeks.slice(-12).filter(({ measure_sha256 }) => measure_sha256 === now.measure_sha256);
  const n_audited = pool.reduce((sum, { judge }) => sum + judge.n_audited_turns, 0);
  const n_errors = pool.reduce((sum, { judge }) => sum + judge.n_audit_errors, 0);
  const error = n_audited === 0 ? null : wilson(n_errors, n_audited);
  const { judge } = now;
  const seen = judge.n_judged_turns + judge.n_skipped_turns;
  return (
    <Stats>
      <Stat
        name="Bias on the golden set"
        value={canary === null ? '–' : signed(canary.summary.bias_pts, 2)}
        note={
          canary === null
            ? 'not judged this week'
            : `points; ${plural(canary.summary.n_judged, 'turn')}, ${weekLabel(now.week)}`
        }
      />
      <Stat
        name="Mean error there"
        value={coefficient(canary?.summary.mae_pts)}
        note="points, regardless of sign"
      />
      <Stat
        name="κ against labels"
        value={coefficient(canary?.summary.kappa)}
        note="weighted; 1 is full agreement"
      />
      <Stat
        name="κ judge and heuristics"
        value={coefficient(judge.kappa)}
        note={`${count(judge.n_judged_turns)} judged turns`}
      />
      <Stat
        name="Split of more than 2 points"
        value={percent(judge.split_frac, 1)}
        note="of judged turns; the alert needs 15% and a rise of 5 points on the baseline"
      />
      <Stat
        name="Spared by the filter"
        value={seen === 0 ? '–' : percent(judge.n_skipped_turns / seen)}
        note={
          error === null
            ? 'no spared turn was audited'
            : `${n_errors} of ${count(n_audited)} audited were wrong: ${percent(n_errors / n_audited, 1)} (${interval(error.low, error.high, (value) => percent(value, 1))}), ${plural(pool.length, 'week')} pooled`
        }
      />
    </Stats>
  );
}
