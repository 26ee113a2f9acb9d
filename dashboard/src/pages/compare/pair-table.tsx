import type { RunRow, RunsFile } from '../../../../schemas/dashboard-runs.ts';
import { HeatStrip } from '../../charts/heat-strip.tsx';
import { scoreChange, type Comparison } from '../../format/compare.ts';
import { temperatureLabel } from '../../format/labels.ts';
import { halfLife, points, signed } from '../../format/number.ts';
import { To } from '../../kit/link.tsx';
import { Table } from '../../kit/table.tsx';

const SHOWN = 24;
interface Pair {
  a: RunRow;
  b: RunRow;
}

/** Pairs of dialogues, the largest falls first, each side a click from its transcript. */
export function PairTable({
  comparisons,
  scale,
}: {
  comparisons: readonly Comparison[];
  scale: RunsFile['scale'];
}) {
  const pairs = comparisons
    .flatMap((each) => each.pairs)
    .sort((x, y) => scoreChange(x) - scoreChange(y))
    .slice(0, SHOWN);
  const side = (run: RunRow) => (
    <To to={`/run/${run.run_id}`} class="pair-side">
      <HeatStrip
        scores={run.score_by_turn}
        pass_score={scale.pass_score}
        half_life_turn={run.half_life_turn}
        label={`Scores of ${run.score_by_turn.length} turns`}
      />
      <span class="tiny">
        {points(run.mean_score)}, half-life {halfLife(run)}
      </span>
    </To>
  );
  return (
    <Table<Pair>
      caption="Pairs of dialogues, largest falls first"
      rows={pairs}
      rowKey={({ b }) => b.run_id}
      columns={[
        {
          key: 'cell',
          head: 'Cell',
          cell: ({ b }) => (
            <>
              {b.model}
              <span class="sub">
                {b.phase}, {b.seed_id}, T {temperatureLabel(b.temperature)}
                {b.repeat > 1 ? `, repeat ${b.repeat}` : ''}
              </span>
            </>
          ),
        },
        { key: 'a', head: 'Before', cell: ({ a }) => side(a) },
        { key: 'b', head: 'After', cell: ({ b }) => side(b) },
        {
          key: 'change',
          head: 'SD',
          is_number: true,
          cell: (pair) => (
            <span class={scoreChange(pair) < 0 ? 'ink-worse' : 'ink-better'}>
              {signed(scoreChange(pair), 2)}
            </span>
          ),
        },
        {
          key: 'both',
          head: 'Side by side',
          class: 'wide-only',
          cell: ({ a, b }) => (
            <To to="/compare" with={{ run_a: a.run_id, run_b: b.run_id }}>
              turn by turn
            </To>
          ),
        },
      ]}
    />
  );
}
