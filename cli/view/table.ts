import type { Colors } from 'picocolors/types.js';

export interface Column {
  title: string;
  align?: 'left' | 'right';
}

// oxlint-disable-next-line no-control-regex
const ANSI = /\u001B\[[0-9;]*m/g;

/** Lines of a table: dim titles, columns two spaces apart, numbers to the right. Widths ignore colour codes. */
export function tableText(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  colors: Colors,
): string {
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...rows.map((row) => visibleLength(row[index] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => {
        const gap = ' '.repeat(Math.max(0, widths[index]! - visibleLength(cell)));
        return columns[index]!.align === 'right' ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd();
  return `${[colors.dim(line(columns.map((column) => column.title))), ...rows.map(line)].join('\n')}\n`;
}

/**
 * A table where it fits into the terminal, else one block a row with a line a column: lines that wrap can be read by nobody.
 * @param width columns of the terminal; null: not one, nothing wraps.
 */
export function fittedTableText(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  colors: Colors,
  width: number | null,
): string {
  const table = tableText(columns, rows, colors);
  if (width === null || table.split('\n').every((line) => visibleLength(line) <= width)) return table;
  const longest = Math.max(...columns.map(({ title }) => title.length));
  return rows
    .map((row) =>
      row.map((cell, index) => `${colors.dim(columns[index]!.title.padEnd(longest))}  ${cell}\n`).join(''),
    )
    .join('\n');
}

function visibleLength(text: string): number {
  return [...text.replaceAll(ANSI, '')].length;
}

/** 0.8712 → 87%; null → –. */
export function percentText(value: number | null, digits = 0): string {
  return value === null ? '–' : `${(100 * value).toFixed(digits)}%`;
}

/** A number with fixed digits; null → –. */
export function numberText(value: number | null, digits = 1): string {
  return value === null ? '–' : value.toFixed(digits);
}

/** US dollars: cents where they say something, four digits below a cent. */
export function usdText(value: number | null): string {
  if (value === null) return '–';
  if (value === 0) return '$0';
  return value < 0.01 ? `$${value.toFixed(4)}` : `$${value.toFixed(2)}`;
}

/** 1, "run" → "1 run"; 2, "run" → "2 runs". */
export function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

/** 25512345 → 25.5 MB; decimal units. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return plural(bytes, 'byte');
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** 1234567 → 1.23M. */
export function countText(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(value >= 1e7 ? 1 : 2)}M`;
  if (value >= 10_000) return `${(value / 1000).toFixed(0)}K`;
  return String(Math.round(value));
}

/** "12.3 [10.1, 14.6]", or the bare number without an interval. */
export function intervalText(
  value: number | null,
  low: number | null,
  high: number | null,
  digits = 1,
): string {
  if (value === null) return '–';
  // Runs that are all alike show no spread: no interval is known, and one of no width would claim certainty.
  if (low !== null && low === high) return `${value.toFixed(digits)} [all alike]`;
  return low === null || high === null
    ? value.toFixed(digits)
    : `${value.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;
}
