import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseDataset } from '../../../core/evaluator/parse-dataset.ts';
import { createEvaluator, type Evaluator } from '../../../core/tasks/evaluate.ts';
import type { EvaluatorPorts } from '../../../core/tasks/evaluator-ports.ts';
import { evaluationSchema, type Evaluation, type EvaluationRequest } from '../../../schemas/evaluation.ts';
import { evaluatorConfigSchema } from '../../../schemas/evaluator-config.ts';
import { candidateSchema } from '../../../schemas/label.ts';
import type { ModelConfig } from '../../../schemas/model-config.ts';
import { readJson, readText } from '../../config/config-files.ts';
import {
  clock,
  createCalls,
  createFakeBudget,
  GO_ON,
  planBench,
  simulated,
  type Planned,
  type Script,
} from './bench.ts';
import { FakeStore, textsOf } from './fake-store.ts';

let planned: Planned;
beforeAll(async () => {
  planned = await planBench();
});
const config = evaluatorConfigSchema.parse(readJson('evaluator/evaluator-1.0.json'));
const questions = parseDataset('q', readText('evaluator/questions-1.0.json'));

/** An evaluator over an empty lake; the script answers for its judge. */
function evaluating(
  script?: Script,
  change: Partial<EvaluatorPorts> = {},
  judgeChange: Partial<ModelConfig> = {},
) {
  const { measure } = planned;
  const judge = { ...measure.model(measure.manifest.content.profile.judges.primary), ...judgeChange };
  const store = new FakeStore();
  const calls = createCalls();
  const budget = createFakeBudget();
  const logged: object[] = [];
  const evaluator: Evaluator = createEvaluator(
    {
      store,
      clock,
      budget,
      measure,
      stop: GO_ON,
      models: simulated(script === undefined ? {} : { [judge.model_id]: script }, calls),
      appendLog: async (record) => void logged.push(record),
      ...change,
    },
    {
      config,
      questions,
      judge,
      answerTemplate: readText('evaluator/answer-judge-1.0.txt'),
      temperature: 0.2,
      max_output_tokens: 512,
      cap_usd: 1,
      notices: ['a notice'],
    },
  );
  return { evaluator, store, calls, budget, logged };
}
const ask = (
  change: Partial<Extract<EvaluationRequest, { question_id: string }>> = {},
): EvaluationRequest => ({
  mode: 'answer',
  question_id: 'seasons',
  answer: 'The axis is tilted, so sunlight strikes steeply.',
  repeats: 1,
  ...change,
});
const VERDICT = JSON.stringify({
  feedback: 'Right.',
  criteria: {
    accuracy: { mark: 5, quote: 'axis is tilted' },
    completeness: { mark: 4 },
    clarity: { mark: 5 },
  },
});

