import type { Rubric } from '../../schemas/rubric.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import { randomFrom } from '../identity/random.ts';
import { upperBound } from '../statistics/clopper-pearson.ts';

/** Risks are binned on the logit scale: 48 bins of 0.25 from −6 to 6, fine where risk is small. */
export const RISK_BINS = 48;
const BIN_WIDTH = 0.25;
const LOWEST_LOGIT = -6;

/** Thresholds of one execution, on its plan rows. */
export interface FilterThresholds {
  /** Turns of less risk pass unjudged; null: none. */
  pass_below_risk: number | null;
  /** Turns of at least this risk fail unjudged; null: none. */
  fail_above_risk: number | null;
  n_calibration: number;
}

export type FilterDecision = 'judged' | 'skipped' | 'audited';

/** The bin of a risk in 0–1. */
export function riskBin(risk: number): number {
  const clamped = Math.min(1 - 1e-9, Math.max(1e-9, risk));
  const logit = Math.log(clamped / (1 - clamped));
  return Math.min(RISK_BINS - 1, Math.max(0, Math.floor((logit - LOWEST_LOGIT) / BIN_WIDTH)));
}

/** Lower edge of a bin, as a risk. */
function lowerEdge(bin: number): number {
  const logit = LOWEST_LOGIT + bin * BIN_WIDTH;
  return 1 / (1 + Math.exp(-logit));
}

/**
 * Thresholds with an error bound, from judged turns of earlier executions of the series. Bins are added from the safe end
 * while the exact 95% upper bound of the error among all turns so far stays below the stated one, and the first that
 * breaks it ends the search: a fixed sequence of tests needs no correction for their number (Angelopoulos et al., "Learn
 * then Test", 2021). Fewer judged turns than the rubric asks for: nothing is skipped.
 */
export function calibrateFilter(bins: RunSummary['risk_bins'], rubric: Rubric): FilterThresholds {
  const compliant = new Array<number>(RISK_BINS).fill(0);
  const noncompliant = new Array<number>(RISK_BINS).fill(0);
  let total = 0;
  for (const { bin, n_compliant, n_noncompliant } of bins) {
    compliant[bin] = (compliant[bin] ?? 0) + n_compliant;
    noncompliant[bin] = (noncompliant[bin] ?? 0) + n_noncompliant;
    total += n_compliant + n_noncompliant;
  }
  if (total < rubric.filter.min_calibration_turns)
    return { pass_below_risk: null, fail_above_risk: null, n_calibration: total };

  const ascending = Array.from({ length: RISK_BINS }, (_, bin) => bin);
  const lastPass = longestSafeRun(ascending, noncompliant, compliant, rubric.filter.max_pass_risk);
  const lastFail = longestSafeRun(
    [...ascending].reverse(),
    compliant,
    noncompliant,
    rubric.filter.max_fail_risk,
  );
  return {
    pass_below_risk: lastPass === null ? null : lowerEdge(lastPass + 1),
    fail_above_risk:
      lastFail === null || (lastPass !== null && lastFail <= lastPass) ? null : lowerEdge(lastFail),
    n_calibration: total,
  };
}

function longestSafeRun(
  order: readonly number[],
  wrong: readonly number[],
  right: readonly number[],
  maxRisk: number,
): number | null {
  let errors = 0;
  let n = 0;
  let last: number | null = null;
  for (const bin of order) {
    errors += wrong[bin]!;
    n += wrong[bin]! + right[bin]!;
    if (n === 0) continue;
    if (upperBound(errors, n, 0.95) > maxRisk) {
      // Too few turns yet to say: go on while no error stands against it, else stop.
      if (errors === 0) continue;
      break;
    }
    last = bin;
  }
  return last;
}

/** What happens to a turn of this risk. The audit draw depends on run and turn alone, so a resumed run draws the same. */
export function filterDecision(
  risk: number,
  thresholds: FilterThresholds,
  rubric: Rubric,
  run_id: string,
  turn_index: number,
): FilterDecision {
  const passes = thresholds.pass_below_risk !== null && risk < thresholds.pass_below_risk;
  const fails = thresholds.fail_above_risk !== null && risk >= thresholds.fail_above_risk;
  if (!passes && !fails) return 'judged';
  return randomFrom(`audit:${run_id}:${turn_index}`)() < rubric.filter.audit_frac ? 'audited' : 'skipped';
}
