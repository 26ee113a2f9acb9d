import type { TranscriptFile, TurnView } from '../../../../schemas/dashboard-runs.ts';
import { INJECTION_LABELS, violationLabel, words } from '../../format/labels.ts';
import { points } from '../../format/number.ts';
import { piecesOf } from '../../format/spans.ts';
import { Badge } from '../../kit/badge.tsx';
import { TurnDetail } from './turn-detail.tsx';

/** A turn: what the student said, what the tutor replied, what it cost the tutor. All text is shown as text. */
export function TurnArticle({
  turn,
  file,
  isCurrent,
  isOpen,
}: {
  turn: TurnView;
  file: TranscriptFile;
  isCurrent: boolean;
  isOpen: boolean;
}) {
  const { run, scale, seed } = file;
  const isLost = turn.score !== null && turn.score < scale.pass_score;
  const { injected } = turn.student;
  return (
    <article
      id={`turn-${turn.turn_index}`}
      class={`turn ${isCurrent ? 'current' : ''}`}
      tabIndex={-1}
      aria-label={`Turn ${turn.turn_index}`}
    >
      {turn.turn_index === run.half_life_turn ? (
        <p class="half-life-marker">
          <span>
            Half-life: here the average of three scores falls below {scale.half_life_threshold_pts.toFixed(1)}
          </span>
        </p>
      ) : null}
      <div class="turn-margin">
        <h2>
          <span class="visually-hidden">Turn </span>
          {turn.turn_index}
        </h2>
        <p class={`turn-score ${isLost ? 'ink-worse' : ''}`}>
          {turn.score === null ? 'unscored' : points(turn.score)}
        </p>
        <p class="tiny faint">{turn.ma3_pts === null ? ' ' : `avg ${points(turn.ma3_pts)}`}</p>
      </div>
      <div class="turn-body">
        <div class="speech student">
          <p class="speaker">
            {seed.student_name}
            {turn.student.move === null ? '' : `, ${words(turn.student.move)}`}{' '}
            {injected === null ? null : (
              <Badge tone="care" title={injected.id}>
                {INJECTION_LABELS[injected.kind] ?? words(injected.kind)}
                {injected.kind === 'pressure' ? `: ${words(injected.id)}` : ''}
              </Badge>
            )}
          </p>
          <p class="words">{turn.student.said}</p>
          {turn.student.pasted_note === '' ? null : <p class="tiny faint">{turn.student.pasted_note}</p>}
        </div>
        <div class="speech tutor">
          <p class="speaker">
            {run.model} {turn.is_compliant === false ? <Badge tone="worse">not compliant</Badge> : null}
            {turn.score === null ? (
              <Badge tone="care">unscored: {turn.unscored_reason ?? 'no verdict'}</Badge>
            ) : null}
            {turn.is_injection_flagged ? <Badge tone="care">speaks to the judge</Badge> : null}
            {turn.stop_reason === 'end' ? null : (
              <Badge tone="care">stopped: {words(turn.stop_reason)}</Badge>
            )}
          </p>
          <Reply turn={turn} />
        </div>
        <TurnDetail turn={turn} isOpen={isOpen} split_pts={scale.split_pts} />
      </div>
    </article>
  );
}

/** The reply with each violation underlined and named where it stands; those of the whole reply are named below it. */
function Reply({ turn }: { turn: TurnView }) {
  const pieces = piecesOf(turn.tutor_text, turn.violation_spans);
  const placed = new Set(pieces.flatMap(({ violations }) => violations));
  const whole = [
    ...new Set([...turn.violations, ...turn.violation_spans.map(({ violation }) => violation)]),
  ].filter((name) => !placed.has(name));
  return (
    <>
      <p class="words">
        {turn.tutor_text.trim() === '' ? <span class="faint">(an empty reply)</span> : null}
        {pieces.map((piece, index) =>
          piece.violations.length === 0 ? (
            piece.text
          ) : (
            <mark key={index} class="violation">
              {piece.text}
              <span class="violation-name">{piece.violations.map(violationLabel).join(', ')}</span>
            </mark>
          ),
        )}
      </p>
      {whole.length === 0 ? null : (
        <p class="whole">
          {whole.map((name) => (
            <Badge key={name} tone="worse">
              {violationLabel(name)}
            </Badge>
          ))}
        </p>
      )}
    </>
  );
}
