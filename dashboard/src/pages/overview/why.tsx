import type { TrendWeek } from '../../../../schemas/dashboard-data.ts';
import { executionFile, runsFile } from '../../data/files.ts';
import { optional } from '../../data/resource.ts';
import { violationLabel } from '../../format/labels.ts';
import { decimal, points } from '../../format/number.ts';
import type { Verdict } from '../../format/verdict.ts';
import { causeOf } from '../../format/cause.ts';
import { To } from '../../kit/link.tsx';

/** Where a change came from: the phase, the violation that grew, and the sentence that broke the worst run. */
export function Why({
  week,
  previous,
  verdict,
}: {
  week: TrendWeek;
  previous: TrendWeek | null;
  verdict: Verdict;
}) {
  const change =
    verdict.changes.find(({ is_alert }) => is_alert) ?? verdict.changes.find(({ delta }) => delta < 0);
  // Fetched only where there is something to explain.
  const now = change === undefined ? null : optional(executionFile(week.execution_id));
  const before =
    change === undefined || previous === null ? null : optional(executionFile(previous.execution_id));
  const runs = optional(runsFile(week.execution_id));
  if (change === undefined) {
    const worst = runs?.runs
      .filter(({ breaking_turn }) => breaking_turn !== null)
      .sort((a, b) => (a.mean_score ?? 10) - (b.mean_score ?? 10))[0];
    return (
      <>
        <p>Nothing to explain. The weakest dialogue of the week:</p>
        {worst == null ? null : <Quote run={worst} />}
      </>
    );
  }
  const cause = now === null || previous === null ? null : causeOf(change, now.weekly, before?.weekly ?? []);
  const worst = runs?.runs
    .filter(
      (run) => run.model === change.model && run.variant === change.variant && run.breaking_turn !== null,
    )
    .filter((run) => cause?.phase == null || run.phase === cause.phase)
    .sort((a, b) => (a.mean_score ?? 10) - (b.mean_score ?? 10))[0];
  return (
    <>
      <p>
        <span class="strong">{change.model}</span>
        {cause === null
          ? ' changed.'
          : cause.phase === null
            ? ' moved in no single phase alone.'
            : ` moved most in ${cause.phase}.`}
        {cause?.violation == null
          ? ''
          : ` Turns with “${violationLabel(cause.violation.name)}” went from ${decimal(cause.violation.before, 0)} to ${decimal(cause.violation.now, 0)} per 100.`}
      </p>
      {worst == null ? null : <Quote run={worst} />}
    </>
  );
}

function Quote({
  run,
}: {
  run: {
    run_id: string;
    model: string;
    phase: string;
    breaking_turn: { turn_index: number; score: number; text: string } | null;
  };
}) {
  const turn = run.breaking_turn!;
  return (
    <blockquote class="quote">
      <p>“{turn.text.length > 160 ? `${turn.text.slice(0, 157)}…` : turn.text}”</p>
      <footer>
        <To to={`/run/${run.run_id}`} with={{ turn: String(turn.turn_index) }}>
          {run.model}, {run.phase}, turn {turn.turn_index}
        </To>{' '}
        · {points(turn.score)}
      </footer>
    </blockquote>
  );
}
