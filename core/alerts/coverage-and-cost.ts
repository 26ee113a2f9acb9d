import type { AlertRules } from '../../schemas/alert-rules.ts';
import type { WeeklySummary } from '../../schemas/weekly-summary.ts';
import { ALL_PHASES } from '../../schemas/names.ts';
import { named, percent, type Finding } from './finding.ts';

/** Findings of rules that count and do not test. */
const COUNTED = {
  change: null,
  ci_low: null,
  ci_high: null,
  minimum_detectable_change: null,
  p: null,
  isBeyond: false,
} as const;

/** coverage of the whole execution: planned runs that were scored. Null when nothing was planned. */
export function coverage(rows: readonly WeeklySummary[], rules: AlertRules): Finding | null {
  const phaseRows = rows.filter(({ phase }) => phase !== ALL_PHASES);
  const planned = sum(phaseRows, (row) => row.n_planned);
  const scored = sum(phaseRows, (row) => row.n_runs);
  if (planned === 0) return null;
  const worst = [...byModel(phaseRows)]
    .map(([name, own]) => ({
      name,
      missing: sum(own, (row) => row.n_planned) - sum(own, (row) => row.n_runs),
    }))
    .filter(({ missing }) => missing > 0)
    .sort((a, b) => b.missing - a.missing)
    .map(({ name, missing }) => `${name} ${missing}`);
  const shown = worst.length > 4 ? [...worst.slice(0, 3), `${worst.length - 3} models more`] : worst;
  return {
    ...COUNTED,
    rule: 'coverage',
    model: null,
    variant: null,
    value: scored / planned,
    previous_value: rules.coverage.min_coverage_frac,
    n: planned,
    isCertain: scored / planned < rules.coverage.min_coverage_frac,
    text:
      `${scored} of ${planned} planned runs were scored (${percent(scored / planned)}, wanted ` +
      `${percent(rules.coverage.min_coverage_frac)})${worst.length === 0 ? '' : `; missing: ${shown.join(', ')}`}.`,
    advice:
      'Next: socratic-bench run --resume --retry-errors; rows skipped when they were planned (access) need run --new',
  };
}

/**
 * coverage of each model and variant: runs that ended because the context overflowed, those too that overflowed before they
 * had enough turns to be scored.
 */
export function contextOverflows(rows: readonly WeeklySummary[], rules: AlertRules): Finding[] {
  const phaseRows = rows.filter(({ phase }) => phase !== ALL_PHASES);
  return [...byModel(phaseRows).values()].flatMap((own) => {
    const first = own[0]!;
    const runs = sum(own, (row) => row.n_runs + row.n_overflow_failed);
    const overflowed = sum(
      own,
      (row) =>
        row.n_overflow_failed +
        (row.censored_by.find(({ reason }) => reason === 'context_overflow')?.n_runs ?? 0),
    );
    if (runs === 0) return [];
    return [
      {
        ...COUNTED,
        rule: 'coverage' as const,
        model: first.model,
        variant: first.variant,
        value: overflowed / runs,
        previous_value: rules.coverage.max_context_overflow_frac,
        n: runs,
        isCertain: overflowed / runs > rules.coverage.max_context_overflow_frac,
        text:
          `The context of ${named(first)} overflowed in ${overflowed} of ${runs} runs ` +
          `(${percent(overflowed / runs)}, allowed ${percent(rules.coverage.max_context_overflow_frac)}); its ` +
          'RMST with overflows as events stands beside the plain one.',
        advice: 'Next: check context_window_tokens of the model in config/models, or drop the phase for it.',
      },
    ];
  });
}

/** cost of the execution against its budget. */
export function cost({ spent_usd, budget_usd }: { spent_usd: number; budget_usd: number }): Finding {
  return {
    ...COUNTED,
    rule: 'cost',
    model: null,
    variant: null,
    value: spent_usd,
    previous_value: budget_usd,
    n: 1,
    isCertain: spent_usd > budget_usd,
    text: `Spent $${spent_usd.toFixed(2)} of a budget of $${budget_usd.toFixed(2)}.`,
    advice: 'Next: socratic-bench cost names model, phase and component; budget_usd stands in the profile.',
  };
}

function byModel(rows: readonly WeeklySummary[]): Map<string, WeeklySummary[]> {
  const groups = new Map<string, WeeklySummary[]>();
  for (const row of rows) {
    const group = groups.get(named(row)) ?? [];
    group.push(row);
    groups.set(named(row), group);
  }
  return groups;
}

function sum(rows: readonly WeeklySummary[], value: (row: WeeklySummary) => number): number {
  return rows.reduce((total, row) => total + value(row), 0);
}
