import { useState } from 'preact/hooks';
import type { Fairness as FairnessRecord, FairnessRequest } from '../../../../schemas/evaluation.ts';
import { callApi } from '../../data/api.ts';

type Tag = FairnessRequest['tags'][number];
const TAGS: Record<Tag, string> = {
  fair: 'fair',
  too_harsh: 'too harsh',
  too_lenient: 'too lenient',
  missed_my_point: 'missed my point',
  wrong_about_content: 'wrong about the content',
  unclear_feedback: 'unclear feedback',
};

/** "Was this fair?": tags and words, kept beside the evaluation. */
export function Fairness({ evaluation_id }: { evaluation_id: string }) {
  const [tags, setTags] = useState<readonly Tag[]>([]);
  const [text, setText] = useState('');
  const [saved, setSaved] = useState<FairnessRecord | null>(null);
  const [error, setError] = useState<string | null>(null);
  const send = async () => {
    try {
      setSaved(
        await callApi<FairnessRecord>('POST', `/evaluations/${evaluation_id}/fairness`, { tags, text }),
      );
      setError(null);
    } catch (reason) {
      setError((reason as Error).message);
    }
  };
  if (saved !== null)
    return (
      <p role="status">
        Thank you, it is kept beside the evaluation. The words read {saved.sentiment.label} (
        {saved.sentiment.score.toFixed(1)}; {saved.sentiment.method}).
      </p>
    );
  return (
    <form
      class="fairness"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <fieldset>
        <legend>Was this fair?</legend>
        {(Object.keys(TAGS) as Tag[]).map((tag) => (
          <label key={tag}>
            <input
              type="checkbox"
              checked={tags.includes(tag)}
              onChange={() =>
                setTags(tags.includes(tag) ? tags.filter((one) => one !== tag) : [...tags, tag])
              }
            />
            {TAGS[tag]}
          </label>
        ))}
      </fieldset>
      <label class="evaluator-answer">
        <span class="small faint">In your words</span>
        <textarea
          rows={2}
          maxLength={4000}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button" disabled={tags.length === 0 && text.trim() === ''}>
        Send feedback
      </button>
      {error === null ? null : <p role="alert">{error}</p>}
    </form>
  );
}
