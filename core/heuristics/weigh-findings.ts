import type { HeuristicsModel } from '../../schemas/heuristics-model.ts';
import { tellingFinding } from './detectors/telling.ts';
import { ramp, type Finding } from './finding.ts';
import type { Probabilities } from './model/predict.ts';
import type { TurnReading } from './read-turn.ts';

/** Share of the probability, beside the rule, in how clear a telling or a revealed answer is. */
const MODEL_SHARE = 0.5;

/** From no to full doubt that a reply without common words ignores the student. */
const TAKEN_UP = [0.3, 0.6] as const;

/**
 * All findings of a turn: those of the rules, with telling and reveals_answer weighed by rule and probability together.
 * Neither suffices alone: a probability where nothing is asserted stays below a violation, and so does a rule that the
 * model finds harmless, unless it is quite clear.
 */
export function weighFindings(
  turn: TurnReading,
  probabilities: Probabilities,
  tasks: HeuristicsModel['tasks'],
): Finding[] {
  const taken = ramp(probabilities.builds_on_prior, ...TAKEN_UP);
  const findings = turn.findings
    .filter(({ violation }) => violation !== 'reveals_answer')
    .map((finding) =>
      finding.violation === 'ignores_student'
        ? { ...finding, strength: finding.strength * (1 - taken) }
        : finding,
    );
  const told = blend(turn.telling_strength, evidence(probabilities.telling, tasks.telling.threshold));
  const telling = turn.telling_strength > 0 ? tellingFinding(turn.reply, told) : null;
  if (telling !== null) findings.push(telling);
  return [
    ...findings,
    ...revealed(turn, evidence(probabilities.reveals_answer, tasks.reveals_answer.threshold)),
  ];
}

/** Mentions of the reference answer; without a reference, the assertion that the model takes for the answer. */
function revealed(turn: TurnReading, model: number): Finding[] {
  const mentions = turn.findings.filter(({ violation }) => violation === 'reveals_answer');
  if (turn.answer.has_reference) {
    return mentions.map((finding) => ({ ...finding, strength: blend(finding.strength, model) }));
  }
  const strength = blend(turn.telling_strength, model);
  const asserted = model >= 0.5 ? tellingFinding(turn.reply, strength) : null;
  return asserted === null ? [] : [{ ...asserted, violation: 'reveals_answer' }];
}

/** A probability as evidence: 0.5 at the threshold, 0 and 1 at the ends. */
function evidence(probability: number, threshold: number): number {
  return probability < threshold
    ? (0.5 * probability) / threshold
    : 0.5 + (0.5 * (probability - threshold)) / (1 - threshold);
}

function blend(rule: number, model: number): number {
  return (1 - MODEL_SHARE) * rule + MODEL_SHARE * model;
}
