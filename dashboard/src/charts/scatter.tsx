import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import { Drawing } from './drawing.tsx';

export interface ScatterPoint {
  name: string;
  x: number;
  y: number;
  low?: number | null;
  high?: number | null;
  tone: string;
  is_named?: boolean;
}

const MARGIN = { top: 16, right: 24, bottom: 40, left: 48 };

/** Points with an optional line through some of them (the Pareto front) or along the diagonal (two equal measures). */
export function Scatter({
  label,
  points,
  xName,
  yName,
  xDomain,
  yDomain,
  xWrite,
  yWrite,
  front = [],
  is_log = false,
  has_diagonal = false,
  height = 300,
}: {
  label: string;
  points: readonly ScatterPoint[];
  xName: string;
  yName: string;
  xDomain: readonly [number, number];
  yDomain: readonly [number, number];
  xWrite: (value: number) => string;
  yWrite: (value: number) => string;
  front?: readonly ScatterPoint[];
  is_log?: boolean;
  has_diagonal?: boolean;
  height?: number;
}) {
  const y = scaleLinear()
    .domain([...yDomain])
    .range([height - MARGIN.bottom, MARGIN.top]);
  return (
    <Drawing height={height} label={label}>
      {(width) => {
        const x = (is_log ? scaleLog() : scaleLinear())
          .domain([...xDomain])
          .range([MARGIN.left, width - MARGIN.right]);
        const path = line<ScatterPoint>()
          .x((point) => x(point.x))
          .y((point) => y(point.y));
        const xTicks = is_log
          ? x.ticks(4).filter((value) => /^[125]/.test(value.toExponential()))
          : x.ticks(5);
        const named = labelled(
          points,
          (point) => x(point.x),
          (point) => y(point.y),
          width,
        );
        return (
          <>
            {y.ticks(4).map((value) => (
              <g key={value}>
                <line class="grid" x1={MARGIN.left} x2={width - MARGIN.right} y1={y(value)} y2={y(value)} />
                <text x={MARGIN.left - 8} y={y(value)} dy="0.32em" text-anchor="end">
                  {yWrite(value)}
                </text>
              </g>
            ))}
            {xTicks.map((value) => (
              <text key={value} x={x(value)} y={height - MARGIN.bottom + 16} text-anchor="middle">
                {xWrite(value)}
              </text>
            ))}
            <text class="label" x={width - MARGIN.right} y={height - 6} text-anchor="end">
              {xName} →
            </text>
            <text class="label" x={MARGIN.left} y={8}>
              ↑ {yName}
            </text>
            {has_diagonal ? (
              <line
                class="reference"
                x1={x(xDomain[0])}
                y1={y(yDomain[0])}
                x2={x(xDomain[1])}
                y2={y(yDomain[1])}
              />
            ) : null}
            {front.length > 1 ? (
              <path class="line stroke-better" stroke-dasharray="5 4" d={path(front) ?? ''} />
            ) : null}
            {points.map((point, index) => (
              <g key={index}>
                <title>{`${point.name}: ${xName} ${xWrite(point.x)}, ${yName} ${yWrite(point.y)}`}</title>
                {point.low != null && point.high != null ? (
                  <line
                    class="line thin stroke-faint"
                    x1={x(point.x)}
                    x2={x(point.x)}
                    y1={y(point.low)}
                    y2={y(point.high)}
                  />
                ) : null}
                <circle
                  class={`mark fill-${point.tone}`}
                  cx={x(point.x)}
                  cy={y(point.y)}
                  r={has_diagonal ? 3 : 5}
                />
              </g>
            ))}
            {named.map(({ point, place }) => (
              <text
                key={point.name}
                class="label"
                x={place.x}
                y={place.y}
                dy="0.32em"
                text-anchor={place.anchor}
              >
                {point.name}
              </text>
            ))}
          </>
        );
      }}
    </Drawing>
  );
}

/** Names that find room, tried to the right, left, above and below of their point; one that has none is left to the tooltip. */
function labelled(
  points: readonly ScatterPoint[],
  x: (point: ScatterPoint) => number,
  y: (point: ScatterPoint) => number,
  width: number,
) {
  const taken = points.map((point) => ({
    left: x(point) - 5,
    right: x(point) + 5,
    top: y(point) - 5,
    bottom: y(point) + 5,
  }));
  return points
    .filter(({ is_named }) => is_named)
    .flatMap((point) => {
      const length = point.name.length * 6;
      const places = [
        { x: x(point) + 9, y: y(point), anchor: 'start' as const },
        { x: x(point) - 9, y: y(point), anchor: 'end' as const },
        { x: x(point), y: y(point) - 13, anchor: 'middle' as const },
        { x: x(point), y: y(point) + 14, anchor: 'middle' as const },
      ];
      for (const place of places) {
        const left = place.x - (place.anchor === 'start' ? 0 : place.anchor === 'end' ? length : length / 2);
        const box = { left, right: left + length, top: place.y - 6, bottom: place.y + 6 };
        const isFree = taken.every(
          (other) =>
            other.right <= box.left ||
            box.right <= other.left ||
            other.bottom <= box.top ||
            box.bottom <= other.top,
        );
        if (!isFree || box.left < MARGIN.left || box.right > width) continue;
        taken.push(box);
        return [{ point, place }];
      }
      return [];
    });
}
