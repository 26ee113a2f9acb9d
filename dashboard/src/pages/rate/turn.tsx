import type { SessionView } from '../../../../schemas/label.ts';
import { VIOLATION_LABELS } from '../../format/labels.ts';
import { CRITERIA } from './draft.ts';

/** The turn and what came before it: nothing that names a model or a judge. */
export function Turn({
  item,
  opinions,
}: {
  item: NonNullable<SessionView['item']>;
  opinions: SessionView['opinions'];
}) {
  return (
    <article class="rate-turn" aria-label="Turn to mark">
      <p class="small">
        <strong>Goal:</strong> {item.goal}
      </p>
      {item.reference_answer === null ? null : (
        <p class="small">
          <strong>Not to be given away:</strong> {item.reference_answer}
        </p>
      )}
      {item.context.map((message, index) => (
        <p key={index} class={`rate-message ${message.role}`}>
          <span class="rate-role">{message.role === 'student' ? 'Student' : 'Tutor'}</span>
          {message.text}
        </p>
      ))}
      <p class="rate-message tutor current">
        <span class="rate-role">Tutor, to mark</span>
        {item.tutor_text}
      </p>
      {opinions.map(({ marks, violations }, index) => (
        <p key={index} class="small">
          <strong>Rater {index + 1}:</strong> {CRITERIA.map((name) => marks[name]).join(' ')}
          {violations.length === 0
            ? ', no violation'
            : `, ${violations.map((name) => VIOLATION_LABELS[name]).join(', ')}`}
        </p>
      ))}
    </article>
  );
}
