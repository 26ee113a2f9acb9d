import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import type { LabelQueue, SessionView } from '../../../../schemas/label.ts';
import { callApi } from '../../data/api.ts';
import { PageHead } from '../../kit/page.tsx';
import { Segmented } from '../../kit/select.tsx';
import { query, setQuery } from '../../state/location.ts';
import { usePageTitle } from '../../state/page-title.ts';
import '../../styles/people.css';
import { Agreement } from './agreement.tsx';
import { Desk } from './desk.tsx';
import { recall, remember } from './memory.ts';

const RATER_KEY = 'socratic-rater';

/** One page, two queues: golden candidates and the audit. Blind, by keyboard, saved with every Enter. */
export function RatePage() {
  usePageTitle('Rate');
  const queue: LabelQueue = query.value.queue === 'audit' ? 'audit' : 'golden';
  const kind = query.value.kind === 'adjudication' ? 'adjudication' : 'labels';
  const [view, setView] = useState<SessionView | null>(null);
  const [rater, setRater] = useState(recall(RATER_KEY) ?? '');
  const [error, setError] = useState<string | null>(null);
  const open = async () => {
    try {
      setView(await callApi<SessionView>('POST', '/label-sessions', { rater, queue, kind }));
      setError(null);
      remember(RATER_KEY, rater);
    } catch (reason) {
      setError((reason as Error).message);
    }
  };
  // Another queue is another session.
  useEffect(() => setView(null), [queue, kind]);
  return (
    <>
      <PageHead title="Rate">
        Mark tutor turns without knowing who said them. Each mark is saved at once; a session has 25 turns.
      </PageHead>
      {view === null ? (
        <form
          class="rate-start"
          onSubmit={(event) => {
            event.preventDefault();
            void open();
          }}
        >
          <Segmented
            label="Queue"
            value={queue}
            options={[
              { value: 'golden', text: 'Golden candidates' },
              { value: 'audit', text: 'Audit queue' },
            ]}
            onChange={(value) => setQuery({ queue: value })}
          />
          <Segmented
            label="Kind"
            value={kind}
            options={[
              { value: 'labels', text: 'Label' },
              { value: 'adjudication', text: 'Adjudicate' },
            ]}
            onChange={(value) => setQuery({ kind: value })}
          />
          <label class="field">
            <span>Your name as a rater (lower case, as in a file name)</span>
            <input
              name="rater"
              value={rater}
              pattern="[a-z0-9][a-z0-9._\-]*"
              maxLength={64}
              required
              autocomplete="off"
              onInput={(event) => setRater(event.currentTarget.value)}
            />
          </label>
          <button type="submit" class="button primary">
            Start
          </button>
        </form>
      ) : view.position === null ? (
        <Done view={view} onView={setView} onAgain={() => void open()} />
      ) : (
        <Desk
          key={`${view.session}-${view.position}`}
          view={view}
          position={view.position}
          onView={setView}
        />
      )}
      {error === null ? null : (
        <div class="notice worse" role="alert">
          {error}
        </div>
      )}
      {view === null || view.position === null ? <Agreement key={view?.session} queue={queue} /> : null}
    </>
  );
}

function Done({
  view,
  onView,
  onAgain,
}: {
  view: SessionView;
  onView: (view: SessionView) => void;
  onAgain: () => void;
}) {
  const undo = async () =>
    onView(
      await callApi<SessionView>('POST', `/label-sessions/${view.rater}/${view.session}/records`, {
        action: 'undo',
      }),
    );
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'u') void undo();
      if (event.key === 'Enter') onAgain();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
  return (
    <div class="notice" role="status">
      <strong>{view.session} is done:</strong> {view.n_done} of {view.n_items} turns. Enter begins the next
      session, u takes the last one back.
    </div>
  );
}