describe('an answer', () => {
  it('that the simulated judge cannot know is decided by stage 1, and says so', async () => {
    const { evaluator, store } = evaluating();
    const { evaluations, prompt, spread } = await evaluator.evaluate(ask());
    const [one] = evaluations as [Evaluation];
    expect(one).toMatchObject({
      scored_by: 'heuristic',
      judge_outcome: 'abstained',
      is_simulated: true,
      repeat: 1,
    });
    expect([one.score, one.criteria]).toEqual([one.stage_1.score, one.stage_1.criteria]);
    expect(one.how).toMatch(/Simulated/);
    expect(prompt.user).toContain('The axis is tilted');
    expect(spread).toBeNull();
    const [key, text] = Object.entries(textsOf(store.lake, 'evaluator/dt=2026-11-16/'))[0]!;
    expect(key).toBe(`evaluator/dt=2026-11-16/${one.evaluation_id}.json`);
    expect(evaluationSchema.parse(JSON.parse(text))).toEqual(one);
  });

  it('is decided by a judge who gives a verdict, stage 1 beside it', async () => {
    const { evaluator, budget } = evaluating(() => ({ text: VERDICT }));
    const [one] = (await evaluator.evaluate(ask())).evaluations as [Evaluation];
    expect(one).toMatchObject({
      score: 0.5 * 10 + 0.35 * 8 + 0.15 * 10,
      scored_by: 'judge',
      feedback: 'Right.',
    });
    expect(one.criteria[0]).toEqual({ name: 'accuracy', score: 10, quote: 'axis is tilted' });
    expect(one.stage_1.score).not.toBe(one.score);
    expect(budget.outstanding.size).toBe(0);
  });

  it('is asked for again once when the verdict cannot be read, then left unscored, never 0', async () => {
    const repaired = evaluating((_request, count) => ({ text: count === 1 ? 'Quite good.' : VERDICT }));
    expect((await repaired.evaluator.evaluate(ask())).evaluations[0]).toMatchObject({ scored_by: 'judge' });
    expect(repaired.calls.count('judge')).toBe(2);
    const broken = evaluating(() => ({ text: 'Quite good.' }));
    expect((await broken.evaluator.evaluate(ask())).evaluations[0]).toMatchObject({
      score: null,
      scored_by: 'unscored',
      judge_outcome: 'malformed',
    });
    // What could not be read today is asked again tomorrow.
    await broken.evaluator.evaluate(ask());
    expect(broken.calls.count('judge')).toBe(4);
  });

  it('that was read before calls nobody and costs nothing, and is a record of its own', async () => {
    const { evaluator, calls, store } = evaluating(() => ({ text: VERDICT }));
    const first = (await evaluator.evaluate(ask())).evaluations[0]!;
    const again = (await evaluator.evaluate(ask())).evaluations[0]!;
    expect(calls.count('judge')).toBe(1);
    expect(again).toMatchObject({ is_cached: true, cost_usd: 0, score: first.score });
    expect(again.evaluation_id).not.toBe(first.evaluation_id);
    await evaluator.evaluate(ask({ answer: 'Something else entirely.' }));
    expect(calls.count('judge')).toBe(2);
    expect(Object.keys(textsOf(store.lake, 'evaluator/cache/'))).toHaveLength(2);
  });

  it('read several times shows the spread of the judge, not of the cache', async () => {
    const { evaluator, calls } = evaluating((_request, count) => ({
      text: VERDICT.replace('"mark":4', `"mark":${count}`),
    }));
    const { spread, evaluations } = await evaluator.evaluate(ask({ repeats: 5 }));
    expect(calls.count('judge')).toBe(5);
    expect(spread).toMatchObject({ n: 5, low: evaluations[0]!.score, high: evaluations[4]!.score });
    expect(spread!.sd_pts).toBeGreaterThan(0);
  });

  it('is scrubbed before it is sent or stored', async () => {
    const prompts: string[] = [];
    const { evaluator, store, logged } = evaluating(({ messages }) => {
      prompts.push(messages[0]!.text);
      return { text: VERDICT };
    });
    const answer = 'Ask ann@example.org, +49 171 2345678, card 4111 1111 1111 1111: the axis is tilted.';
    await evaluator.evaluate(ask({ answer }));
    for (const text of [...prompts, ...Object.values(textsOf(store.lake, '')), JSON.stringify(logged)]) {
      expect(text).not.toMatch(/ann@example|2345678|4111/);
    }
    expect(logged).toMatchObject([{ removed_pii: { email: 1, phone: 1, card: 1 } }]);
  });

  it('is refused when its question is unknown or it is too long, and stops at the cap', async () => {
    const { evaluator, budget } = evaluating(() => ({ text: VERDICT }));
    await expect(evaluator.evaluate(ask({ question_id: 'no-such' }))).rejects.toThrow(/question_id/);
    await expect(evaluator.evaluate(ask({ answer: 'x'.repeat(9000) }))).rejects.toThrow(/8000 characters/);
    budget.refuseFrom = 0;
    await expect(evaluator.evaluate(ask())).rejects.toMatchObject({ name: 'BudgetExhausted' });
  });

  it('may be to a question of one’s own', async () => {
    const { evaluator } = evaluating();
    const own = {
      mode: 'answer' as const,
      question: 'What is 2 + 2?',
      reference_answer: 'Four.',
      answer: 'It is four.',
      repeats: 1,
    };
    expect((await evaluator.evaluate(own)).evaluations[0]).toMatchObject({
      question_id: 'own',
      reference_answer: 'Four.',
    });
  });
});

