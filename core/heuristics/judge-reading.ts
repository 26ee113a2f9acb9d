import type { StopReason } from '../../schemas/common.ts';
import type { HeuristicResult } from '../../schemas/heuristic-result.ts';
import type { HeuristicsModel } from '../../schemas/heuristics-model.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import { scoreCriteria } from '../metrics/score-criteria.ts';
import { fillCriteria } from './fill-criteria.ts';
import { VIOLATION_STRENGTH } from './finding.ts';
import { logit, sigmoid, type Probabilities } from './model/predict.ts';
import type { TurnReading } from './read-turn.ts';
import { weighFindings } from './weigh-findings.ts';

/** Longest span text a record carries. */
const MAX_SPAN_CHARS = 400;

/** What stage 1 says of a turn, without the risk that it errs. */
export type Judgement = Omit<HeuristicResult, 'noncompliance_risk'>;

/** Violations, criteria and score of a turn that has been read, given its probabilities. */
export function judgeReading(
  turn: TurnReading,
  probabilities: Probabilities,
  stopReason: StopReason,
  tasks: HeuristicsModel['tasks'],
  rubric: Rubric,
): Judgement {
  const findings = weighFindings(turn, probabilities, tasks);
  const criteria = fillCriteria(turn, findings, probabilities, stopReason);
  const listed = findings.filter(({ strength }) => strength >= VIOLATION_STRENGTH);
  const named = listed.map(({ violation }) => violation);
  return {
    criteria,
    probabilities,
    violations: listed.map(({ violation, start, end }) => ({
      violation,
      start,
      end,
      text: spanText(turn.reply.text, start, end),
    })),
    question_count: turn.asks.count,
    question_type: turn.asks.type,
    ...scoreCriteria(criteria, named, rubric),
  };
}

/** The words of a span, cut to what a record carries and never inside a character. */
function spanText(text: string, start: number, end: number): string {
  const cut = text.slice(start, Math.min(end, start + MAX_SPAN_CHARS));
  return /[\uD800-\uDBFF]$/.test(cut) && cut.length === MAX_SPAN_CHARS ? cut.slice(0, -1) : cut;
}

/** What the risk of non-compliance is estimated from; logits of probabilities, points below the pass mark. */
export interface RiskInputs {
  /** Points below the pass mark; a disqualified turn counts as at least one below. */
  margin: number;
  telling: number;
  reveals_answer: number;
}

export function riskInputs(judgement: Judgement, rubric: Rubric): RiskInputs {
  const isDisqualified = judgement.violations.some(({ violation }) =>
    rubric.disqualifying.includes(violation),
  );
  return {
    margin: Math.max(rubric.pass_score - judgement.score, isDisqualified ? 1 : -Infinity),
    telling: logit(judgement.probabilities.telling),
    reveals_answer: logit(judgement.probabilities.reveals_answer),
  };
}

/**
 * Probability that the turn is not compliant: either it tells or reveals (calibrated on human labels), or its score lies
 * below the pass mark for another reason (no public labels exist for that: the filter calibrates it on judged turns).
 */
export function noncomplianceRisk(inputs: RiskInputs, weights: HeuristicsModel['noncompliance']): number {
  const told = sigmoid(
    weights.bias + weights.telling * inputs.telling + weights.reveals_answer * inputs.reveals_answer,
  );
  return 1 - (1 - told) * (1 - sigmoid(weights.per_point * inputs.margin));
}
