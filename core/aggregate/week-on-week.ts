import type { RunSummary } from '../../schemas/run-summary.ts';
import type { WeeklySummary } from '../../schemas/weekly-summary.ts';
import { randomFrom } from '../identity/random.ts';
import { pairedChange } from '../statistics/paired-change.ts';
import { compliancePairs, halfLifePairs, WHOLE_CELL } from './paired-runs.ts';
import { round6, round6OrNull } from './round-record.ts';
import { DISPLAY_TURNS } from './run-group.ts';

type Figures = Pick<
  WeeklySummary,
  | 'wow_rmst_delta'
  | 'wow_rmst_ci_low'
  | 'wow_rmst_ci_high'
  | 'wow_rmst_p'
  | 'wow_rmst_mdc'
  | 'wow_rmst_df'
  | 'wow_rmst_now_turns'
  | 'wow_rmst_before_turns'
  | 'wow_compliance_delta'
  | 'wow_compliance_ci_low'
  | 'wow_compliance_ci_high'
  | 'wow_compliance_p'
  | 'wow_compliance_mdc'
  | 'wow_compliance_df'
  | 'wow_compliance_now'
  | 'wow_compliance_before'
  | 'wow_n_pairs'
  | 'wow_compliance_n_pairs'
  | 'wow_baseline_execution_id'
>;

/**
 * Did this model change on this test? Runs of now and of last week, paired by the whole cell, phases counting equally.
 * RMST changes are fractions of last week's, compliance changes are differences of rates. All null without a pair; values now
 * and before are those of the paired runs, so that they agree with the change.
 * @param previous runs of the same model, variant, measure and (for a phase row) phase.
 * @param options.seed text that seeds the permutations, so that a repeat draws the same.
 */
export function weekOnWeek(
  now: readonly RunSummary[],
  previous: readonly RunSummary[],
  options: { permutations: number; seed: string },
): Figures {
  const change = (figure: 'rmst' | 'compliance') =>
    pairedChange((figure === 'rmst' ? halfLifePairs : compliancePairs)(now, previous, WHOLE_CELL), {
      draws: options.permutations,
      random: randomFrom(`${options.seed}:${figure}`),
    });
  const halfLife = change('rmst');
  const compliance = change('compliance');
  return {
    wow_rmst_delta: round6OrNull(halfLife?.relative?.delta),
    wow_rmst_ci_low: changeOrNull(halfLife?.relative?.ci_low),
    wow_rmst_ci_high: round6OrNull(halfLife?.relative?.ci_high),
    wow_rmst_p: round6OrNull(halfLife?.p_fall),
    wow_rmst_mdc: round6OrNull(halfLife?.relative?.mdc),
    wow_rmst_df: round6OrNull(halfLife?.df),
    wow_rmst_now_turns: turnsOrNull(halfLife?.now),
    wow_rmst_before_turns: turnsOrNull(halfLife?.before),
    wow_compliance_delta: round6OrNull(compliance?.delta),
    wow_compliance_ci_low: changeOrNull(compliance?.ci_low),
    wow_compliance_ci_high: changeOrNull(compliance?.ci_high, 1),
    wow_compliance_p: round6OrNull(compliance?.p_fall),
    wow_compliance_mdc: round6OrNull(compliance?.mdc),
    wow_compliance_df: round6OrNull(compliance?.df),
    wow_compliance_now: round6OrNull(compliance?.now),
    wow_compliance_before: round6OrNull(compliance?.before),
    wow_n_pairs: halfLife?.n_pairs ?? 0,
    wow_compliance_n_pairs: compliance?.n_pairs ?? 0,
    wow_baseline_execution_id:
      halfLife === null && compliance === null ? null : (previous[0]?.execution_id ?? null),
  };
}

/** No half-life falls by more than all of it, and no rate changes by more than one: an interval from few pairs is cut there. */
function changeOrNull(change: number | null | undefined, most = Number.POSITIVE_INFINITY): number | null {
  return change == null ? null : round6(Math.min(most, Math.max(-1, change)));
}

/** Pseudo-observations of some of a group's runs may average a little outside the values a half-life can take: cut there. */
function turnsOrNull(turns: number | undefined): number | null {
  return turns === undefined ? null : round6(Math.min(DISPLAY_TURNS, Math.max(0, turns)));
}
