import type { ComponentChildren } from 'preact';
import type { Alert } from '../../../../schemas/alert.ts';
import type { TrendWeek } from '../../../../schemas/dashboard-data.ts';
import { coefficient, count, percent, plural, signed, usd } from '../../format/number.ts';
import { changeText, type Verdict } from '../../format/verdict.ts';
import { skipLabel } from '../../format/labels.ts';
import { Badge } from '../../kit/badge.tsx';
import { To } from '../../kit/link.tsx';
import { Why } from './why.tsx';

/** The four questions of Monday morning, one card each. */
export function Answers({
  week,
  weeks,
  previous,
  verdict,
  alerts,
}: {
  week: TrendWeek;
  weeks: readonly TrendWeek[];
  previous: TrendWeek | null;
  verdict: Verdict;
  alerts: readonly Alert[];
}) {
  return (
    <div class="answers">
      <Answer question="Did anything change?" to="/compare" more="Compare weeks">
        <Changes verdict={verdict} week={week} previous={previous} />
      </Answer>
      <Answer question="Why?" to="/runs" more="All runs" with={{ sort: 'mean_score' }}>
        <Why week={week} previous={previous} verdict={verdict} />
      </Answer>
      <Answer question="What did it cost?" to="/cost" more="Cost">
        <Cost week={week} previous={previous} />
      </Answer>
      <Answer question="Can the judge be trusted?" to="/judge" more="Canary and judge">
        <Judge week={week} weeks={weeks} alerts={alerts} />
      </Answer>
    </div>
  );
}

function Answer({
  question,
  to,
  more,
  with: parameters,
  children,
}: {
  question: string;
  to: string;
  more: string;
  with?: Record<string, string>;
  children: ComponentChildren;
}) {
  return (
    <section class="answer">
      <h2>{question}</h2>
      <div class="answer-body">{children}</div>
      <p class="answer-more">
        <To to={to} {...(parameters === undefined ? {} : { with: parameters })}>
          {more}
        </To>
      </p>
    </section>
  );
}

function Changes({
  verdict,
  week,
  previous,
}: {
  verdict: Verdict;
  week: TrendWeek;
  previous: TrendWeek | null;
}) {
  if (previous === null) return <p>There is no week before this one to compare with.</p>;
  if (previous.measure_sha256 !== week.measure_sha256)
    return (
      <p>
        It cannot be said: the two weeks were measured differently.{' '}
        <To to={`/manifest/${week.manifest_id}`} with={{ against: previous.manifest_id }}>
          See what was changed
        </To>
      </p>
    );
  if (verdict.changes.length === 0)
    return <p>No model’s half-life or compliance moved beyond its interval.</p>;
  return (
    <>
      <ul class="changes">
        {verdict.changes.slice(0, 4).map((change) => (
          <li key={`${change.model} ${change.variant} ${change.metric}`}>
            <Badge tone={change.delta > 0 ? 'better' : change.is_alert ? 'worse' : 'care'}>
              {change.delta > 0 ? '▲' : '▼'} {change.is_alert ? 'alert' : change.delta > 0 ? 'up' : 'down'}
            </Badge>{' '}
            <To to={`/model/${change.model}`} class="strong">
              {change.model}
            </To>{' '}
            <span class="faint">{changeText(change)}</span>
          </li>
        ))}
      </ul>
      {verdict.changes.length > 4 ? <p class="faint">and {verdict.changes.length - 4} more</p> : null}
    </>
  );
}

function Cost({ week, previous }: { week: TrendWeek; previous: TrendWeek | null }) {
  const share = week.budget_usd > 0 ? week.spent_usd / week.budget_usd : null;
  const change = previous === null ? null : week.spent_usd - previous.spent_usd;
  return (
    <>
      <p class="answer-figure">{usd(week.spent_usd)}</p>
      <meter
        class={share !== null && share > 1 ? 'meter over' : 'meter'}
        min={0}
        max={Math.max(week.budget_usd, week.spent_usd, 1e-9)}
        value={week.spent_usd}
        aria-label="Spend of the budget"
      />
      <p class="faint">
        {share === null ? 'no budget set' : `${percent(share)} of the budget of ${usd(week.budget_usd)}`}
        {change === null || change === 0
          ? ''
          : `; ${change > 0 ? '+' : '−'}${usd(Math.abs(change))} on last week`}
        . Estimate was {usd(week.estimated_usd)}.
      </p>
      {week.is_partial ? (
        <p class="ink-care">
          {plural(week.n_planned - week.n_scored, 'planned run was', 'planned runs were')} not scored.
        </p>
      ) : null}
      {week.skips.slice(0, 2).map((skip) => (
        <p key={`${skip.model} ${skip.reason}`} class="faint">
          {skip.model}: {plural(skip.n_rows, 'run')} skipped, {skipLabel(skip.reason)}
        </p>
      ))}
    </>
  );
}

function Judge({
  week,
  weeks,
  alerts,
}: {
  week: TrendWeek;
  weeks: readonly TrendWeek[];
  alerts: readonly Alert[];
}) {
  const drifted = alerts.find(({ rule, status }) => rule === 'canary_deviation' && status === 'firing');
  const split = alerts.find(({ rule, status }) => rule === 'judge_disagreement' && status === 'firing');
  const { canary, judge } = week;
  const [word, tone] =
    drifted !== undefined || split !== undefined
      ? (['With care', 'care'] as const)
      : canary === null
        ? (['Not checked', 'care'] as const)
        : (['Yes', 'better'] as const);
  const pool = weeks.slice(-12).filter(({ measure_sha256 }) => measure_sha256 === week.measure_sha256);
  const n_audited = pool.reduce((sum, each) => sum + each.judge.n_audited_turns, 0);
  const n_errors = pool.reduce((sum, each) => sum + each.judge.n_audit_errors, 0);
  return (
    <>
      <p class={`answer-figure ink-${tone}`}>{word}</p>
      {drifted === undefined ? null : <p class="ink-care">{firstPart(drifted.message)}</p>}
      {split === undefined ? null : <p class="ink-care">{firstPart(split.message)}</p>}
      {canary === null ? (
        <p>No golden set was judged this week.</p>
      ) : (
        <p>
          On {count(canary.n_judged)} golden turns
          {canary.experts_mutual_mae_pts === 0 ? ' (constructed)' : ''} it is off by{' '}
          {signed(canary.bias_pts, 2)} points on average (MAE {coefficient(canary.mae_pts)}), κ{' '}
          {coefficient(canary.kappa)}.
        </p>
      )}
      <p class="faint">
        {percent(judge.split_frac, 1)} of judged turns split from the heuristics.{' '}
        {judge.n_skipped_turns === 0
          ? 'The filter spared no turn.'
          : `The filter spared ${count(judge.n_skipped_turns)} turns; ${n_errors} of ${count(n_audited)} audited were wrong.`}
      </p>
    </>
  );
}

/** What happened, without the figures and advice that follow it in the message. */
function firstPart(message: string): string {
  return `${message.split(/: |\. /)[0]!.replace(/\.$/, '')}.`;
}
