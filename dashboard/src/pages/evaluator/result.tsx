import type { Evaluation, EvaluationAnswer } from '../../../../schemas/evaluation.ts';
import { CRITERION_LABELS, VIOLATION_LABELS } from '../../format/labels.ts';
import { Badge } from '../../kit/badge.tsx';
import { Section, Stat, Stats } from '../../kit/page.tsx';
import { Table } from '../../kit/table.tsx';
import { Fairness } from './fairness.tsx';
import { GoldenButton } from './golden-button.tsx';

/** What came of an answer: score, marks, evidence, feedback, and everything needed to doubt it. */
export function Result({ result, pass_score }: { result: EvaluationAnswer; pass_score: number }) {
  const [first] = result.evaluations as [Evaluation];
  const { spread } = result;
  return (
    <Section title="Result" lede={first.how}>
      <Stats>
        <Stat
          name="Score"
          value={number(first.score)}
          note={
            first.mode === 'socratic_turn'
              ? `of 10; a tutor turn passes from ${pass_score}`
              : 'of 10, against the reference'
          }
        />
        <Stat
          name="Decided by"
          value={STAGES[first.scored_by]}
          note={`stage 1 alone: ${number(first.stage_1.score)}`}
        />
        {first.rouge_l === null ? null : (
          <Stat
            name="ROUGE-L"
            value={first.rouge_l.toFixed(2)}
            note="wording in common; no part of the score"
          />
        )}
        <Stat
          name="Cost"
          value={`$${first.cost_usd.toFixed(4)}`}
          note={first.is_cached ? 'read before: nothing was called' : `${Math.round(first.latency_ms)} ms`}
        />
      </Stats>
      <p class="evaluator-badges">
        {first.is_simulated ? <Badge tone="simulated">simulated judge</Badge> : null}{' '}
        {first.violations.map((violation) => (
          <Badge key={violation} tone="worse">
            {VIOLATION_LABELS[violation]}
          </Badge>
        ))}
      </p>
      <p class="evaluator-feedback">{first.feedback}</p>
      {first.criteria.length === 0 ? null : (
        <Table
          caption="Marks by criterion"
          rows={first.criteria}
          rowKey={(row) => row.name}
          columns={[
            { key: 'name', head: 'Criterion', cell: (row) => labelOf(row.name) },
            { key: 'score', head: 'Mark', cell: (row) => number(row.score), is_number: true },
            {
              key: 'quote',
              head: 'Evidence',
              cell: (row) => (row.quote === '' ? <span class="faint">–</span> : <q>{row.quote}</q>),
            },
          ]}
        />
      )}
      {spread === null ? null : (
        <p>
          {spread.n} readings: mean {number(spread.mean)}, standard deviation {spread.sd_pts.toFixed(2)}{' '}
          points, from {number(spread.low)} to {number(spread.high)}.
        </p>
      )}
      <h3>Reference</h3>
      <p class="evaluator-feedback">{first.reference_answer}</p>
      <details class="artefact">
        <summary>Show exact prompt</summary>
        <pre class="verbatim" tabIndex={0}>
          {result.prompt.system}
          {'\n\n――――――――\n\n'}
          {result.prompt.user}
        </pre>
        <p class="record-note tiny">
          judge {first.judge_model ?? 'none'} · prompt SHA-256 <code>{first.prompt_sha256}</code>
        </p>
      </details>
      <div class="evaluator-after">
        <Fairness evaluation_id={first.evaluation_id} />
        {first.mode === 'socratic_turn' ? <GoldenButton evaluation_id={first.evaluation_id} /> : null}
      </div>
    </Section>
  );
}

const STAGES: Record<Evaluation['scored_by'], string> = {
  heuristic: 'stage 1',
  judge: 'the judge',
  resolved: 'two judges',
  unscored: 'nobody',
};

function labelOf(name: string): string {
  return (CRITERION_LABELS as Record<string, string>)[name] ?? name;
}

function number(value: number | null): string {
  return value === null ? '–' : value.toFixed(1);
}
