import { cpus, loadavg } from 'node:os';
import type { Finding } from './bench.ts';

/** A bench's findings and the machine they were made on. */
export interface Result {
  bench: string;
  machine: Machine;
  findings: Finding[];
}

interface Machine {
  node: string;
  cpu: string;
  cores: number;
  /** Load average of the last minute when the bench began: above the number of cores, figures are dearer than they need be. */
  load: number;
}

export function machine(): Machine {
  const all = cpus();
  return {
    node: process.versions.node,
    cpu: all[0]?.model ?? 'unknown',
    cores: all.length,
    load: Math.round(loadavg()[0]! * 10) / 10,
  };
}

const HEAD = ['bench', 'what', 'promise', 'measured', 'ratio', 'verdict'];

/** The findings as a table: `ratio` is measured by promised, at most 1 when the promise is kept. */
export function report(results: readonly Result[]): string {
  const rows = results.flatMap(({ bench, findings }) =>
    findings.map(({ what, measured, unit, at_most }) => [
      bench,
      what,
      at_most === null ? '–' : `≤ ${quantity(at_most, unit)}`,
      quantity(measured, unit),
      at_most === null || at_most === 0 ? '–' : (measured / at_most).toFixed(2),
      at_most === null ? '' : measured <= at_most ? 'kept' : 'BROKEN',
    ]),
  );
  const widths = HEAD.map((title, i) =>
    Math.max(...[HEAD, ...rows].map((row) => row[i]!.length), title.length),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join(' | ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('-|-');
  const broken = rows.filter((row) => row[5] === 'BROKEN').length;
  const loads = [...new Set(results.map((result) => result.machine.load))].join(', ');
  return [
    line(HEAD),
    rule,
    ...rows.map(line),
    '',
    `${broken} of ${rows.filter((row) => row[5] !== '').length} promises broken · Node ${process.versions.node}, ${cpus().length} cores, load at start ${loads}`,
  ].join('\n');
}

function quantity(value: number, unit: string): string {
  const digits = Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return unit === '×' ? `${value.toFixed(digits)}×` : `${value.toFixed(digits)} ${unit}`.trim();
}
