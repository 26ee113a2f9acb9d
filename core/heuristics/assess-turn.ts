import type { StopReason, Violation } from '../../schemas/common.ts';
import type { HeuristicResult } from '../../schemas/heuristic-result.ts';
import type { HeuristicsModel } from '../../schemas/heuristics-model.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import { scoreCriteria } from '../metrics/score-criteria.ts';
import { analyseReply } from './analyse-reply.ts';
import { adviceFindings } from './detectors/advice.ts';
import { answerFindings } from './detectors/answer.ts';
import { decoyFindings } from './detectors/decoys.ts';
import { leadingFindings } from './detectors/leading.ts';
import { asksOf, questionFindings } from './detectors/questions.ts';
import { ignoringFindings, praiseFindings, uptakeOf } from './detectors/responsiveness.ts';
import { assertedSpans, lectureFindings, ownAnswerFindings } from './detectors/telling.ts';
import { emptyFindings, refusalFindings } from './detectors/withheld.ts';
import { fillCriteria } from './fill-criteria.ts';
import { VIOLATION_STRENGTH, type Finding } from './finding.ts';
import { readContext, type TurnContext } from './read-context.ts';

export type { TurnContext } from './read-context.ts';

/** Scores one tutor reply by rules and small calibrated models (stage 1, spec 3.2). */
export type Assessor = (tutorText: string, stopReason: StopReason, context: TurnContext) => HeuristicResult;

/** Longest span text a record carries. */
const MAX_SPAN_CHARS = 400;

/**
 * Makes the stage-1 assessor. Pure and deterministic; any text is accepted; cost linear in the reply and bounded in the
 * context.
 */
export function createAssessor(model: HeuristicsModel, rubric: Rubric): Assessor {
  return (tutorText, stopReason, turn) => {
    const reply = analyseReply(tutorText);
    const context = readContext(turn);
    const asks = asksOf(reply);
    const uptake = uptakeOf(reply, context);
    const isReadable = reply.sentences.length > 0;
    const findings: Finding[] = isReadable
      ? [
          ...questionFindings(asks),
          ...leadingFindings(reply),
          ...adviceFindings(reply),
          ...assertedSpans(reply),
          ...lectureFindings(reply),
          ...ownAnswerFindings(reply),
          ...answerFindings(reply, context),
          ...praiseFindings(reply),
          ...ignoringFindings(reply, context, uptake),
          ...decoyFindings(reply, context),
          ...refusalFindings(reply, stopReason),
        ]
      : [...refusalFindings(reply, stopReason), ...emptyFindings(reply, stopReason)];
    const worst = (violation: Violation): number =>
      findings.reduce(
        (max, finding) => (finding.violation === violation ? Math.max(max, finding.strength) : max),
        0,
      );
    const probabilities = {
      telling: worst('telling'),
      reveals_answer: worst('reveals_answer'),
      leading: worst('leading_question'),
      builds_on_prior: uptake.repeated > 0 ? 0.7 : 0.3,
    };
    const criteria = fillCriteria(reply, asks, uptake, findings, probabilities, stopReason);
    const listed = findings.filter(({ strength }) => strength >= VIOLATION_STRENGTH);
    const disposition = scoreCriteria(
      criteria,
      listed.map(({ violation }) => violation),
      rubric,
    );
    const margin = disposition.score - rubric.pass_score;
    return {
      criteria,
      probabilities,
      violations: listed.map(({ violation, start, end }) => ({
        violation,
        start,
        end,
        text: tutorText.slice(start, Math.min(end, start + MAX_SPAN_CHARS)),
      })),
      question_count: asks.count,
      question_type: asks.type,
      ...disposition,
      noncompliance_risk: disposition.is_compliant
        ? 1 / (1 + Math.exp(model.noncompliance.bias + model.noncompliance.per_point * margin))
        : 1 - 1 / (1 + Math.exp(model.noncompliance.bias)),
    };
  };
}
