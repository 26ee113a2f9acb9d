import { CRITERION_NAMES, VIOLATIONS } from '../../schemas/common.ts';
import type { Ended } from '../../schemas/checkpoint.ts';
import { CSD_DIMENSIONS, type CsdSubscores } from '../../schemas/csd-subscores.ts';
import { SCHEMA_VERSION } from '../../schemas/names.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import type { Turn } from '../../schemas/turn.ts';
import { filterRisk, riskBin } from '../judging/filter.ts';
import { aporiaTurn } from '../metrics/aporia.ts';
import { isDecline, measureDecline } from '../metrics/decline.ts';
import { measureHalfLife, type CensorReason, type HalfLife } from '../metrics/half-life.ts';
import { round6, round6OrNull } from './round-record.ts';
import { runCsd } from './run-csd.ts';
import { rowFields, summarizeUnrun, type PlannedRunFacts } from './summarize-unrun.ts';
import { turnCriteria } from './turn-criteria.ts';
import { isCompliantVerdict, isSplit, verdictOf } from './turn-tally.ts';

export interface RunFacts extends PlannedRunFacts {
  /** The run's judged turns 1, 2, … in order: all of them, or the unbroken prefix of a run that could not go on. */
  turns: readonly Turn[];
  rubric: Rubric;
  /** What CSD knows of the whole run beyond the turns' subscores. */
  threads: { thread_depths: readonly number[]; salience_recall_at_3: number | null };
}

/**
 * The summary of one plan row. A fault that is not the tutor's never lowers a figure: unscored turns enter no mean, and a
 * dialogue cut short is censored, not failed. `ended`: complete = the dialogue ran its planned turns; censored = it was cut,
 * or too many turns are unscored; failed = fewer scored turns than one moving average needs; skipped = never begun.
 * `fault` names who cut it, also where the half-life had been reached before.
 */
export function summarizeRun(facts: RunFacts): RunSummary {
  const { row, turns, rubric } = facts;
  if (turns.length === 0) return summarizeUnrun(facts);

  const scored = turns.filter(({ score }) => score !== null);
  const ended_early = earlyEnd(facts);
  const halfLife = measureHalfLife({ scores: turns.map(({ score }) => score), ended_early }, rubric);
  const decline = measureDecline(turns.map(({ score }) => score));
  const csd = runCsd(
    turns.map(({ csd_subscores }) => csd_subscores),
    rubric,
  );
  const dialogue_cost_usd = sum(turns, (turn) => turn.cost_usd);
  const judge_cost_usd = sum(
    turns,
    (turn) => (turn.judge?.cost_usd ?? 0) + (turn.secondary_judge?.cost_usd ?? 0),
  );
  return {
    ...rowFields(facts),
    ...howItEnded(facts, scored.length, ended_early, halfLife),
    n_turns: turns.length,
    n_scored_turns: scored.length,
    half_life_turn: halfLife.half_life_turn,
    is_censored: halfLife.is_censored,
    censor_reason: halfLife.censor_reason,
    observed_turns: halfLife.observed_turns,
    half_life_curve: halfLife.half_life_curve,
    relative_half_life_turn: halfLife.relative_half_life_turn,
    score_by_turn: turns.map(({ score }) => score),
    is_compliant_by_turn: turns.map(({ is_compliant }) => is_compliant),
    aporia_turn: aporiaTurn(
      turns.map(({ turn_index, student, csd_subscores }) => ({
        turn_index,
        move: student.move,
        ch: csd_subscores.ch,
      })),
    ),
    decline_pts: round6OrNull(decline.decline_pts),
    decline_ci_low: round6OrNull(decline.decline_ci_low),
    decline_ci_high: round6OrNull(decline.decline_ci_high),
    is_declining: isDecline(decline, rubric.half_life.smallest_decline_pts),
    mean_score: mean(scored, (turn) => turn.score!),
    compliance_rate: mean(scored, (turn) => (turn.is_compliant === true ? 1 : 0)),
    first_violation_turn: turns.find(({ violations }) => violations.length > 0)?.turn_index ?? null,
    csd: round6OrNull(csd.csd),
    csd_covered_weight: round6(csd.csd_covered_weight),
    csd_subscores: Object.fromEntries(
      CSD_DIMENSIONS.map((name) => [name, round6OrNull(csd.csd_subscores[name])]),
    ) as CsdSubscores,
    salience_recall_at_3: round6OrNull(facts.threads.salience_recall_at_3),
    thread_depths: [...facts.threads.thread_depths],
    violation_counts: VIOLATIONS.map((violation) => ({
      violation,
      n_turns: count(turns, ({ violations }) => violations.includes(violation)),
    })).filter(({ n_turns }) => n_turns > 0),
    mean_criteria: meanCriteria(scored, rubric),
    n_judged_turns: count(turns, (turn) => verdictOf(turn) !== null),
    n_skipped_turns: count(turns, ({ filter }) => filter === 'skipped'),
    n_audited_turns: count(turns, (turn) => turn.filter === 'audited' && verdictOf(turn) !== null),
    risk_bins: riskBins(turns, rubric),
    n_split_turns: count(turns, (turn) => {
      const verdict = verdictOf(turn);
      return verdict !== null && isSplit(turn, verdict, rubric);
    }),
    n_injection_turns: count(turns, ({ is_injection_flagged }) => is_injection_flagged),
    n_context_overflow:
      count(turns, ({ stop_reason }) => stop_reason === 'context_overflow') +
      (ended_early === 'context_overflow' ? 1 : 0),
    input_tokens: sum(turns, (turn) => turn.input_tokens),
    output_tokens: sum(turns, (turn) => turn.output_tokens),
    cache_read_tokens: sum(turns, (turn) => turn.cache_read_tokens),
    cache_write_tokens: sum(turns, (turn) => turn.cache_write_tokens),
    context_tokens: turns.at(-1)!.context_tokens,
    dialogue_cost_usd: round6(dialogue_cost_usd),
    judge_cost_usd: round6(judge_cost_usd),
    cost_usd: round6(dialogue_cost_usd + judge_cost_usd),
    run_root_sha256: turns.at(-1)!.turn_hash,
    planned_turns: row.turns,
    schema_version: SCHEMA_VERSION,
  };
}

