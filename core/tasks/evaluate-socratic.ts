import { CRITERION_NAMES, type Criteria } from '../../schemas/common.ts';
import type { Question } from '../../schemas/evaluator-config.ts';
import type { JudgeResult } from '../../schemas/judge-result.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';
import { goalOf } from '../evaluator/goal-of.ts';
import { createAssessor } from '../heuristics/assess-turn.ts';
import { canonicalSha256 } from '../identity/canonical-json.ts';
import { isoWeekOf } from '../identity/iso-week.ts';
import { addressesJudge } from '../judging/injection.ts';
import { judgeNonce, judgeSystemPrompt, judgeUserPrompt } from '../judging/judge-prompt.ts';
import { needsSecondary, resolveScore, type Opinion } from '../judging/resolve-score.ts';
import type { EvaluatorPorts, Reader, Reading } from './evaluator-ports.ts';
import { createTurnJudge } from './judge-turn.ts';

/**
 * Mode *Socratic turn*: the answer is a tutor's reply to a student who asks the question, scored on the weekly path: stage 1,
 * the judge with its repair ask and secondary judge, the same resolution. The reference is what the tutor must not give away.
 */
export function createSocraticReader(ports: EvaluatorPorts, judge: ModelConfig): Reader {
  const { measure } = ports;
  const assess = createAssessor(measure.heuristics, measure.rubric);
  const asked = (question: Question, answer: string) => ({
    goal: goalOf(question.question),
    reference_answer: question.answer,
    before: [],
    current: { said: question.question, pasted_chars: 0, tutor_text: answer },
  });
  /** Verdicts are checkpointed under the content they are about: the weekly judge's own cache. */
  const idOf = (question: Question, answer: string) =>
    `evaluation-${canonicalSha256([measure.manifest.content.measure_sha256, judge.model_id, judge.endpoint, asked(question, answer)]).slice(0, 24)}`;

  return {
    prompt: (question, answer, repeat) => ({
      system: judgeSystemPrompt(measure.judgeTemplate, measure.rubric),
      user: judgeUserPrompt(
        { ...asked(question, answer), nonce: judgeNonce(idOf(question, answer), repeat, 1) },
        measure.rubric,
      ),
    }),

    async read(question, answer, repeat, execution_id): Promise<Reading> {
      const heuristic = assess(answer, 'end', {
        said: question.question,
        student_turns: [],
        tutor_turns: [],
        reference_answer: question.answer,
        goal: goalOf(question.question),
        active_decoys: [],
      });
      const opinion: Opinion = {
        ...heuristic,
        violations: heuristic.violations.map(({ violation }) => violation),
      };
      const isFlagged = addressesJudge(answer);
      const turnJudge = createTurnJudge(ports, measure, {
        execution_id,
        week: isoWeekOf(ports.clock.now()),
        kind: 'run',
      });
      const verdict = await turnJudge(
        {
          run_id: idOf(question, answer),
          turn_index: repeat,
          ...asked(question, answer),
          isCheckpointed: true,
        },
        (primary) => needsSecondary(opinion, primary, isFlagged, measure.rubric),
        ports.stop,
      );
      const results = [verdict.primary, verdict.secondary].map((result) =>
        result === null ? null : opinionOf(result, measure.rubric),
      );
      const isUnscored = verdict.outcome === 'malformed' || verdict.outcome === 'refused';
      const resolution = resolveScore(opinion, results[0] ?? null, results[1] ?? null, measure.rubric);
      const deciding = verdict.primary ?? verdict.secondary;
      const marks = decidingMarks(resolution.score, heuristic, verdict.primary, verdict.secondary);
      return {
        score: isUnscored ? null : resolution.score,
        criteria: isUnscored ? [] : marksOf(marks, deciding?.evidence),
        violations: isUnscored ? [] : [...new Set(resolution.violations)].sort(),
        feedback: deciding?.rationale ?? stage1Feedback(opinion, heuristic.violations),
        scored_by: isUnscored ? 'unscored' : resolution.scored_by,
        stage_1: { score: heuristic.score, criteria: marksOf(heuristic.criteria) },
        judge_outcome: verdict.outcome,
        how: HOW[isUnscored ? 'unscored' : resolution.scored_by](judge),
        cost_usd: verdict.ledger.reduce((sum, row) => sum + row.cost_usd, 0),
        latency_ms: (verdict.primary?.latency_ms ?? 0) + (verdict.secondary?.latency_ms ?? 0),
      };
    },
  };
}

const HOW: Record<Reading['scored_by'], (judge: ModelConfig) => string> = {
  heuristic: (judge) =>
    `The simulated judge ${judge.model_id} knows phrases of its bank only and abstained; stage 1 of the weekly run decided: detectors and small models trained on public tutoring data. Simulated: no language model read this turn.`,
  judge: (judge) => `${judge.model_id} marked it as in the weekly run.`,
  resolved: (judge) =>
    `${judge.model_id} and stage 1 lay far apart, so a second judge was asked; their scores were resolved.`,
  unscored: (judge) => `${judge.model_id} gave no readable verdict and no second judge did.`,
};

function stage1Feedback(opinion: Opinion, spans: readonly { violation: string; text: string }[]): string {
  if (spans.length === 0)
    return opinion.is_compliant
      ? 'No violation found.'
      : 'No single violation; the marks below 8 say where it falls short.';
  return spans.map(({ violation, text }) => (text === '' ? violation : `${violation}: “${text}”`)).join('\n');
}

function opinionOf(result: JudgeResult, rubric: EvaluatorPorts['measure']['rubric']): Opinion {
  const is_compliant =
    result.score >= rubric.pass_score &&
    !result.violations.some((violation) => rubric.disqualifying.includes(violation));
  return { ...result, is_compliant };
}

/** The marks behind a resolved score: of the source that has it, or the mean of two judges that agree. */
function decidingMarks(
  score: number,
  heuristic: { score: number; criteria: Criteria },
  first: JudgeResult | null,
  second: JudgeResult | null,
): Criteria {
  const source = [first, second, heuristic].find((one) => one?.score === score);
  if (source != null) return source.criteria;
  if (first === null || second === null) return (first ?? second ?? heuristic).criteria;
  const mean = {} as Criteria;
  for (const name of CRITERION_NAMES) mean[name] = (first.criteria[name] + second.criteria[name]) / 2;
  return mean;
}

function marksOf(criteria: Criteria, evidence?: JudgeResult['evidence']): Reading['criteria'] {
  return CRITERION_NAMES.map((name) => ({ name, score: criteria[name], quote: evidence?.[name] ?? '' }));
}
