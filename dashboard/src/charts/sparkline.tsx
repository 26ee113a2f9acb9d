import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';

const [WIDTH, HEIGHT, PAD] = [120, 28, 4];

/** The last weeks in a table row: same scale in every row, the week looked at as a dot. Numbers stand beside it. */
export function Sparkline({
  values,
  domain,
  seams,
  label,
  tone = 'ink',
}: {
  values: readonly (number | null)[];
  domain: readonly [number, number];
  seams: readonly number[];
  label: string;
  tone?: string;
}) {
  const x = scaleLinear()
    .domain([0, Math.max(1, values.length - 1)])
    .range([PAD, WIDTH - PAD]);
  const y = scaleLinear()
    .domain([...domain])
    .range([HEIGHT - PAD, PAD]);
  const path = line<number | null>()
    .defined((value) => value !== null)
    .x((_, index) => x(index))
    .y((value) => y(value!));
  const edges = [0, ...seams, values.length];
  const last = values.at(-1);
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {seams.map((place) => (
        <line key={place} class="spark-seam" x1={x(place - 0.5)} x2={x(place - 0.5)} y1={0} y2={HEIGHT} />
      ))}
      {edges.slice(1).map((end, index) => (
        <path
          key={index}
          class={`line thin stroke-${tone}`}
          d={path(values.map((value, at) => (at >= edges[index]! && at < end ? value : null))) ?? ''}
        />
      ))}
      {last == null ? null : (
        <circle class={`fill-${tone}`} cx={x(values.length - 1)} cy={y(last)} r={2.75} />
      )}
    </svg>
  );
}

const [BAR_WIDTH, BAR_HEIGHT] = [160, 24];

/** A mean with its interval on the shared scale of a column. */
export function CiBar({
  value,
  low,
  high,
  domain,
  label,
  tone = 'steel',
}: {
  value: number | null;
  low: number | null;
  high: number | null;
  domain: readonly [number, number];
  label: string;
  tone?: string;
}) {
  const x = scaleLinear()
    .domain([...domain])
    .range([4, BAR_WIDTH - 4])
    .clamp(true);
  const middle = BAR_HEIGHT / 2;
  return (
    <svg
      class="ci-bar"
      viewBox={`0 0 ${BAR_WIDTH} ${BAR_HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <line class="ci-track" x1={4} x2={BAR_WIDTH - 4} y1={middle} y2={middle} />
      {low === null || high === null ? null : (
        <rect
          class={`ci-range fill-${tone}`}
          x={x(low)}
          width={Math.max(1, x(high) - x(low))}
          y={middle - 4}
          height={8}
        />
      )}
      {value === null ? null : (
        <rect class={`fill-${tone}`} x={x(value) - 1.5} width={3} y={middle - 8} height={16} />
      )}
    </svg>
  );
}
