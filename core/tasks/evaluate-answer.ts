import type { Question } from '../../schemas/evaluator-config.ts';
import { ERROR } from '../../schemas/names.ts';
import { costUsd } from '../cost/price-of-usage.ts';
import { NamedError } from '../errors.ts';
import {
  answerJsonSchema,
  answerSystemPrompt,
  answerUserPrompt,
  parseAnswerVerdict,
} from '../evaluator/answer-prompt.ts';
import { overlapMarks } from '../evaluator/overlap-marks.ts';
import { canonicalSha256 } from '../identity/canonical-json.ts';
import type { ChatMessage } from '../ports.ts';
import type { EvaluatorPorts, EvaluatorSettings, Reader, Reading } from './evaluator-ports.ts';
import { worstCaseUsd } from './worst-case.ts';

/** One repair ask after a malformed answer, as the weekly judge has. */
const MAX_ASKS = 2;

/**
 * Mode *answer*: stage 1 compares words with the reference, the judge marks; the judge decides where it gives a verdict. A
 * judge that abstains (a simulated one, on any text that is not of its bank) leaves the decision to stage 1; one that cannot
 * be read or refuses leaves the answer unscored.
 */
export function createAnswerReader(ports: EvaluatorPorts, settings: EvaluatorSettings): Reader {
  const { config, judge } = settings;
  const system = answerSystemPrompt(settings.answerTemplate, config);
  const model = ports.models(ports.measure).open(judge);
  const prompt: Reader['prompt'] = (question, answer, repeat) => ({
    system,
    user: answerUserPrompt(question, answer, nonceOf(question, answer, repeat)),
  });
  return {
    prompt,
    async read(question, answer, repeat, execution_id) {
      const stage1 = overlapMarks(question, answer, config);
      const asked = { cost_usd: 0, latency_ms: 0 };
      const messages: ChatMessage[] = [{ role: 'user', text: prompt(question, answer, repeat).user }];
      const outcome = (judge_outcome: Reading['judge_outcome'], rest: Partial<Reading>): Reading => ({
        score: null,
        criteria: [],
        violations: [],
        feedback: '',
        scored_by: 'unscored',
        stage_1: { score: stage1.score, criteria: stage1.criteria },
        judge_outcome,
        how: '',
        ...asked,
        ...rest,
      });
      for (let ask = 1; ask <= MAX_ASKS; ask += 1) {
        const chars = system.length + messages.reduce((sum, { text }) => sum + text.length, 0);
        const limits = { ...judge, max_output_tokens: settings.max_output_tokens };
        const reservation = await ports.budget.reserve(
          execution_id,
          judge.model_id,
          worstCaseUsd(chars / ports.measure.phases.chars_per_token, limits),
        );
        if (reservation === null) throw capMet(settings.cap_usd);
        const reply = await model
          .chat(
            {
              system,
              messages,
              temperature: judge.supports.temperature ? settings.temperature : null,
              max_output_tokens: settings.max_output_tokens,
              output: { kind: 'json', name: 'marks', schema: answerJsonSchema(config) },
              call: { execution_id, run_id: 'evaluator', turn_index: repeat, component: 'judge', ask },
            },
            ports.stop.abort,
          )
          .catch(async (error: unknown) => {
            await ports.budget.settle(reservation.reservation_id, 0);
            throw error;
          });
        const usd = costUsd(reply.usage, judge);
        await ports.budget.settle(reservation.reservation_id, usd);
        asked.cost_usd += usd;
        asked.latency_ms += reply.latency_ms;
        if (reply.stop_reason === 'abstained')
          return outcome('abstained', {
            score: stage1.score,
            criteria: stage1.criteria,
            feedback: stage1.feedback,
            scored_by: 'heuristic',
            how: `The simulated judge ${judge.model_id} knows phrases of its bank only and abstained; stage 1 decided: words, numbers and negations shared with the reference. Simulated: no model read this answer.`,
          });
        if (reply.stop_reason === 'refusal' || reply.stop_reason === 'filtered')
          return outcome('refused', { how: `${judge.model_id} declined to mark this answer.` });
        const verdict = parseAnswerVerdict(reply.text, answer, config);
        if (!('problem' in verdict))
          return outcome('judged', {
            score: verdict.score,
            criteria: verdict.criteria,
            feedback: verdict.feedback,
            scored_by: 'judge',
            how: `${judge.model_id} marked it against the reference; stage 1 stands beside.`,
          });
        messages.push(
          { role: 'assistant', text: reply.text === '' ? '(empty)' : reply.text },
          {
            role: 'user',
            text: `Your answer could not be read: ${verdict.problem}. Answer again with the one JSON object described above and nothing else.`,
          },
        );
      }
      return outcome('malformed', { how: `${judge.model_id} gave no readable marks in ${MAX_ASKS} asks.` });
    },
  };
}

/** A number the answer cannot know, the same for the same reading. */
function nonceOf(question: Question, answer: string, repeat: number): string {
  return canonicalSha256(['evaluator', question.question, answer, repeat]).slice(0, 16);
}

export function capMet(cap_usd: number): NamedError {
  return new NamedError(ERROR.budgetExhausted, `the evaluator's cap of $${cap_usd} for today is met`, {
    hint: 'raise limits.max_cost_usd_per_day in config/evaluator, or --max-cost-usd of `evaluate`',
  });
}
