import type { StopReason } from '../../schemas/common.ts';
import type { HeuristicResult } from '../../schemas/heuristic-result.ts';
import type { HeuristicsModel } from '../../schemas/heuristics-model.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import { judgeReading, noncomplianceRisk, riskInputs } from './judge-reading.ts';
import { compilePredictor, type Predictor } from './model/predict.ts';
import type { TurnContext } from './read-context.ts';
import { readTurn } from './read-turn.ts';

export type { TurnContext } from './read-context.ts';

/** Scores one tutor reply by rules and small calibrated models (stage 1, spec 3.2). */
export type Assessor = (tutorText: string, stopReason: StopReason, context: TurnContext) => HeuristicResult;

/** Compiled once an artefact: an assessor is made for every run. */
const predictors = new WeakMap<HeuristicsModel, Predictor>();

/**
 * Makes the stage-1 assessor. Pure and deterministic; any text is accepted; cost linear in the reply and bounded in the
 * context.
 * @throws NamedError when the artefact was trained for other features than this version computes.
 */
export function createAssessor(model: HeuristicsModel, rubric: Rubric): Assessor {
  const predict = predictors.get(model) ?? compilePredictor(model);
  predictors.set(model, predict);
  return (tutorText, stopReason, context) => {
    const turn = readTurn(tutorText, stopReason, context);
    const judgement = judgeReading(turn, predict(turn), stopReason, model.tasks, rubric);
    const noncompliance_risk = noncomplianceRisk(riskInputs(judgement, rubric), model.noncompliance);
    return { ...judgement, noncompliance_risk };
  };
}
