import { Drawing } from './drawing.tsx';

export interface RadarShape {
  name: string;
  tone: string;
  /** One value 0–1 an axis; null where the dimension does not apply: the outline skips it. */
  values: readonly (number | null)[];
  is_filled?: boolean;
  dash?: string;
}

const HEIGHT = 300;
const RADIUS = 108;

/** Shapes over axes 0–1. Good for a profile at a glance; exact values stand in the dot plot beside it. */
export function Radar({
  label,
  axes,
  shapes,
}: {
  label: string;
  axes: readonly string[];
  shapes: readonly RadarShape[];
}) {
  return (
    <Drawing height={HEIGHT} label={label}>
      {(width) => {
        const [cx, cy] = [width / 2, HEIGHT / 2];
        const point = (index: number, value: number): [number, number] => {
          const angle = (index / axes.length) * 2 * Math.PI - Math.PI / 2;
          return [cx + Math.cos(angle) * value * RADIUS, cy + Math.sin(angle) * value * RADIUS];
        };
        const outline = (values: readonly (number | null)[]): string => {
          const points = values.flatMap((value, index) => (value === null ? [] : [point(index, value)]));
          return points.length === 0
            ? ''
            : `M${points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join('L')}Z`;
        };
        return (
          <>
            {[0.25, 0.5, 0.75, 1].map((value) => (
              <path key={value} class="grid transparent" d={outline(axes.map(() => value))} />
            ))}
            {axes.map((name, index) => {
              const [x, y] = point(index, 1);
              const [tx, ty] = point(index, 1.16);
              const anchor = Math.abs(tx - cx) < 8 ? 'middle' : tx > cx ? 'start' : 'end';
              return (
                <g key={name}>
                  <line class="grid" x1={cx} y1={cy} x2={x} y2={y} />
                  <text class="label" x={tx} y={ty} dy="0.32em" text-anchor={anchor}>
                    {name}
                  </text>
                </g>
              );
            })}
            <text x={cx + 4} y={cy - RADIUS / 2} dy="0.32em">
              0.5
            </text>
            {shapes.map((shape) => (
              <g key={shape.name}>
                {shape.is_filled ? (
                  <path class={`band fill-${shape.tone}`} d={outline(shape.values)} />
                ) : null}
                <path
                  class={`line stroke-${shape.tone}`}
                  stroke-dasharray={shape.dash}
                  d={outline(shape.values)}
                />
                {shape.values.map((value, index) => {
                  if (value === null) return null;
                  const [x, y] = point(index, value);
                  return (
                    <circle
                      key={index}
                      class={`fill-${shape.tone}`}
                      cx={x}
                      cy={y}
                      r={shape.is_filled ? 3 : 2}
                    />
                  );
                })}
              </g>
            ))}
          </>
        );
      }}
    </Drawing>
  );
}