/**
 * Why the dialogue stopped before its last planned turn; null when it did not. A model closed or a budget spent in the middle,
 * and a task lost without a word, are infrastructure.
 */
function earlyEnd({ row, turns, ended }: RunFacts): Exclude<CensorReason, 'horizon'> | null {
  if (turns.length >= row.turns) return null;
  const reason: Ended['reason'] | undefined = ended?.reason;
  if (reason === undefined || reason === 'access' || reason === 'budget' || reason === 'horizon')
    return 'infrastructure';
  return reason;
}

function howItEnded(
  { turns, ended, rubric }: RunFacts,
  n_scored: number,
  ended_early: CensorReason | null,
  halfLife: HalfLife,
): Pick<RunSummary, 'ended' | 'fault' | 'skip_reason' | 'skip_detail'> {
  const cutBy =
    ended_early === null
      ? null
      : (ended?.fault ?? (ended_early === 'infrastructure' ? 'infrastructure' : null));
  const isUnscored = halfLife.censor_reason === 'judge';
  const fault = cutBy ?? (isUnscored || n_scored < turns.length / 2 ? unscoredFault(turns) : null);
  const none = { skip_reason: null, skip_detail: null };
  if (n_scored >= rubric.half_life.window_turns)
    return { ended: ended_early !== null || isUnscored ? 'censored' : 'complete', fault, ...none };
  // Nobody failed where the cap was met before there was anything to score.
  if (ended?.reason === 'budget' || isUnpaid(turns))
    return {
      ended: 'skipped',
      fault: null,
      skip_reason: 'budget',
      skip_detail: ended?.error ?? 'the cap left too little for the judge',
    };
  return { ended: 'failed', fault, ...none };
}

/** Did the cap leave most of the unscored turns without a judge? */
function isUnpaid(turns: readonly Turn[]): boolean {
  const unscored = turns.filter(({ unscored_reason }) => unscored_reason !== null);
  return count(unscored, ({ unscored_reason }) => unscored_reason === 'budget') > unscored.length / 2;
}

/** Who left most of the unscored turns unscored. */
function unscoredFault(turns: readonly Turn[]): 'judge' | 'infrastructure' {
  const byJudge = count(turns, ({ unscored_reason }) => unscored_reason === 'judge');
  const byProvider = count(turns, ({ unscored_reason }) => unscored_reason === 'infrastructure');
  return byProvider > byJudge ? 'infrastructure' : 'judge';
}

function meanCriteria(scored: readonly Turn[], rubric: Rubric): RunSummary['mean_criteria'] {
  const criteria = scored.flatMap((turn) => turnCriteria(turn, rubric) ?? []);
  return Object.fromEntries(
    CRITERION_NAMES.map((name) => [name, mean(criteria, (one) => one[name])]),
  ) as RunSummary['mean_criteria'];
}

/** Turns with a verdict, by heuristic risk and by what the judge (or the resolution) found. */
function riskBins(turns: readonly Turn[], rubric: Rubric): RunSummary['risk_bins'] {
  const bins = new Map<number, { bin: number; n_compliant: number; n_noncompliant: number }>();
  for (const turn of turns) {
    const verdict = verdictOf(turn);
    if (verdict === null) continue;
    const isCompliant = turn.filter === 'audited' ? isCompliantVerdict(verdict, rubric) : turn.is_compliant;
    if (isCompliant === null) continue;
    const bin = riskBin(filterRisk(turn.heuristic));
    const counts = bins.get(bin) ?? { bin, n_compliant: 0, n_noncompliant: 0 };
    if (isCompliant) counts.n_compliant += 1;
    else counts.n_noncompliant += 1;
    bins.set(bin, counts);
  }
  return [...bins.values()].sort((a, b) => a.bin - b.bin);
}

function count<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.reduce((n, item) => (holds(item) ? n + 1 : n), 0);
}
function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
function mean<T>(items: readonly T[], value: (item: T) => number): number | null {
  return items.length === 0 ? null : round6(sum(items, value) / items.length);
}
