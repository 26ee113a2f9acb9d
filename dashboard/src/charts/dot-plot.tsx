import { scaleLinear } from 'd3-scale';
import { Drawing } from './drawing.tsx';

export interface DotRow {
  name: string;
  value: number | null;
  low?: number | null;
  high?: number | null;
  tone: string;
  /** A second, hollow dot: what it is compared with. */
  other?: number | null;
  /** Faint dots: where the rest stand. */
  crowd?: readonly number[];
  /** Written at the right end. */
  text: string;
}

const ROW = 30;
const BOTTOM = 26;

/** One line a row: a dot with its interval, on a shared scale. */
export function DotPlot({
  label,
  rows,
  domain,
  write,
  reference,
  room = 150,
}: {
  label: string;
  rows: readonly DotRow[];
  domain: readonly [number, number];
  write: (value: number) => string;
  reference?: number;
  /** Pixels for the names. */
  room?: number;
}) {
  const height = rows.length * ROW + BOTTOM;
  return (
    <Drawing height={height} label={label}>
      {(width) => {
        const left = Math.min(room, width * 0.4);
        const x = scaleLinear()
          .domain([...domain])
          .range([left, width - 56])
          .clamp(true);
        return (
          <>
            {x.ticks(width < 420 ? 3 : 5).map((value) => (
              <g key={value}>
                <line class="grid" x1={x(value)} x2={x(value)} y1={4} y2={height - BOTTOM} />
                <text x={x(value)} y={height - 8} text-anchor="middle">
                  {write(value)}
                </text>
              </g>
            ))}
            {reference === undefined ? null : (
              <line class="reference" x1={x(reference)} x2={x(reference)} y1={4} y2={height - BOTTOM} />
            )}
            {rows.map((row, index) => {
              const y = index * ROW + ROW / 2;
              return (
                <g key={row.name}>
                  <text class="label" x={left - 12} y={y} dy="0.32em" text-anchor="end">
                    {row.name}
                  </text>
                  {row.crowd?.map((value, at) => (
                    <circle key={at} class="fill-faint" cx={x(value)} cy={y} r={3} />
                  ))}
                  {row.low != null && row.high != null ? (
                    <line class={`line stroke-${row.tone}`} x1={x(row.low)} x2={x(row.high)} y1={y} y2={y} />
                  ) : null}
                  {row.other == null ? null : (
                    <circle class="fill-surface stroke-ink thin" cx={x(row.other)} cy={y} r={4} />
                  )}
                  {row.value === null ? null : (
                    <circle class={`fill-${row.tone}`} cx={x(row.value)} cy={y} r={5} />
                  )}
                  <text class="label-strong" x={width} y={y} dy="0.32em" text-anchor="end">
                    {row.text}
                  </text>
                </g>
              );
            })}
          </>
        );
      }}
    </Drawing>
  );
}
