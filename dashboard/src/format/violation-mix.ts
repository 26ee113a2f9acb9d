import { TAKES_THE_THINKING, violationLabel } from './labels.ts';

type Rates = readonly { violation: string; per_100: number }[];

const WARM = ['mix-1', 'mix-2', 'mix-3', 'mix-4'] as const;
const COOL = ['mix-5', 'mix-6'] as const;
const REST = 'mix-7';

/**
 * Parts of a mix chart: the four largest violations that take the thinking away in warm colours, the two largest others in
 * cool ones, the rest as one. Size is the sum over all bars, so that a part keeps its colour along the line.
 */
export function mixOf(bars: readonly Rates[]): {
  parts: { label: string; tone: string; names: readonly string[] }[];
  table: number[][];
} {
  const sums = new Map<string, number>();
  for (const { violation, per_100 } of bars.flat()) sums.set(violation, (sums.get(violation) ?? 0) + per_100);
  const names = [...sums]
    .filter(([, sum]) => sum > 0)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([name]) => name);
  const warm = names.filter((name) => TAKES_THE_THINKING.has(name)).slice(0, WARM.length);
  const cool = names.filter((name) => !TAKES_THE_THINKING.has(name)).slice(0, COOL.length);
  const rest = names.filter((name) => !warm.includes(name) && !cool.includes(name));
  const parts = [
    ...warm.map((name, index) => ({
      label: violationLabel(name),
      tone: WARM[index]! as string,
      names: [name],
    })),
    ...cool.map((name, index) => ({
      label: violationLabel(name),
      tone: COOL[index]! as string,
      names: [name],
    })),
    ...(rest.length === 0
      ? []
      : [{ label: rest.length === 1 ? violationLabel(rest[0]!) : 'other', tone: REST, names: rest }]),
  ];
  const table = bars.map((bar) =>
    parts.map((part) =>
      bar.reduce((sum, { violation, per_100 }) => (part.names.includes(violation) ? sum + per_100 : sum), 0),
    ),
  );
  return { parts, table };
}