describe('a Socratic turn', () => {
  const turn = (answer: string, repeats = 1) => ask({ mode: 'socratic_turn', answer, repeats });

  it('is scored as the weekly run scores it: asking passes, telling does not', async () => {
    const { evaluator } = evaluating();
    const score = async (answer: string) => (await evaluator.evaluate(turn(answer))).evaluations[0]!;
    const asks = await score('What would you expect the season to be in Australia at that moment?');
    const tells = await score(
      'It is warmer because the axis of the Earth is tilted, so sunlight strikes more steeply.',
    );
    expect(asks.score!).toBeGreaterThan(tells.score!);
    expect(tells.violations).not.toEqual([]);
    expect(asks).toMatchObject({ scored_by: 'heuristic', rouge_l: null });
    expect(asks.criteria).toHaveLength(9);
  });

  it('gets the verdict of a real judge, with evidence, once', async () => {
    const names = [
      'open_ended',
      'single_question',
      'grammatical',
      'probing_depth',
      'relevance',
      'builds_on_prior',
      'non_directive',
      'no_advice',
      'no_leading',
    ];
    const text = JSON.stringify({
      rationale: 'It asks.',
      criteria: Object.fromEntries(names.map((name) => [name, { mark: 5, quote: 'What would' }])),
      violations: [],
    });
    const { evaluator, calls } = evaluating(() => ({ text }));
    const [one] = (await evaluator.evaluate(turn('What would you expect in Australia?'))).evaluations as [
      Evaluation,
    ];
    expect(one).toMatchObject({
      score: 10,
      scored_by: 'judge',
      feedback: 'It asks.',
      judge_outcome: 'judged',
    });
    expect(one.criteria[0]!.quote).toBe('What would');
    await evaluator.evaluate(turn('What would you expect in Australia?'));
    expect(calls.count('judge')).toBe(1);
  });

  it('can be sent to the raters, blind; an answer cannot', async () => {
    const { evaluator, store } = evaluating();
    const [one] = (await evaluator.evaluate(turn('What would you expect in Australia?'))).evaluations as [
      Evaluation,
    ];
    expect(await evaluator.sendToGolden(one.evaluation_id)).toEqual({
      item_id: `evaluator-${one.evaluation_id}`,
      outcome: 'written',
    });
    expect(await evaluator.sendToGolden(one.evaluation_id)).toMatchObject({ outcome: 'exists' });
    const [text] = Object.values(textsOf(store.lake, 'labels/_candidates/'));
    expect(candidateSchema.parse(JSON.parse(text!)).tutor_text).toBe('What would you expect in Australia?');
    expect(text).not.toContain('score');
    const [plain] = (await evaluator.evaluate(ask())).evaluations as [Evaluation];
    await expect(evaluator.sendToGolden(plain.evaluation_id)).rejects.toThrow(/socratic_turn/);
  });
});

describe('fairness and export', () => {
  it('keeps what people say beside the evaluation, with its sentiment, and exports it with formulas defused', async () => {
    const { evaluator, store, logged } = evaluating();
    const [one] = (await evaluator.evaluate(ask({ answer: '=HYPERLINK("x") the axis is tilted' })))
      .evaluations as [Evaluation];
    const said = await evaluator.addFairness(one.evaluation_id, {
      tags: ['too_harsh', 'too_harsh'],
      text: 'Not a good mark, write to a@b.org',
    });
    expect(said).toMatchObject({ tags: ['too_harsh'], sentiment: { label: 'negative' } });
    await evaluator.addFairness(one.evaluation_id, { tags: ['fair'], text: '' });
    expect(
      await evaluator.addFairness('01KA0000000000000000000000', { tags: ['fair'], text: '' }),
    ).toBeNull();
    expect(
      Object.keys(textsOf(store.lake, 'evaluator/dt=')).filter((key) => key.includes('feedback')),
    ).toHaveLength(2);
    expect(logged).toHaveLength(3);
    const lines = (await evaluator.exportCsv()).split('\r\n');
    expect(lines[1]).toContain('"\'=HYPERLINK(""x"") the axis is tilted"');
    expect(lines[1]).toContain(',fair,');
    expect(lines).toHaveLength(3);
    expect(JSON.stringify(textsOf(store.lake, ''))).not.toContain('a@b.org');
  });

  it('hides references until there is an answer', () => {
    const { evaluator } = evaluating();
    expect(evaluator.about.questions).toHaveLength(questions.length);
    expect(JSON.stringify(evaluator.about)).not.toContain(questions[0]!.answer);
  });
});
