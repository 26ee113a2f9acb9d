import { useEffect, useState } from 'preact/hooks';
import type { TurnView, VerdictView } from '../../../../schemas/dashboard-runs.ts';
import {
  CRITERION_LABELS,
  CRITERION_LIST,
  CSD_LABELS,
  CSD_LIST,
  violationLabel,
  words,
} from '../../format/labels.ts';
import { coefficient, count, decimal, milliseconds, percent, points, usd } from '../../format/number.ts';
import { Badge } from '../../kit/badge.tsx';

/** How the points came about: nine marks of each stage, the judge's reason and quotes, tokens and cost. */
export function TurnDetail({
  turn,
  isOpen,
  split_pts,
}: {
  turn: TurnView;
  isOpen: boolean;
  split_pts: number;
}) {
  const [isShown, setIsShown] = useState(isOpen);
  useEffect(() => setIsShown(isOpen), [isOpen]);
  const difference = turn.judge === null ? null : turn.judge.score - turn.heuristic.score;
  return (
    <details class="detail" open={isShown} onToggle={(event) => setIsShown(event.currentTarget.open)}>
      <summary>
        form {decimal(turn.form_pts, 1)} · substance {decimal(turn.substance_pts, 1)} · purity{' '}
        {decimal(turn.purity_pts, 1)}
        <span class="faint">
          {' '}
          · {turn.scored_by === 'resolved' ? 'two judges resolved' : `scored by ${turn.scored_by}`}
          {difference === null
            ? ''
            : `, judge ${points(turn.judge!.score)} against heuristics ${points(turn.heuristic.score)}`}
        </span>
        {difference !== null && Math.abs(difference) > split_pts ? <Badge tone="care">split</Badge> : null}
      </summary>
      {isShown ? <Detail turn={turn} /> : null}
    </details>
  );
}

function Detail({ turn }: { turn: TurnView }) {
  const stages: { name: string; criteria: Readonly<Record<string, number>>; score: number }[] = [
    { name: 'Heuristics', ...turn.heuristic },
    ...(turn.judge === null ? [] : [{ name: 'Judge', ...turn.judge }]),
    ...(turn.secondary_judge === null ? [] : [{ name: 'Second judge', ...turn.secondary_judge }]),
  ];
  const { probabilities } = turn.heuristic;
  return (
    <div class="detail-grid">
      <table class="marks">
        <caption class="visually-hidden">Marks of turn {turn.turn_index}</caption>
        <thead>
          <tr>
            <th scope="col">Criterion, 0–10</th>
            {stages.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {CRITERION_LIST.map((name) => (
            <tr key={name}>
              <th scope="row">{CRITERION_LABELS[name]}</th>
              {stages.map((stage) => (
                <td key={stage.name} class={stage.criteria[name]! < 6 ? 'low' : ''}>
                  {decimal(stage.criteria[name], 1)}
                </td>
              ))}
            </tr>
          ))}
          <tr class="total">
            <th scope="row">score</th>
            {stages.map((stage) => (
              <td key={stage.name}>{points(stage.score)}</td>
            ))}
          </tr>
        </tbody>
      </table>
      <div class="verdicts">
        {turn.judge === null ? (
          <p class="small faint">
            {turn.filter === 'skipped'
              ? `The filter spared this turn: calibrated risk of non-compliance ${percent(turn.heuristic.noncompliance_risk, 2)}.`
              : 'No judge gave a verdict on this turn.'}
          </p>
        ) : (
          <Verdict name="Judge" verdict={turn.judge} />
        )}
        {turn.secondary_judge === null ? null : (
          <Verdict name="Second judge" verdict={turn.secondary_judge} />
        )}
        <dl class="facts tight">
          <Fact
            name="Heuristics"
            value={`telling ${percent(probabilities.telling)}, reveals ${percent(probabilities.reveals_answer)}, leading ${percent(probabilities.leading)}, builds on prior ${percent(probabilities.builds_on_prior)}; question: ${turn.heuristic.question_type}`}
          />
          <Fact
            name="CSD"
            value={
              CSD_LIST.filter((name) => turn.csd_subscores[name] !== null)
                .map((name) => `${CSD_LABELS[name].short} ${coefficient(turn.csd_subscores[name])}`)
                .join(' · ') || 'none applies'
            }
          />
          <Fact
            name="Tokens"
            value={`in ${count(turn.input_tokens)}, cache ${count(turn.cache_read_tokens)} read and ${count(turn.cache_write_tokens)} written, out ${count(turn.output_tokens)}; context ${count(turn.context_tokens)}`}
          />
          <Fact
            name="Cost and time"
            value={`tutor ${usd(turn.cost_usd)} in ${milliseconds(turn.latency_ms)}${turn.attempts > 1 ? `, ${turn.attempts} attempts` : ''}${turn.judge === null ? '' : `; judge ${usd(turn.judge.cost_usd)} in ${milliseconds(turn.judge.latency_ms)}`}`}
          />
          <Fact name="Turn hash" value={turn.turn_hash.slice(0, 16)} />
        </dl>
      </div>
    </div>
  );
}

function Verdict({ name, verdict }: { name: string; verdict: VerdictView }) {
  return (
    <section class="rationale">
      <h3>
        {name} <span class="faint">{verdict.judge_model}</span>{' '}
        {verdict.is_repaired ? <Badge tone="care">repaired</Badge> : null}
      </h3>
      <p>{verdict.rationale}</p>
      {verdict.violations.length === 0 ? null : (
        <p class="tiny faint">names: {verdict.violations.map(violationLabel).join(', ')}</p>
      )}
      {verdict.evidence.length === 0 ? null : (
        <ul>
          {verdict.evidence.map(({ criterion, quote }) => (
            <li key={criterion}>
              <span class="faint">{words(criterion)}:</span> “{quote}”
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
