import { useEffect, useState } from 'preact/hooks';
import type { Evaluation, EvaluationAnswer, EvaluatorAbout } from '../../../../schemas/evaluation.ts';
import { callApi } from '../../data/api.ts';
import { Badge } from '../../kit/badge.tsx';
import { PageHead } from '../../kit/page.tsx';
import { Segmented, Select } from '../../kit/select.tsx';
import { query, setQuery } from '../../state/location.ts';
import { usePageTitle } from '../../state/page-title.ts';
import '../../styles/people.css';
import { Result } from './result.tsx';

/** Seed 4's evaluator: a question, an answer, what the judge says of it, and whether that was fair. */
export function EvaluatorPage() {
  usePageTitle('Evaluator');
  const [about, setAbout] = useState<EvaluatorAbout | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    callApi<EvaluatorAbout>('GET', '/evaluator').then(setAbout, (reason: Error) => setError(reason.message));
  }, []);
  return (
    <>
      <PageHead
        title="Evaluator"
        badges={about?.is_simulated ? <Badge tone="simulated">simulated judge</Badge> : undefined}
      >
        Answer a question, or reply to it as a Socratic tutor would, and see how it is marked.
      </PageHead>
      {error === null ? null : (
        <div class="notice worse" role="alert">
          {error}
        </div>
      )}
      {about === null ? (
        error === null ? (
          <div class="loading" aria-busy="true" />
        ) : null
      ) : (
        <Desk about={about} />
      )}
    </>
  );
}

function Desk({ about }: { about: EvaluatorAbout }) {
  const mode: Evaluation['mode'] = query.value.mode === 'socratic_turn' ? 'socratic_turn' : 'answer';
  const asked = about.questions.find(({ id }) => id === query.value.question) ?? about.questions[0]!;
  const [answer, setAnswer] = useState('');
  const [result, setResult] = useState<EvaluationAnswer | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const at = about.questions.indexOf(asked);
  const ask = (id: string) => {
    setQuery({ question: id });
    setAnswer('');
    setResult(null);
    setError(null);
  };
  const submit = async (repeats: number) => {
    if (answer.trim() === '' || isBusy) return;
    setIsBusy(true);
    setError(null);
    try {
      setResult(
        await callApi<EvaluationAnswer>('POST', '/evaluations', {
          mode,
          question_id: asked.id,
          answer,
          repeats,
        }),
      );
    } catch (reason) {
      setError((reason as Error).message);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <>
      <ul class="evaluator-notices small">
        {about.notices.map((notice) => (
          <li key={notice}>{notice}</li>
        ))}
      </ul>
      <div class="filters">
        <Segmented
          label="Mode"
          value={mode}
          options={[
            { value: 'answer', text: 'Answer' },
            { value: 'socratic_turn', text: 'Socratic turn' },
          ]}
          onChange={(value) => {
            setQuery({ mode: value });
            setResult(null);
          }}
        />
        <Select
          label="Question"
          is_inline
          value={asked.id}
          options={about.questions.map(({ id, question }) => ({ value: id, text: question }))}
          onChange={ask}
        />
        <button
          type="button"
          class="button"
          onClick={() => ask(about.questions[(at + 1) % about.questions.length]!.id)}
        >
          Next question
        </button>
        <a class="button quiet" href="./api/evaluations.csv" download="evaluations.csv">
          All evaluations as CSV
        </a>
      </div>
      <form
        class="evaluator-desk"
        onSubmit={(event) => {
          event.preventDefault();
          void submit(1);
        }}
      >
        <h2 class="evaluator-question" id="question">
          {mode === 'answer' ? asked.question : <>A student asks: “{asked.question}”</>}
        </h2>
        <label class="evaluator-answer">
          <span class="small faint">
            {mode === 'answer' ? 'Your answer' : 'Your reply as the tutor: ask, do not tell'}
          </span>
          <textarea
            rows={6}
            maxLength={about.max_answer_chars}
            value={answer}
            aria-describedby="question"
            onInput={(event) => setAnswer(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit(1);
            }}
          />
        </label>
        <div class="evaluator-buttons">
          <button type="submit" class="button primary" disabled={isBusy || answer.trim() === ''}>
            {isBusy ? 'Reading …' : 'Evaluate'}
          </button>
          <button
            type="button"
            class="button"
            disabled={isBusy || answer.trim() === ''}
            onClick={() => void submit(about.max_repeats)}
          >
            Run {about.max_repeats}×
          </button>
          <span class="tiny faint">Ctrl + Enter evaluates</span>
        </div>
      </form>
      {error === null ? null : (
        <div class="notice worse" role="alert">
          {error}
        </div>
      )}
      <div aria-live="polite">
        {result === null ? null : (
          <Result key={result.evaluations[0]!.evaluation_id} result={result} pass_score={about.pass_score} />
        )}
      </div>
    </>
  );
}
