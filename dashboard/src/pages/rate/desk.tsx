import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { LabelActionRequest, SessionView } from '../../../../schemas/label.ts';
import { VIOLATION_KEYS } from '../../../../schemas/violation-keys.ts';
import { callApi } from '../../data/api.ts';
import { CRITERION_LABELS, VIOLATION_LABELS, VIOLATION_NAMES } from '../../format/labels.ts';
import { afterKey, CRITERIA, isWhole, mark, readDraft, toggle } from './draft.ts';
import { recall, remember } from './memory.ts';
import { Turn } from './turn.tsx';

const MARKS = [0, 1, 2, 3, 4, 5];

/** One turn to mark. Digits mark the next criterion, letters name violations, Enter saves, u undoes, s skips with a reason. */
export function Desk({
  view,
  position,
  onView,
}: {
  view: SessionView;
  position: number;
  onView: (view: SessionView) => void;
}) {
  const draftKey = `socratic-draft:${view.rater}:${view.session}:${position}`;
  const [draft, setDraft] = useState(() => readDraft(recall(draftKey)));
  const [isSkipping, setIsSkipping] = useState(view.item === null);
  const [note, setNote] = useState('');
  const isBusy = useRef(false);
  const change = (next: typeof draft) => {
    if (next === draft) return;
    setDraft(next);
    remember(draftKey, JSON.stringify(next));
  };
  const act = async (request: LabelActionRequest) => {
    if (isBusy.current) return;
    isBusy.current = true;
    try {
      const next = await callApi<SessionView>(
        'POST',
        `/label-sessions/${view.rater}/${view.session}/records`,
        request,
      );
      remember(draftKey, null);
      onView(next);
    } catch (reason) {
      setNote((reason as Error).message);
      isBusy.current = false;
    }
  };
  const save = () => {
    if (isWhole(draft))
      void act({ action: 'label', position, marks: draft.marks, violations: [...draft.violations] });
    else
      setNote(
        `${CRITERIA.filter((name) => draft.marks[name] === undefined).length} of nine marks are missing.`,
      );
  };
  const undo = () => (view.can_undo ? void act({ action: 'undo' }) : setNote('Nothing to take back.'));
  const desk = useRef<HTMLDivElement>(null);
  // What came before may be long; what is to be marked is what a rater looks at.
  useLayoutEffect(() => {
    desk.current?.querySelector('.rate-message.current')?.scrollIntoView({ block: 'center' });
  }, [draftKey]);
  // Before the next key can come: a fast typist's digits each meet the draft that the last one left.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isSkipping || isBusy.current) return;
      // Buttons and links keep their Enter and Space.
      const isControl = event.target instanceof Element && event.target.closest('button, a, select') !== null;
      if (isControl && (event.key === 'Enter' || event.key === ' ')) return;
      if (event.key === 'Enter') save();
      else if (event.key === 'u') undo();
      else if (event.key === 's') setIsSkipping(true);
      else if (afterKey(draft, event.key) === draft) return;
      else change(afterKey(draft, event.key));
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
  return (
    <div class="rate-desk" ref={desk}>
      <div class="rate-progress">
        <progress max={view.n_items} value={view.n_done} aria-label="Turns done" />
        <span class="small">
          {position + 1} of {view.n_items}
        </span>
      </div>
      <div class="rate-columns">
        {view.item === null ? (
          <p>This turn is no longer in the lake; skip it.</p>
        ) : (
          <Turn item={view.item} opinions={view.opinions} />
        )}
        <div class="rate-panel">
          <div class="rate-marks" role="group" aria-label="Marks, 0 to 5">
            {CRITERIA.map((name, index) => (
              <fieldset key={name} class={index === draft.at ? 'rate-row here' : 'rate-row'}>
                <legend>{CRITERION_LABELS[name]}</legend>
                {MARKS.map((value) => (
                  <label key={value} class={draft.marks[name] === value ? 'rate-mark chosen' : 'rate-mark'}>
                    <input
                      type="radio"
                      name={name}
                      checked={draft.marks[name] === value}
                      onChange={() => change(mark(draft, name, value))}
                    />
                    {value}
                  </label>
                ))}
              </fieldset>
            ))}
          </div>
          <div class="rate-violations" role="group" aria-label="Violations">
            {VIOLATION_NAMES.map((name) => (
              <button
                key={name}
                type="button"
                class="button"
                aria-pressed={draft.violations.includes(name)}
                onClick={() => change(toggle(draft, name))}
              >
                <kbd>{VIOLATION_KEYS[name]}</kbd> {VIOLATION_LABELS[name]}
              </button>
            ))}
          </div>
          {isSkipping ? (
            <Skip
              onSkip={(reason) => void act({ action: 'skip', position, reason })}
              onCancel={() => setIsSkipping(view.item === null)}
            />
          ) : (
            <div class="rate-buttons">
              <button type="button" class="button primary" onClick={save}>
                Save <kbd>Enter</kbd>
              </button>
              <button type="button" class="button" onClick={undo} disabled={!view.can_undo}>
                Undo <kbd>u</kbd>
              </button>
              <button type="button" class="button" onClick={() => setIsSkipping(true)}>
                Skip <kbd>s</kbd>
              </button>
              <span class="tiny faint">Digits 0–5 mark the criterion with the bar; ↑ ↓ move it.</span>
            </div>
          )}
          <p role="status" class="small">
            {note}
          </p>
        </div>
      </div>
    </div>
  );
}

function Skip({ onSkip, onCancel }: { onSkip: (reason: string) => void; onCancel: () => void }) {
  const [reason, setReason] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => input.current?.focus(), []);
  return (
    <form
      class="rate-skip"
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim() !== '') onSkip(reason.trim());
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel();
      }}
    >
      <label class="field">
        <span>Why is it skipped? Enter skips, Escape goes back.</span>
        <input
          ref={input}
          name="reason"
          value={reason}
          maxLength={400}
          required
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button">
        Skip
      </button>
    </form>
  );
}
