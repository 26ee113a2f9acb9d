import type { HeuristicResult } from '../../schemas/heuristic-result.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import { randomFrom } from '../identity/random.ts';
import { upperBound } from '../statistics/clopper-pearson.ts';

/** Risks are binned on the logit scale: 48 bins of 0.25 from −6 to 6, fine where risk is small. */
export const RISK_BINS = 48;
const BIN_WIDTH = 0.25;
const LOWEST_LOGIT = -6;
/** First bin of risks of one half and more. */
const EVEN_RISK_BIN = RISK_BINS / 2;
/** In the last bin below even. */
const JUST_BELOW_EVEN = 0.4999;

/** Thresholds of one execution, on its plan rows: every turn is drawn, and later weighed, by what the plan says. */
export interface FilterThresholds {
  /** Turns of less risk pass unjudged; null: none. */
  pass_below_risk: number | null;
  /** Turns of at least this risk fail unjudged; null: none. */
  fail_above_risk: number | null;
  n_calibration: number;
  /** Share of the turns the filter decides that is judged anyway, in 0–1. */
  audit_frac: number;
}

export type FilterDecision = 'judged' | 'skipped' | 'audited';

/** The bin of a risk in 0–1. */
export function riskBin(risk: number): number {
  const clamped = Math.min(1 - 1e-9, Math.max(1e-9, risk));
  const logit = Math.log(clamped / (1 - clamped));
  return Math.min(RISK_BINS - 1, Math.max(0, Math.floor((logit - LOWEST_LOGIT) / BIN_WIDTH)));
}

/**
 * The risk by which the filter goes: a turn is skipped only where the heuristic's verdict, which the record would keep,
 * agrees with the direction of the skip. One that disagrees with its own risk counts as even and is always judged.
 */
export function filterRisk({
  noncompliance_risk,
  is_compliant,
}: Pick<HeuristicResult, 'noncompliance_risk' | 'is_compliant'>): number {
  return is_compliant ? Math.min(noncompliance_risk, JUST_BELOW_EVEN) : Math.max(noncompliance_risk, 0.5);
}

/** Lower edge of a bin, as a risk. */
function lowerEdge(bin: number): number {
  const logit = LOWEST_LOGIT + bin * BIN_WIDTH;
  return 1 / (1 + Math.exp(-logit));
}

/**
 * Errors at which the first test of a search may still succeed. The search begins at the first bin by which so many turns
 * have come together that it could bear them: a rule on numbers of turns, not on their labels, so it costs no error
 * probability, and one early slip does not end the search before it began. With 2, a bound of 1% needs 628 turns in the
 * safest bins and one of 5% needs 124.
 */
const FORGIVEN_AT_START = 2;

/**
 * Thresholds with an error bound, from judged turns of earlier executions of the series. Bins are added from the safe end
 * while the exact 95% upper bound of the error among all turns so far stays below the stated one, and the first that
 * breaks it ends the search: a fixed sequence of tests needs no correction for their number (Angelopoulos et al., "Learn
 * then Test", 2021). Failing unjudged is bounded twice: as a share of the failed turns, and as a share of all compliant ones.
 * A half-life ends at the first low average, and nearly all failed turns of a good tutor would be errors, so only the
 * second bound protects it. Fewer judged turns than the rubric asks for: nothing is skipped.
 * @param planned_turns turns of the execution that is planned; a small one audits a larger share.
 */
