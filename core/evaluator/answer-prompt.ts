import { z } from 'zod';
import type { EvaluatorConfig, Question } from '../../schemas/evaluator-config.ts';
import { fenceText, stripMarks } from '../judging/fence.ts';
import { withoutInjection } from '../judging/injection.ts';
import { jsonObjects } from '../judging/json-objects.ts';
import type { AnswerMarks } from './overlap-marks.ts';

/** Marks are asked on 0–5 and kept on 0–10, as in the weekly judge's prompt. */
const POINTS_PER_MARK = 2;
const MAX_ANSWER_CHARS = 20_000;
const MAX_FEEDBACK_CHARS = 2000;
const MAX_QUOTE_CHARS = 300;

/** The judge's instructions: the template with the criteria's questions. */
export function answerSystemPrompt(template: string, { criteria }: EvaluatorConfig): string {
  const lines = criteria.map(({ name, judge_question }) => `- ${name}: ${judge_question}`).join('\n');
  // A function, because a replacement text would read "$" as an order.
  return template.replace('{{criteria}}', () => lines);
}

/** The question about one answer. Question, reference and rubric are the dataset's; the answer stands in a fence. */
export function answerUserPrompt(question: Question, answer: string, nonce: string): string {
  return [
    `Question: ${stripMarks(question.question, nonce)}`,
    `Reference answer: ${stripMarks(question.answer, nonce)}`,
    ...(question.rubric === undefined ? [] : [`What to look for: ${stripMarks(question.rubric, nonce)}`]),
    `The answer to mark, between marks numbered ${nonce}:`,
    fenceText(withoutInjection(answer), nonce),
    'Give the feedback, then the marks, as one JSON object.',
  ].join('\n\n');
}

/** JSON Schema of the verdict, for providers that can force one. */
export function answerJsonSchema({ criteria }: EvaluatorConfig): object {
  const mark = {
    type: 'object',
    required: ['mark', 'quote'],
    additionalProperties: false,
    properties: { mark: { type: 'integer', minimum: 0, maximum: 5 }, quote: { type: 'string' } },
  };
  return {
    type: 'object',
    required: ['feedback', 'criteria'],
    additionalProperties: false,
    properties: {
      feedback: { type: 'string' },
      criteria: {
        type: 'object',
        required: criteria.map(({ name }) => name),
        additionalProperties: false,
        properties: Object.fromEntries(criteria.map(({ name }) => [name, mark])),
      },
    },
  };
}

const markSchema = z.object({
  mark: z.coerce.number<number | string>().min(0).max(5),
  quote: z.string().nullish(),
});
const verdictSchema = z.object({ feedback: z.string(), criteria: z.record(z.string(), markSchema) });

/**
 * Reads a judge's answer: the last object in it that has criteria. A quote that is not in the marked text is dropped, its
 * mark stands. Problems are worded for the repair ask.
 */
export function parseAnswerVerdict(
  text: string,
  answer: string,
  config: EvaluatorConfig,
): AnswerMarks | { problem: string } {
  const found = jsonObjects(text.slice(0, MAX_ANSWER_CHARS)).findLast(({ value }) => 'criteria' in value);
  if (found === undefined) return { problem: 'it holds no JSON object with "criteria"' };
  const parsed = verdictSchema.safeParse(found.value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    return { problem: `${issue.path.join('.') || 'the object'}: ${issue.message}` };
  }
  const { feedback, criteria: marks } = parsed.data;
  const missing = config.criteria.find(({ name }) => marks[name] === undefined);
  if (missing !== undefined) return { problem: `criteria.${missing.name}: expected a mark, got none` };
  const criteria = config.criteria.map(({ name }) => {
    const { mark, quote } = marks[name]!;
    const said = (quote ?? '').trim().slice(0, MAX_QUOTE_CHARS);
    return { name, score: mark * POINTS_PER_MARK, quote: said !== '' && holds(answer, said) ? said : '' };
  });
  const score = config.criteria.reduce((sum, { weight }, i) => sum + weight * criteria[i]!.score, 0);
  return { score: Math.round(score * 100) / 100, criteria, feedback: feedback.slice(0, MAX_FEEDBACK_CHARS) };
}

function holds(text: string, quote: string): boolean {
  const squash = (value: string) =>
    value
      .toLowerCase()
      .replaceAll(/[\s"'“”‘’]+/g, ' ')
      .trim();
  return squash(text).includes(squash(quote));
}
