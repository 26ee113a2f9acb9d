import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import { useState } from 'preact/hooks';
import { Drawing, everyNth } from './drawing.tsx';

export interface LineSeries {
  name: string;
  /** Class suffix: steel, better, worse, care, ink, faint. */
  tone: string;
  values: readonly (number | null)[];
  low?: readonly (number | null)[];
  high?: readonly (number | null)[];
  is_thin?: boolean;
}

export interface LineChartProps {
  label: string;
  /** Text under each place of the x axis. */
  ticks: readonly string[];
  series: readonly LineSeries[];
  domain: readonly [number, number];
  write: (value: number) => string;
  references?: readonly { value: number; name: string }[];
  /** Places before which the measure changed: lines are not joined across them. */
  seams?: readonly number[];
  height?: number;
  /** The place looked at. */
  marked?: number;
}

const MARGIN = { top: 22, right: 16, bottom: 24, left: 40 };

/** Lines over weeks or turns, with a band where there is an interval; the pointer reads the values of a place. */
export function LineChart(props: LineChartProps) {
  const { label, ticks, series, domain, write, references = [], seams = [], height = 240, marked } = props;
  const [at, setAt] = useState<number | null>(null);
  const [size, setSize] = useState(0);
  const n = ticks.length;
  const xOf = (width: number) =>
    scaleLinear()
      .domain(n > 1 ? [0, n - 1] : [-0.5, 0.5])
      .range([MARGIN.left, width - MARGIN.right]);
  const y = scaleLinear()
    .domain([...domain])
    .range([height - MARGIN.bottom, MARGIN.top]);
  return (
    <Drawing
      height={height}
      label={label}
      onPoint={(point) => {
        if (point === null) return setAt(null);
        const place = Math.round(xOf(size).invert(point.x));
        setAt(place >= 0 && place < n ? place : null);
      }}
    >
      {(width) => {
        if (width !== size) setSize(width);
        const x = xOf(width);
        const nth = everyNth(n, width, 44);
        return (
          <>
            {y.ticks(4).map((value) => (
              <g key={value}>
                <line class="grid" x1={MARGIN.left} x2={width - MARGIN.right} y1={y(value)} y2={y(value)} />
                <text x={MARGIN.left - 8} y={y(value)} dy="0.32em" text-anchor="end">
                  {write(value)}
                </text>
              </g>
            ))}
            {ticks.map((tick, index) =>
              (n - 1 - index) % nth === 0 ? (
                <text key={index} x={x(index)} y={height - 6} text-anchor="middle">
                  {tick}
                </text>
              ) : null,
            )}
            {references.map(({ value, name }) => (
              <g key={name}>
                <line
                  class="reference"
                  x1={MARGIN.left}
                  x2={width - MARGIN.right}
                  y1={y(value)}
                  y2={y(value)}
                />
                <text x={width - MARGIN.right} y={y(value) - 4} text-anchor="end">
                  {name}
                </text>
              </g>
            ))}
            {seams.map((place) => (
              <g key={place}>
                <line
                  class="seam"
                  x1={x(place - 0.5)}
                  x2={x(place - 0.5)}
                  y1={MARGIN.top - 8}
                  y2={height - MARGIN.bottom}
                />
                <text
                  class="seam-label"
                  x={x(place - 0.5) + (place > n / 2 ? -4 : 4)}
                  y={10}
                  text-anchor={place > n / 2 ? 'end' : 'start'}
                >
                  measure changed
                </text>
              </g>
            ))}
            {series.map((each) => (
              <Series key={each.name} series={each} x={x} y={y} seams={seams} marked={marked} />
            ))}
            {at === null ? null : (
              <Readout at={at} x={x(at)} width={width} height={height} {...{ ticks, series, write }} />
            )}
          </>
        );
      }}
    </Drawing>
  );
}

type Scale = (value: number) => number;

function Series({
  series,
  x,
  y,
  seams,
  marked,
}: {
  series: LineSeries;
  x: Scale;
  y: Scale;
  seams: readonly number[];
  marked: number | undefined;
}) {
  const { values, low, high, tone } = series;
  // A seam cuts the line: each stretch is drawn on its own.
  const edges = [0, ...seams, values.length];
  const stretches = edges.slice(1).map((end, index) => range(edges[index]!, end));
  const path = line<number>()
    .defined((index) => values[index] != null)
    .x((index) => x(index))
    .y((index) => y(values[index]!));
  const band = area<number>()
    .defined((index) => low?.[index] != null && high?.[index] != null)
    .x((index) => x(index))
    .y0((index) => y(low![index]!))
    .y1((index) => y(high![index]!));
  const isAlone = (index: number) => values[index - 1] == null && values[index + 1] == null;
  return (
    <g>
      {low === undefined
        ? null
        : stretches.map((places, index) => (
            <path key={index} class={`band fill-${tone}`} d={band(places) ?? ''} />
          ))}
      {stretches.map((places, index) => (
        <path
          key={index}
          class={`line stroke-${tone} ${series.is_thin ? 'thin' : ''}`}
          d={path(places) ?? ''}
        />
      ))}
      {values.map((value, index) =>
        value != null && (isAlone(index) || index === marked) ? (
          <circle
            key={index}
            class={`fill-${tone}`}
            cx={x(index)}
            cy={y(value)}
            r={index === marked ? 4 : 2.5}
          />
        ) : null,
      )}
    </g>
  );
}

function Readout({
  at,
  x,
  width,
  height,
  ticks,
  series,
  write,
}: {
  at: number;
  x: number;
  width: number;
  height: number;
  ticks: readonly string[];
  series: readonly LineSeries[];
  write: (value: number) => string;
}) {
  const parts = series
    .filter(({ values, is_thin }) => values[at] != null && !is_thin)
    .map(({ name, values, low, high }) => {
      const bounds = low?.[at] != null && high?.[at] != null ? ` (${write(low[at])}–${write(high[at])})` : '';
      return `${series.length > 1 ? `${name} ` : ''}${write(values[at]!)}${bounds}`;
    });
  const text = `${ticks[at]}: ${parts.join(' · ') || 'no value'}`;
  const isRight = x > width / 2;
  return (
    <g>
      <line class="cursor" x1={x} x2={x} y1={MARGIN.top - 6} y2={height - MARGIN.bottom} />
      <rect
        class="fill-surface"
        x={isRight ? x - text.length * 6 - 10 : x + 4}
        y={0}
        width={text.length * 6 + 6}
        height={16}
      />
      <text class="label-strong" x={x + (isRight ? -7 : 7)} y={12} text-anchor={isRight ? 'end' : 'start'}>
        {text}
      </text>
    </g>
  );
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
