import type { ExecutionSummary } from '../../../../schemas/execution-summary.ts';
import { Scatter, type ScatterPoint } from '../../charts/scatter.tsx';
import { listed, turns, usd } from '../../format/number.ts';
import { paretoFront } from '../../format/pareto.ts';
import { Figure } from '../../kit/figure.tsx';

/** Cost a dialogue against half-life, with the Pareto front. */
export function QualityFigure({ summary }: { summary: ExecutionSummary }) {
  const rows = summary.weekly.filter(({ phase, rmst_turns }) => phase === 'all' && rmst_turns !== null);
  const points = rows.map((row): ScatterPoint => ({
    name: rows.some((other) => other !== row && other.model === row.model)
      ? `${row.model}, ${row.variant}`
      : row.model,
    x: row.cost_per_run_usd,
    y: row.rmst_turns!,
    low: row.rmst_ci_low,
    high: row.rmst_ci_high,
    tone: 'steel',
    is_named: true,
  }));
  const front = paretoFront(
    points,
    ({ x }) => x,
    ({ y }) => y,
  );
  const isFree = points.every(({ x }) => x === 0);
  const costs = points.map(({ x }) => x);
  const [low, high] = [Math.min(...costs), Math.max(...costs)];
  const is_log = low > 0 && high / low > 20;
  const finding =
    points.length === 0
      ? 'No model was ranked this week.'
      : isFree
        ? `All ${points.length} models are free of charge; ${front.at(-1)!.name} holds longest.`
        : front.length === 1
          ? `${front[0]!.name} is both the cheapest and the one that holds longest.`
          : `Worth considering by cost: ${listed(front.map(({ name }) => name))}.`;
  return (
    <Figure
      kicker="Half-life against cost of a dialogue, judge included"
      finding={finding}
      note="Bars are 95% intervals: a model above the line by less than its bar is not shown to be better."
      data={{
        columns: ['model', 'cost_per_run_usd', 'rmst_turns', 'rmst_ci_low', 'rmst_ci_high', 'is_on_front'],
        rows: points.map((point) => [
          point.name,
          point.x,
          point.y,
          point.low,
          point.high,
          front.includes(point),
        ]),
      }}
    >
      <Scatter
        label={finding}
        height={360}
        points={points.map((point) => ({ ...point, tone: front.includes(point) ? 'better' : 'steel' }))}
        front={front}
        is_log={is_log}
        xName="USD a dialogue"
        yName="half-life, of 40 turns"
        xDomain={is_log ? [low / 1.4, high * 1.6] : [0, high === 0 ? 1 : high * 1.2]}
        yDomain={[0, 42]}
        xWrite={usd}
        yWrite={(value) => turns(value).replace('.0', '')}
      />
    </Figure>
  );
}
