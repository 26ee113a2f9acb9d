import type { RunRow, RunsFile } from '../../../../schemas/dashboard-runs.ts';
import { HeatStrip } from '../../charts/heat-strip.tsx';
import { violationLabel } from '../../format/labels.ts';
import { halfLife, plural, points } from '../../format/number.ts';
import { Badge } from '../../kit/badge.tsx';
import { To } from '../../kit/link.tsx';
import { Table } from '../../kit/table.tsx';

const SHOWN = 8;

/** The dialogues that were lost first, each with the sentence that lost it. */
export function WorstRuns({
  runs,
  model,
  variant,
  phase,
}: {
  runs: RunsFile | null;
  model: string;
  variant: string;
  phase: string;
}) {
  if (runs === null) return <div class="worst-room" aria-busy="true" />;
  const mine = runs.runs.filter(
    (run) =>
      run.model === model &&
      run.variant === variant &&
      (phase === 'all' || run.phase === phase) &&
      run.n_scored_turns > 0,
  );
  const worst = [...mine]
    .sort(
      (a, b) =>
        (a.half_life_turn ?? Infinity) - (b.half_life_turn ?? Infinity) ||
        (a.mean_score ?? 10) - (b.mean_score ?? 10) ||
        (a.run_id < b.run_id ? -1 : 1),
    )
    .slice(0, SHOWN);
  const titles = new Map(runs.seeds.map((seed) => [seed.seed_id, seed.title]));
  const n_lost = mine.filter(({ half_life_turn }) => half_life_turn !== null).length;
  return (
    <>
      <h2>Worst dialogues</h2>
      <p class="lede">
        {n_lost} of {plural(mine.length, 'dialogue')} reached {n_lost === 1 ? 'its' : 'their'} half-life. The
        sentence is the one that broke the run; follow it to see it in place.{' '}
        <To to="/runs" with={{ model, variant, phase: phase === 'all' ? null : phase }}>
          All dialogues of {model}
        </To>
      </p>
      <Table<RunRow>
        caption={`Worst dialogues of ${model}`}
        rows={worst}
        rowKey={(run) => run.run_id}
        columns={[
          {
            key: 'sentence',
            head: 'The sentence that lost the points',
            class: 'cell-sentence',
            cell: (run) => <Sentence run={run} />,
          },
          { key: 'phase', head: 'Phase', cell: (run) => run.phase },
          {
            key: 'seed',
            head: 'Scenario',
            class: 'wide-only',
            cell: (run) => titles.get(run.seed_id) ?? run.seed_id,
          },
          { key: 'half', head: 'Half-life', is_number: true, cell: (run) => halfLife(run) },
          { key: 'score', head: 'SD', is_number: true, cell: (run) => points(run.mean_score) },
          {
            key: 'strip',
            head: 'Turns',
            class: 'wide-only',
            cell: (run) => (
              <HeatStrip
                scores={run.score_by_turn}
                pass_score={runs.scale.pass_score}
                half_life_turn={run.half_life_turn}
                label={`Scores of ${run.score_by_turn.length} turns, half-life ${halfLife(run)}`}
              />
            ),
          },
        ]}
      />
    </>
  );
}

function Sentence({ run }: { run: RunRow }) {
  const turn = run.breaking_turn ?? run.worst_turn;
  if (turn === null) return <span class="faint">no scored turn</span>;
  const text = turn.text.length > 140 ? `${turn.text.slice(0, 137)}…` : turn.text;
  return (
    <>
      <To
        to={`/run/${run.run_id}`}
        with={{ turn: String(turn.turn_index), phase: null, variant: null }}
        class="sentence"
      >
        {text.trim() === '' ? 'an empty reply' : `“${text}”`}
      </To>
      <span class="sub">
        turn {turn.turn_index} · {points(turn.score)}{' '}
        {turn.violations.slice(0, 2).map((violation) => (
          <Badge key={violation} tone="worse">
            {violationLabel(violation)}
          </Badge>
        ))}
      </span>
    </>
  );
}
