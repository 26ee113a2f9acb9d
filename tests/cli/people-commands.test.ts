import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { auditCommand } from '../../cli/commands/audit.ts';
import { evaluateCommand } from '../../cli/commands/evaluate.ts';
import { labelCommand } from '../../cli/commands/label.ts';
import { viewCommand } from '../../cli/commands/view.ts';
import type { Context } from '../../cli/context.ts';
import type { Evaluation } from '../../schemas/evaluation.ts';
import { listening } from './listening.ts';

const folder = mkdtempSync(join(tmpdir(), 'socratic-people-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const heard = (environment: Record<string, string> = {}, change: Partial<Context> = {}) =>
  listening({ lake: join(folder, 'lake'), json: true }, { environment, ...change });
const file = (name: string, value: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
};
const DATASET = [
  { id: 'tilt', question: 'Why is it warmer in summer?', answer: 'The axis of the Earth is tilted.' },
  { question: 'What is 2 + 2?', answer: 'Four.' },
];

describe('evaluate', () => {
  it('scores answers to a dataset of one’s own, by the environment names of seed 4', async () => {
    const log = join(folder, 'log.jsonl');
    const { context, printed } = heard({ DATA_PATH: file('dataset.json', DATASET), LOG_PATH: log });
    const answers = file('answers.json', { tilt: 'The axis of the Earth is tilted.' });
    expect(await evaluateCommand({ mode: 'answer', answers, repeats: 2 }, context)).toBe(0);
    const { n, mean_score, is_simulated, spreads } = JSON.parse(printed());
    expect([n, mean_score, is_simulated]).toEqual([2, 10, true]);
    expect(spreads).toMatchObject([{ question_id: 'tilt', spread: { n: 2, sd_pts: 0 } }]);
    const logged = readFileSync(log, 'utf8').trim().split('\n');
    expect(logged.map((line) => (JSON.parse(line) as Evaluation).question_id)).toEqual(['tilt', 'tilt']);
    const again = heard();
    expect(await evaluateCommand({ mode: 'answer', csv: true }, again.context)).toBe(0);
    expect(again.printed().split('\r\n')).toHaveLength(4);
  });

  it('says of how many its marks are', async () => {
    const { context, printed } = heard({}, { json: false });
    const [dataset, answers] = [file('shown.json', DATASET), file('shown-answers.json', { tilt: 'Tilted.' })];
    expect(await evaluateCommand({ mode: 'answer', dataset, answers }, context)).toBe(0);
    expect(printed()).toMatch(/mean \d+\.\d\d of 10,/);
    expect(printed()).toContain('score, stage 1 and criteria: of 10');
  });

  it.each([
    [{ dataset: 'no-such.json' }, /expected a dataset, got ENOENT/],
    [{ answers: 'no-such.json' }, /--answers no-such\.json/],
    [{}, /--answers: expected a file/],
    [{ judge: 'steadfast' }, /judge: no model "steadfast"/],
  ])('refuses %j, saying what it wants', async (options, message) => {
    await expect(evaluateCommand({ mode: 'answer', ...options }, heard().context)).rejects.toThrow(message);
  });

  it('names the index of a wrong question and of an answer to none', async () => {
    const wrong = file('wrong.json', [DATASET[0], { question: 'Why?' }]);
    await expect(evaluateCommand({ mode: 'answer', dataset: wrong }, heard().context)).rejects.toThrow(
      /wrong\.json\[1\]: answer/,
    );
    const answers = file('stray.json', [{ id: 'nobody', answer: 'x' }]);
    await expect(evaluateCommand({ mode: 'answer', answers }, heard().context)).rejects.toThrow(
      /stray\.json\[0\]: id/,
    );
  });

  it('calls no paid judge without a cap and a yes, and says why a sentiment model is not loaded', async () => {
    const environment = {
      MASTER_MODEL_NAME: 'gpt-4o-mini',
      OPENAI_API_KEY: 'k',
      SENTIMENT_MODEL_NAME: 'distilbert',
    };
    const { context, said } = heard(environment, { json: false });
    const answers = file('paid.json', { seasons: 'The axis is tilted.' });
    await expect(evaluateCommand({ mode: 'answer', answers }, context)).rejects.toMatchObject({
      kind: 'budget',
    });
    expect(said()).toMatch(/SENTIMENT_MODEL_NAME is ignored/);
    expect(said()).toMatch(/gpt-4o-mini: 1 answer, at most \$/);
    const wrong = heard({ MASTER_TEMPERATURE: 'hot' });
    await expect(evaluateCommand({ mode: 'answer', answers }, wrong.context)).rejects.toThrow(
      /MASTER_TEMPERATURE/,
    );
  });
});

describe('label and audit', () => {
  it('say how to begin, and what an empty lake lacks', async () => {
    const { context, printed } = heard();
    expect(await labelCommand({ queue: 'audit' }, context)).toBe(0);
    expect(printed()).toContain('#/rate?queue=audit');
    await expect(labelCommand({ queue: 'golden', rater: 'ann' }, context)).rejects.toThrow(
      /no golden candidate/,
    );
    await expect(labelCommand({ queue: 'golden', rater: '../ann' }, context)).rejects.toThrow(/--rater/);
    const audit = heard();
    expect(await auditCommand(undefined, audit.context)).toBe(0);
    expect(JSON.parse(audit.printed())).toEqual({ items: [], corrections: null });
    await expect(auditCommand('2026-W60', audit.context)).rejects.toThrow(/ISO week/);
  });
});

describe('view --host', () => {
  it('opens to nobody without a token', async () => {
    await expect(viewCommand({ host: '0.0.0.0' }, heard().context)).rejects.toThrow(
      /SOCRATIC_VIEW_TOKEN must hold/,
    );
    const short = heard({ SOCRATIC_VIEW_TOKEN: 'short' });
    await expect(viewCommand({ host: '::' }, short.context)).rejects.toThrow(/16 characters, got 5/);
  });
});
