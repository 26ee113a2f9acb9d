import { scaleBand, scaleLinear } from 'd3-scale';
import { Drawing, everyNth } from './drawing.tsx';

export interface Stack {
  tick: string;
  /** One value a part, in the order of `parts`. */
  values: readonly number[];
  /** Read out for this bar. */
  title: string;
}

const MARGIN = { top: 12, right: 16, bottom: 24, left: 48 };

/** Bars of parts that add up, with an optional line per bar (a budget, an estimate). */
export function StackedBars({
  label,
  parts,
  stacks,
  write,
  line,
  height = 240,
  seams = [],
}: {
  label: string;
  parts: readonly { name: string; tone: string }[];
  stacks: readonly Stack[];
  write: (value: number) => string;
  line?: { name: string; values: readonly (number | null)[] };
  height?: number;
  seams?: readonly number[];
}) {
  const totals = stacks.map(({ values }) => values.reduce((sum, value) => sum + value, 0));
  const largest = Math.max(0, ...totals, ...(line?.values.map((value) => value ?? 0) ?? []));
  // Nothing but zeros: an axis of one, rather than one of fractions.
  const top = largest === 0 ? 1 : largest;
  const y = scaleLinear()
    .domain([0, top])
    .nice(4)
    .range([height - MARGIN.bottom, MARGIN.top]);
  return (
    <Drawing height={height} label={label}>
      {(width) => {
        const x = scaleBand<number>()
          .domain(stacks.map((_, index) => index))
          .range([MARGIN.left, width - MARGIN.right])
          .paddingInner(0.3)
          .paddingOuter(0.15);
        const size = Math.min(x.bandwidth(), 44);
        const nth = everyNth(stacks.length, width, 44);
        const left = (index: number) => x(index)! + (x.bandwidth() - size) / 2;
        return (
          <>
            {y.ticks(largest === 0 ? 1 : 4).map((value) => (
              <g key={value}>
                <line class="grid" x1={MARGIN.left} x2={width - MARGIN.right} y1={y(value)} y2={y(value)} />
                <text x={MARGIN.left - 8} y={y(value)} dy="0.32em" text-anchor="end">
                  {write(value)}
                </text>
              </g>
            ))}
            {seams.map((place) => {
              const at = x(place)! - (x.step() - x.bandwidth()) / 2;
              return <line key={place} class="seam" x1={at} x2={at} y1={0} y2={height - MARGIN.bottom} />;
            })}
            {stacks.map((stack, index) => {
              let sum = 0;
              return (
                <g key={index}>
                  <title>{stack.title}</title>
                  {stack.values.map((value, part) => {
                    const from = y(sum);
                    sum += value;
                    return value > 0 ? (
                      <rect
                        key={part}
                        class={`fill-${parts[part]!.tone}`}
                        x={left(index)}
                        width={size}
                        y={y(sum)}
                        height={Math.max(0.5, from - y(sum) - 0.5)}
                      />
                    ) : null;
                  })}
                  {(stacks.length - 1 - index) % nth === 0 ? (
                    <text x={left(index) + size / 2} y={height - 6} text-anchor="middle">
                      {stack.tick}
                    </text>
                  ) : null}
                </g>
              );
            })}
            {line?.values.map((value, index) =>
              value === null ? null : (
                <line
                  key={index}
                  class="line stroke-ink"
                  x1={left(index) - 4}
                  x2={left(index) + size + 4}
                  y1={y(value)}
                  y2={y(value)}
                />
              ),
            )}
          </>
        );
      }}
    </Drawing>
  );
}