export function calibrateFilter(
  bins: RunSummary['risk_bins'],
  rubric: Rubric,
  planned_turns: number,
): FilterThresholds {
  const ascending = Array.from({ length: RISK_BINS }, (_, bin) => bin);
  const compliant = ascending.map(() => 0);
  const noncompliant = ascending.map(() => 0);
  let total = 0;
  for (const { bin, n_compliant, n_noncompliant } of bins) {
    compliant[bin] = (compliant[bin] ?? 0) + n_compliant;
    noncompliant[bin] = (noncompliant[bin] ?? 0) + n_noncompliant;
    total += n_compliant + n_noncompliant;
  }
  if (total < rubric.filter.min_calibration_turns) return noFilter(rubric, total);

  // Whatever the numbers of a thin bin allow, a turn more likely to fail than not is never passed unseen, nor the reverse.
  const likelyCompliant = ascending.slice(0, EVEN_RISK_BIN);
  const likelyFailing = ascending.slice(EVEN_RISK_BIN).toReversed();
  const { max_pass_risk, max_fail_risk, max_false_fail_frac } = rubric.filter;
  const pass = lastSafeBin(
    likelyCompliant,
    noncompliant,
    compliant,
    (errors, n) => upperBound(errors, n, 0.95) <= max_pass_risk,
  );
  const allCompliant = compliant.reduce((sum, turns) => sum + turns, 0);
  const fail = lastSafeBin(
    likelyFailing,
    compliant,
    noncompliant,
    (errors, n) =>
      upperBound(errors, n, 0.95) <= max_fail_risk &&
      upperBound(errors, allCompliant, 0.95) <= max_false_fail_frac,
  );
  const decided = ascending.filter((bin) => (pass !== null && bin <= pass) || (fail !== null && bin >= fail));
  const share = decided.reduce((sum, bin) => sum + compliant[bin]! + noncompliant[bin]!, 0) / total;
  return {
    pass_below_risk: pass === null ? null : lowerEdge(pass + 1),
    fail_above_risk: fail === null ? null : lowerEdge(fail),
    n_calibration: total,
    audit_frac: auditFrac(share * planned_turns, rubric),
  };
}

/** Thresholds that skip nothing. */
export function noFilter(rubric: Rubric, n_calibration = 0): FilterThresholds {
  const { audit_frac } = rubric.filter;
  return { pass_below_risk: null, fail_above_risk: null, n_calibration, audit_frac };
}

/**
 * The rubric's share, or so much more that at least min_audit_turns of the turns that the filter is expected to decide come
 * out audited: two standard deviations of a Poisson number above it. Where weeks with the filter on calibrate, skipped
 * turns are scarce among the judged ones, fewer are expected than will come, and more are audited.
 */
function auditFrac(expected_turns: number, { filter: { audit_frac, min_audit_turns } }: Rubric): number {
  const wanted = min_audit_turns + 2 * Math.sqrt(min_audit_turns);
  return expected_turns <= 0 ? audit_frac : Math.min(1, Math.max(audit_frac, wanted / expected_turns));
}

/** Last bin, in order, up to which the error stays below the bound; a bin without turns adds nothing and is no end. */
function lastSafeBin(
  order: readonly number[],
  wrong: readonly number[],
  right: readonly number[],
  isSafe: (errors: number, n: number) => boolean,
): number | null {
  let errors = 0;
  let n = 0;
  let last: number | null = null;
  for (const bin of order) {
    const turns = wrong[bin]! + right[bin]!;
    errors += wrong[bin]!;
    n += turns;
    if (turns === 0 || !isSafe(FORGIVEN_AT_START, n)) continue;
    if (!isSafe(errors, n)) break;
    last = bin;
  }
  return last;
}

/** What happens to a turn of this risk (`filterRisk`). The audit draw depends on run and turn alone, so a resumed run draws the same. */
export function filterDecision(
  risk: number,
  thresholds: FilterThresholds,
  run_id: string,
  turn_index: number,
): FilterDecision {
  const passes = thresholds.pass_below_risk !== null && risk < thresholds.pass_below_risk;
  const fails = thresholds.fail_above_risk !== null && risk >= thresholds.fail_above_risk;
  if (!passes && !fails) return 'judged';
  return randomFrom(`audit:${run_id}:${turn_index}`)() < thresholds.audit_frac ? 'audited' : 'skipped';
}
