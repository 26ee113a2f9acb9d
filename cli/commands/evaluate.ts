import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { z } from 'zod';
import { describeIssues } from '../../core/manifest/describe-issues.ts';
import { worstCaseUsd } from '../../core/tasks/worst-case.ts';
import type { EvaluatorSettings } from '../../core/tasks/evaluator-ports.ts';
import type { Evaluation, EvaluationAnswer } from '../../schemas/evaluation.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { openEvaluator } from '../host/local-api.ts';
import { openLake } from '../host/local-lake.ts';
import { paidModels } from '../host/paid-models.ts';
import { numberText, plural, tableText, usdText } from '../view/table.ts';

export interface EvaluateOptions {
  dataset?: string;
  answers?: string;
  mode: Evaluation['mode'];
  judge?: string;
  repeats?: number;
  maxCostUsd?: number;
  csv?: boolean;
}

const answersSchema = z.union([
  z.array(z.strictObject({ id: z.string(), answer: z.string().min(1) })),
  z.record(z.string(), z.string().min(1)),
]);

/** Tokens of a prompt around the answer, for the worst case of a batch: template, question, reference and rubric. */
const PROMPT_TOKENS = 2500;

/** `evaluate`: seed 4 in batch, or question by question in the terminal. */
export async function evaluateCommand(options: EvaluateOptions, context: Context): Promise<number> {
  const store = openLake(context);
  const { evaluator, settings } = await openEvaluator(store, context, {
    judge: options.judge,
    dataset: options.dataset,
    maxCostUsd: options.maxCostUsd,
  });
  if (options.csv === true) {
    context.out(await evaluator.exportCsv());
    return EXIT.ok;
  }
  if (!context.quiet && !context.json)
    for (const notice of settings.notices) context.err(`${context.colors.dim(notice)}\n`);
  const answers = options.answers === undefined ? null : readAnswers(options.answers, settings);
  if (answers === null && !context.isInTty)
    throw new CliError(
      'usage',
      `--answers: expected a file with answers to ${plural(settings.questions.length, 'question')}, got nothing`,
      '[{"id": "<question>", "answer": "…"}]; in a terminal you are asked one by one',
    );
  confirmPaid(options, settings, answers?.length ?? settings.questions.length, context);
  const results: EvaluationAnswer[] = [];
  for await (const { id, answer } of answers ?? askOneByOne(settings, context)) {
    const result = await evaluator.evaluate({
      mode: options.mode,
      question_id: id,
      answer,
      repeats: options.repeats ?? 1,
    });
    results.push(result);
    if (answers === null) context.err(`${oneText(result.evaluations[0]!, context)}\n`);
  }
  const evaluations = results.flatMap((result) => result.evaluations);
  const scores = evaluations.flatMap(({ score }) => (score === null ? [] : [score]));
  const document = {
    judge_model: settings.judge.model_id,
    is_simulated: settings.judge.provider === 'simulated',
    mode: options.mode,
    n: evaluations.length,
    n_scored: scores.length,
    mean_score: scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length,
    cost_usd: evaluations.reduce((sum, { cost_usd }) => sum + cost_usd, 0),
    evaluations,
    spreads: results.map(({ evaluations: [first], spread }) => ({ question_id: first!.question_id, spread })),
  };
  context.out(context.json ? `${JSON.stringify(document)}\n` : tableOf(document, context));
  return document.n_scored < document.n ? EXIT.failed : EXIT.ok;
}

function readAnswers(path: string, { questions }: EvaluatorSettings): { id: string; answer: string }[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new CliError('usage', `--answers ${path}: expected JSON, got ${(error as Error).message}`);
  }
  const parsed = answersSchema.safeParse(value);
  if (!parsed.success)
    throw new CliError('config', describeIssues(path, value, parsed.error.issues).slice(0, 10).join('\n'));
  const answers = Array.isArray(parsed.data)
    ? parsed.data
    : Object.entries(parsed.data).map(([id, answer]) => ({ id, answer }));
  const known = new Set(questions.map(({ id }) => id));
  const problems = answers.flatMap(({ id }, index) =>
    known.has(id) ? [] : [`${path}[${index}]: id: expected a question of the dataset, got "${id}"`],
  );
  if (problems.length > 0) throw new CliError('config', problems.slice(0, 10).join('\n'));
  return answers;
}

/** A paid judge starts with --yes and --max-cost-usd only, after what it may cost at most has been shown. */
function confirmPaid(
  options: EvaluateOptions,
  { judge, config, max_output_tokens }: EvaluatorSettings,
  n_answers: number,
  context: Context,
): void {
  if (paidModels([judge]).length === 0) return;
  const tokens = PROMPT_TOKENS + config.limits.answer_chars / 4;
  // Two asks where the first answer cannot be read.
  const worst =
    2 * n_answers * (options.repeats ?? 1) * worstCaseUsd(tokens, { ...judge, max_output_tokens });
  if (!context.quiet)
    context.err(`${judge.model_id}: ${plural(n_answers, 'answer')}, at most ${usdText(worst)}\n`);
  if (context.yes && options.maxCostUsd !== undefined) return;
  throw new CliError(
    'budget',
    `a paid judge (${judge.model_id}) needs --yes and --max-cost-usd; nothing was called`,
    `add --yes --max-cost-usd ${Math.max(0.01, Math.ceil(worst * 100) / 100)}`,
  );
}

async function* askOneByOne({ questions }: EvaluatorSettings, context: Context) {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    for (const { id, question } of questions) {
      context.err(`\n${context.colors.bold(question)}\n`);
      // Ctrl-D ends the questions; an empty line passes one over.
      const answer = await prompt.question('> ').catch(() => null);
      if (answer === null) return;
      if (answer.trim() !== '') yield { id, answer };
    }
  } finally {
    prompt.close();
  }
}

function oneText({ score, feedback, reference_answer, how }: Evaluation, { colors }: Context): string {
  return [
    `${colors.bold(numberText(score, 1))} of 10  ${feedback}`,
    `${colors.dim('reference:')} ${reference_answer}`,
    colors.dim(how),
  ].join('\n');
}

function tableOf(
  document: {
    judge_model: string;
    is_simulated: boolean;
    mean_score: number | null;
    cost_usd: number;
    evaluations: readonly Evaluation[];
  },
  { colors }: Context,
): string {
  const { evaluations } = document;
  return [
    '',
    `${colors.bold(document.judge_model)}${document.is_simulated ? `  ${colors.inverse(' simulated ')}` : ''}  ${plural(evaluations.length, 'evaluation')}, mean ${numberText(document.mean_score, 2)} of 10, ${usdText(document.cost_usd)}`,
    '',
    tableText(
      [
        { title: 'question' },
        { title: 'score', align: 'right' },
        { title: 'by' },
        { title: 'stage 1', align: 'right' },
        { title: 'ROUGE-L', align: 'right' },
        { title: 'criteria' },
        { title: 'cached' },
      ],
      evaluations.map((one) => [
        one.question_id,
        numberText(one.score, 1),
        one.scored_by,
        numberText(one.stage_1.score, 1),
        numberText(one.rouge_l, 2),
        one.mode === 'answer'
          ? one.criteria.map(({ name, score }) => `${name} ${numberText(score, 0)}`).join(', ')
          : one.violations.join(', '),
        one.is_cached ? 'yes' : '',
      ]),
      colors,
    ),
    colors.dim('score, stage 1 and criteria: of 10; ROUGE-L: 0 to 1'),
    '',
  ].join('\n');
}
