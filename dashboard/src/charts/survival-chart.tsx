import { scaleLinear } from 'd3-scale';
import { curveStepAfter, line } from 'd3-shape';
import { Drawing, everyNth } from './drawing.tsx';

export interface SurvivalSeries {
  name: string;
  tone: string;
  /** Dash pattern, so that curves differ without colour too. */
  dash?: string;
  horizon_turns: number;
  curve: readonly { turn: number; survival: number; at_risk: number; events: number }[];
}

const MARGIN = { top: 10, right: 16, bottom: 24, left: 52 };
const ROW = 16;
const PLOT = 210;

/** Kaplan–Meier steps with the numbers at risk below them, without which the right end of a curve cannot be read. */
export function SurvivalChart({ label, series }: { label: string; series: readonly SurvivalSeries[] }) {
  const horizon = Math.max(3, ...series.map(({ horizon_turns }) => horizon_turns));
  const height = PLOT + MARGIN.bottom + 18 + series.length * ROW;
  const y = scaleLinear().domain([0, 1]).range([PLOT, MARGIN.top]);
  return (
    <Drawing height={height} label={label}>
      {(width) => {
        const x = scaleLinear()
          .domain([0, horizon])
          .range([MARGIN.left, width - MARGIN.right]);
        const step = everyNth(horizon / 5, width - MARGIN.left, 44) * 5;
        const marks = Array.from({ length: Math.floor(horizon / step) + 1 }, (_, index) => index * step);
        return (
          <>
            {[0, 0.25, 0.5, 0.75, 1].map((value) => (
              <g key={value}>
                <line
                  class={value === 0.5 ? 'reference' : 'grid'}
                  x1={MARGIN.left}
                  x2={width - MARGIN.right}
                  y1={y(value)}
                  y2={y(value)}
                />
                <text x={MARGIN.left - 8} y={y(value)} dy="0.32em" text-anchor="end">
                  {value * 100}%
                </text>
              </g>
            ))}
            {marks.map((turn) => (
              <text key={turn} x={x(turn)} y={PLOT + 16} text-anchor="middle">
                {turn === 0 ? 'turn 0' : turn}
              </text>
            ))}
            {series.map((each) => (
              <Steps key={each.name} series={each} x={x} y={y} />
            ))}
            <text class="label" x={0} y={PLOT + MARGIN.bottom + 14}>
              at risk
            </text>
            {series.map((each, index) => {
              const rowY = PLOT + MARGIN.bottom + 14 + (index + 1) * ROW;
              return (
                <g key={each.name}>
                  <line
                    class={`line stroke-${each.tone}`}
                    stroke-dasharray={each.dash}
                    x1={0}
                    x2={14}
                    y1={rowY - 4}
                    y2={rowY - 4}
                  />
                  <text class="label" x={18} y={rowY}>
                    {each.name}
                  </text>
                  {marks
                    .filter((turn) => turn <= each.horizon_turns)
                    .map((turn) => (
                      <text key={turn} x={x(turn)} y={rowY} text-anchor="middle">
                        {turn === 0 && x(0) < 70 ? '' : atRisk(each, turn)}
                      </text>
                    ))}
                </g>
              );
            })}
          </>
        );
      }}
    </Drawing>
  );
}

function Steps({
  series,
  x,
  y,
}: {
  series: SurvivalSeries;
  x: (turn: number) => number;
  y: (value: number) => number;
}) {
  const end = series.curve.at(-1)?.survival ?? 1;
  const points: [number, number][] = [
    [0, 1],
    ...series.curve.map(({ turn, survival }): [number, number] => [turn, survival]),
    [series.horizon_turns, end],
  ];
  const path = line<[number, number]>()
    .x(([turn]) => x(turn))
    .y(([, survival]) => y(survival))
    .curve(curveStepAfter);
  return <path class={`line stroke-${series.tone}`} stroke-dasharray={series.dash} d={path(points) ?? ''} />;
}

/** Runs under observation at a turn; the curve has a point at every turn at which one leaves, so after the last there is none. */
function atRisk({ curve }: SurvivalSeries, turn: number): number {
  return curve.find((point) => point.turn >= turn)?.at_risk ?? 0;
}
