import type { AlertRule } from '../../schemas/alert-rules.ts';

/** What one rule saw of one model and variant, before it is decided whether it fires. */
export interface Finding {
  rule: AlertRule;
  model: string | null;
  variant: string | null;
  value: number | null;
  previous_value: number | null;
  change: number | null;
  ci_low: number | null;
  ci_high: number | null;
  n: number;
  /** The true change that the rule finds with 80% probability. */
  minimum_detectable_change: number | null;
  /** p of the rule's test, one of the week's family; null where the rule compares without a test. */
  p: number | null;
  /** The thresholds are passed; fires when the test agrees. */
  isBeyond: boolean;
  /** Fires whatever the test says. */
  isCertain: boolean;
  /** What happened, in one sentence with both values, interval and n. */
  text: string;
  /** What to do next. */
  advice: string;
}

/** The tests of the week. */
export interface Family {
  size: number;
  /** Level at which the first of them must reject under Holm: α / size. */
  alpha: number;
}

/** 0.282 → "28.2%". */
export function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)}%`;
}

/** 0.12 → "12.0 points". */
export function points(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} points`;
}

/** "(95% CI -40.1% to -16.0%)", or "(no CI)". */
export function interval(
  low: number | null,
  high: number | null,
  show: (value: number) => string = percent,
): string {
  return low === null || high === null ? '(no CI)' : `(95% CI ${show(low)} to ${show(high)})`;
}

/** Model, with the variant where it is not the plain one. */
export function named({ model, variant }: { model: string; variant: string }): string {
  return variant === 'main' ? model : `${model} (${variant})`;
}
