import type { WeeklySummary } from '../../../schemas/weekly-summary.ts';
import { excludesZero } from './number.ts';
import type { Change } from './verdict.ts';

type Row = Pick<
  WeeklySummary,
  | 'model'
  | 'variant'
  | 'phase'
  | 'wow_rmst_delta'
  | 'wow_rmst_ci_low'
  | 'wow_rmst_ci_high'
  | 'wow_compliance_delta'
  | 'wow_compliance_ci_low'
  | 'wow_compliance_ci_high'
  | 'violations_per_100_turns'
>;

/** What stands beside a change: where it is largest, and which violation moved with it. Describes, proves no cause. */
export interface Cause {
  /** The phase that moved most in the same direction with an interval that leaves 0 out; null when none does. */
  phase: string | null;
  /** The violation whose rate moved most in the direction that explains the change; null when none did. */
  violation: { name: string; before: number; now: number } | null;
}

export function causeOf(change: Change, now: readonly Row[], before: readonly Row[]): Cause {
  const mine = (rows: readonly Row[]) =>
    rows.filter(({ model, variant }) => model === change.model && variant === change.variant);
  const sign = Math.sign(change.delta);
  const moved = mine(now)
    .filter(({ phase }) => phase !== 'all')
    .map((row) =>
      change.metric === 'half-life'
        ? {
            phase: row.phase,
            delta: row.wow_rmst_delta,
            low: row.wow_rmst_ci_low,
            high: row.wow_rmst_ci_high,
          }
        : {
            phase: row.phase,
            delta: row.wow_compliance_delta,
            low: row.wow_compliance_ci_low,
            high: row.wow_compliance_ci_high,
          },
    )
    .filter(({ delta, low, high }) => delta !== null && Math.sign(delta) === sign && excludesZero(low, high))
    .sort((a, b) => Math.abs(b.delta!) - Math.abs(a.delta!));
  const phase = moved[0]?.phase ?? null;
  const at = (rows: readonly Row[]) => mine(rows).find((row) => row.phase === (phase ?? 'all'));
  const old = new Map(
    at(before)?.violations_per_100_turns.map(({ violation, per_100 }) => [violation, per_100]),
  );
  const current = new Map(
    at(now)?.violations_per_100_turns.map(({ violation, per_100 }) => [violation, per_100]),
  );
  const names = at(before) === undefined ? [] : [...new Set([...old.keys(), ...current.keys()])];
  const largest = names
    .map((name) => ({ name, before: old.get(name) ?? 0, now: current.get(name) ?? 0 }))
    .filter(
      (violation) =>
        Math.sign(violation.before - violation.now) === sign &&
        Math.abs(violation.now - violation.before) >= 1,
    )
    .sort((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before))[0];
  return { phase, violation: largest ?? null };
}
