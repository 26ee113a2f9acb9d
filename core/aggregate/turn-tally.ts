import { CRITERION_NAMES, type CriterionName } from '../../schemas/common.ts';
import type { JudgeResult } from '../../schemas/judge-result.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import type { Turn } from '../../schemas/turn.ts';
import { addRatingPair, emptyRatingTable } from '../statistics/weighted-kappa.ts';

/** Scores 0 … 10 in whole points: the categories of κ. */
const SCORE_CATEGORIES = 11;

/**
 * What a group of runs needs to know of its turns, in constant memory. Judge and heuristic are compared over *all* turns: each
 * audited turn stands for the 1 / audit_frac filtered turns it was drawn from. Otherwise a week with the filter on, whose
 * judged turns are the hard ones, could not be held against one without.
 */
export interface TurnTally {
  /** Weighted turns with a verdict: judge's and heuristic's score, whole points. */
  score_table: number[][];
  /** Weight of the turns with a verdict. */
  both_weight: number;
  /** Weighted Σ judge − heuristic over those turns. */
  criterion_difference: Record<CriterionName, number>;
  /** Audited turns that got a verdict. */
  n_audited: number;
  /** … of which the judge decided the other way than the filter. */
  n_audit_errors: number;
  /** … of which the filter passed and the judge did not. */
  n_audit_missed: number;
  /** Turns the filter decided, audited ones included. */
  n_filtered: number;
  /** … of which it found non-compliant. */
  n_filtered_noncompliant: number;
  /** Scored turns the filter left to the judge, found non-compliant. */
  n_judged_noncompliant: number;
  /** CR per turn against the builds_on_prior that scored it: n, Σx, Σy, Σxx, Σyy, Σxy. */
  moments: [number, number, number, number, number, number];
}

export function emptyTurnTally(): TurnTally {
  return {
    score_table: emptyRatingTable(SCORE_CATEGORIES),
    both_weight: 0,
    criterion_difference: Object.fromEntries(CRITERION_NAMES.map((name) => [name, 0])) as Record<
      CriterionName,
      number
    >,
    n_audited: 0,
    n_audit_errors: 0,
    n_audit_missed: 0,
    n_filtered: 0,
    n_filtered_noncompliant: 0,
    n_judged_noncompliant: 0,
    moments: [0, 0, 0, 0, 0, 0],
  };
}

/** Adds one judged turn of a run that audits this share of what its filter decides (on its plan row). */
export function tallyTurn(tally: TurnTally, turn: Turn, rubric: Rubric, audit_frac: number): void {
  if (turn.filter === 'judged') {
    if (turn.is_compliant === false) tally.n_judged_noncompliant += 1;
  } else {
    tally.n_filtered += 1;
    if (turn.is_compliant === false) tally.n_filtered_noncompliant += 1;
  }
  const verdict = verdictOf(turn);
  const bop = (verdict ?? turn.heuristic).criteria.builds_on_prior;
  if (turn.csd_subscores.cr !== null) addMoments(tally.moments, turn.csd_subscores.cr, bop);
  if (verdict === null) return;

  const weight = turnWeight(turn, audit_frac);
  tally.both_weight += weight;
  addRatingPair(tally.score_table, verdict.score, turn.heuristic.score, weight);
  for (const name of CRITERION_NAMES)
    tally.criterion_difference[name] += weight * (verdict.criteria[name] - turn.heuristic.criteria[name]);
  if (turn.filter === 'audited') {
    const judgeSays = isCompliantVerdict(verdict, rubric);
    tally.n_audited += 1;
    if (judgeSays !== turn.heuristic.is_compliant) tally.n_audit_errors += 1;
    if (turn.heuristic.is_compliant && !judgeSays) tally.n_audit_missed += 1;
  }
}

/** Splits of one run: weight of the turns on which judge and heuristic differ by more than the split, and of all judged. */
export interface RunSplits {
  run_id: string;
  split: number;
  judged: number;
}

/** Adds one judged turn to the splits of its run. */
export function tallySplit(splits: RunSplits, turn: Turn, rubric: Rubric, audit_frac: number): void {
  const verdict = verdictOf(turn);
  if (verdict === null) return;
  const weight = turnWeight(turn, audit_frac);
  splits.judged += weight;
  if (isSplit(turn, verdict, rubric)) splits.split += weight;
}

/** Do judge and heuristic differ by more than the rubric's split? */
export function isSplit(turn: Turn, verdict: JudgeResult, rubric: Rubric): boolean {
  return Math.abs(verdict.score - turn.heuristic.score) > rubric.judge.split_pts;
}

/** How many turns a turn with a verdict stands for. */
function turnWeight(turn: Turn, audit_frac: number): number {
  return turn.filter === 'audited' && audit_frac > 0 ? 1 / audit_frac : 1;
}

/** The verdict on a turn: the primary judge's, else the one the secondary gave in its place. */
export function verdictOf(turn: Turn): JudgeResult | null {
  return turn.judge ?? turn.secondary_judge;
}

/** Does a verdict, taken alone, find the turn compliant? */
export function isCompliantVerdict(verdict: JudgeResult, rubric: Rubric): boolean {
  return (
    verdict.score >= rubric.pass_score &&
    !verdict.violations.some((violation) => rubric.disqualifying.includes(violation))
  );
}

/** Sum of tallies (a model over its phases). */
export function mergeTallies(tallies: readonly TurnTally[]): TurnTally {
  const sum = emptyTurnTally();
  for (const tally of tallies) {
    tally.score_table.forEach((row, i) => {
      row.forEach((count, j) => {
        sum.score_table[i]![j]! += count;
      });
    });
    for (const name of CRITERION_NAMES) sum.criterion_difference[name] += tally.criterion_difference[name];
    tally.moments.forEach((moment, i) => {
      sum.moments[i]! += moment;
    });
    sum.both_weight += tally.both_weight;
    sum.n_audited += tally.n_audited;
    sum.n_audit_errors += tally.n_audit_errors;
    sum.n_audit_missed += tally.n_audit_missed;
    sum.n_filtered += tally.n_filtered;
    sum.n_filtered_noncompliant += tally.n_filtered_noncompliant;
    sum.n_judged_noncompliant += tally.n_judged_noncompliant;
  }
  return sum;
}

function addMoments(moments: TurnTally['moments'], x: number, y: number): void {
  moments[0] += 1;
  moments[1] += x;
  moments[2] += y;
  moments[3] += x * x;
  moments[4] += y * y;
  moments[5] += x * y;
}

/** Pearson correlation of the moments; null below 3 turns or without spread. */
export function correlationOf([n, x, y, xx, yy, xy]: TurnTally['moments']): number | null {
  const spreadX = n * xx - x * x;
  const spreadY = n * yy - y * y;
  if (n < 3 || spreadX <= 1e-9 || spreadY <= 1e-9) return null;
  return (n * xy - x * y) / Math.sqrt(spreadX * spreadY);
}
