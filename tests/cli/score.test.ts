import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from '@jest/globals';
import { scoreCommand } from '../../cli/commands/score.ts';
import type { CliError } from '../../cli/failure.ts';
import type { ScoredDialogue } from '../../core/metrics/score-dialogue.ts';
import { listening } from './listening.ts';

const folder = mkdtempSync(join(tmpdir(), 'socratic-score-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Printed {
  file: string;
  n_left_out: number;
  dialogues: ScoredDialogue[];
}

/** Scores a text as a file of that name, or as stdin where the name is `-`. */
async function score(name: string, text: string, options: { out?: string } = {}) {
  const file = name === '-' ? name : join(folder, name);
  if (name !== '-') writeFileSync(file, text);
  const { context, printed, said } = listening({ json: true });
  expect(await scoreCommand(file, options, context, Readable.from([text]))).toBe(0);
  return { ...(JSON.parse(printed()) as Printed), said: said() };
}
const refusal = async (name: string, text: string, options: { out?: string } = {}): Promise<CliError> =>
  score(name, text, options).then(
    () => {
      throw new Error('it was accepted');
    },
    (error: CliError) => error,
  );
const chat = (id: string, ...rest: object[]) => ({
  dialogue_id: id,
  messages: [
    { role: 'user', content: 'It is 7.' },
    { role: 'assistant', content: 'How do you know that it is 7?' },
    ...rest,
  ],
});
const lines = (...dialogues: unknown[]) => dialogues.map((one) => `${JSON.stringify(one)}\n`).join('');

describe('score', () => {
  it('leaves out what neither student nor tutor said, and says once how much', async () => {
    const plain = await score('plain.jsonl', lines(chat('a'), chat('b')));
    expect(plain).toMatchObject({ n_left_out: 0, said: '' });
    const around = (id: string) => ({
      dialogue_id: id,
      messages: [
        { role: 'system', content: 'You are a tutor.' },
        { role: 'developer', content: [{ type: 'input_text', text: 'Ask.' }] },
        ...chat(id).messages,
        { role: 'assistant', content: null, tool_calls: [{ id: 'c1' }] },
        { role: 'tool', tool_call_id: 'c1', content: { any: 'thing' } },
      ],
    });
    const mixed = await score('mixed.jsonl', lines(around('a'), around('b')));
    expect(mixed.dialogues).toEqual(plain.dialogues);
    expect(mixed.n_left_out).toBe(8);
    expect(mixed.said.match(/left out: 8 messages/g)).toHaveLength(1);
  });

  it('joins the text of parts and counts parts that are none', async () => {
    const parts = (id: string, type: string) => ({
      dialogue_id: id,
      messages: [
        {
          role: 'user',
          content: [
            { type, text: 'It is 7.' },
            { type: 'image_url', image_url: {} },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type, text: 'Why 7?' },
            { type, text: 'What did you add?' },
          ],
        },
      ],
    });
    const whole = {
      messages: [
        { role: 'student', text: 'It is 7.' },
        { role: 'tutor', text: 'Why 7?\nWhat did you add?' },
      ],
    };
    const { dialogues, n_left_out } = await score(
      'parts.jsonl',
      lines(parts('a', 'text'), parts('b', 'output_text')),
    );
    const { dialogues: expected } = await score('whole.jsonl', lines(whole));
    expect(dialogues.map(({ turns }) => turns)).toEqual([expected[0]!.turns, expected[0]!.turns]);
    expect(n_left_out).toBe(2);
  });

  it('reads one JSON list, however it is laid out, as it reads lines', async () => {
    const dialogues = [chat('a'), chat('b', { role: 'user', content: 'a "]," and a \\' }), chat('c')];
    const expected = (await score('lines.jsonl', lines(...dialogues))).dialogues;
    for (const text of [
      JSON.stringify(dialogues),
      JSON.stringify(dialogues, null, 2),
      `\uFEFF\n[\n${dialogues.map((one) => JSON.stringify(one)).join('\n,')}]\n\n`,
    ])
      expect((await score('list.json', text)).dialogues).toEqual(expected);
  });

  it('reads stdin where the file is -', async () => {
    const { file, dialogues } = await score('-', lines(chat('a')));
    expect([file, dialogues.length]).toEqual(['stdin', 1]);
    expect((await refusal('-', '{}')).message).toMatch(/^stdin:1: messages: expected array, got nothing$/);
  });

  it('refuses two dialogues of one id, with the place of both', async () => {
    const { message } = await refusal('twice.jsonl', lines(chat('a'), chat('b'), chat('a')));
    expect(message).toBe(
      `${folder}/twice.jsonl:3: dialogue_id: expected an id of its own, got "a" as in ${folder}/twice.jsonl:1`,
    );
  });

  it.each([
    [
      'an unknown role',
      lines(chat('a', { role: 'narrator', content: 'x' })),
      /:1: messages\[2\]\.role: expected one of .*assistant.*, got "narrator"$/,
    ],
    [
      'a part without its text',
      lines(chat('a', { role: 'user', content: [{ type: 'text' }] })),
      /:1: messages\[2\]\.content.*: expected string, got /,
    ],
    [
      'a message without words',
      lines(chat('a'), chat('b', { role: 'user', content: null })),
      /:2: messages\[2\]\.text: expected `text` or `content`, got nothing/,
    ],
    [
      'a member of a list',
      `[\n${JSON.stringify(chat('a'))},\n{"messages": 3}\n]`,
      /:3: messages: expected array, got 3$/,
    ],
    [
      'a list that does not end',
      `[\n${JSON.stringify(chat('a'))},\n${JSON.stringify(chat('b'))}`,
      /:3: \(root\): expected one JSON object, got \[/,
    ],
    [
      'a comma too many',
      `[${JSON.stringify(chat('a'))},\n]`,
      /:2: \(root\): expected one JSON object, got nothing$/,
    ],
    ['words after a list', `[${JSON.stringify(chat('a'))}]\n{}`, /:2: messages: expected array/],
    ['an empty list', '[]', /expected at least one dialogue, got none$/],
  ])('refuses %s by its line, writes nothing and names the shapes it takes', async (name, text, message) => {
    const out = join(folder, `${name}.out`);
    const error = await refusal(`${name}.jsonl`, text, { out });
    expect(error.kind).toBe('config');
    expect(error.message).toMatch(message);
    for (const word of ['user|student', 'assistant|tutor|teacher', '"text" or "content"'])
      expect(error.hint).toContain(word);
    expect(existsSync(out)).toBe(false);
  });

  it('writes every turn where it is told to', async () => {
    const out = join(folder, 'turns.jsonl');
    const { dialogues } = await score('kept.jsonl', lines(chat('a'), chat('b')), { out });
    expect(readFileSync(out, 'utf8')).toBe(lines(...dialogues));
  });
});
