import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createFolderConfig } from '../../adapters/local/folder-config.ts';
import { executionInputSchema } from '../../schemas/task-io.ts';
import { transcriptSchema } from '../../schemas/transcript.ts';
import { run, temporaryFolders } from '../e2e/cli.ts';

const folders = temporaryFolders();
afterAll(folders.removeAll);

describe('input beyond its size', () => {
  it('a config file of more than 20 MB is refused by name', async () => {
    const folder = folders.make('config');
    mkdirSync(join(folder, 'seeds'));
    writeFileSync(join(folder, 'seeds', 'seeds-9.json'), Buffer.alloc(20_000_001, 0x20));
    await expect(createFolderConfig([folder]).files()).rejects.toThrow(
      /seeds-9\.json: expected at most 20000000 bytes, got 20000001/,
    );
  });

  it('a transcript with a message of more than a million characters, or too many messages, is refused by line', async () => {
    const message = (text: string) => ({ role: 'tutor', text });
    const file = join(folders.make('score'), 'transcripts.jsonl');
    const lines = [
      { messages: [{ role: 'student', text: 'Why?' }, message('x'.repeat(1_000_001))] },
      { messages: Array.from({ length: 10_001 }, () => message('Why?')) },
      { dialogue_id: 'd'.repeat(201), messages: [message('Why?')] },
    ];
    writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const { status, stdout, stderr } = await run(['score', file]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    for (const line of [1, 2, 3]) expect(stderr).toContain(`${file}:${line}: `);
    expect(stderr.length).toBeLessThan(2000);
  }, 60_000);

  it.each([
    ['messages', { messages: [] }],
    [
      'a reference answer',
      { messages: [{ role: 'tutor', text: 'x' }], meta: { reference_answer: 'x'.repeat(4001) } },
    ],
  ])('a transcript with too much or too little of %s is no transcript', (_, transcript) => {
    expect(transcriptSchema.safeParse(transcript).success).toBe(false);
  });

  it.each([
    ['models', { overrides: { models: ['m'.repeat(65)] } }],
    ['repeats', { overrides: { repeats: 51 } }],
    ['turns', { overrides: { turns: 1001 } }],
    ['concurrency', { limits: { concurrency: 1001 } }],
    ['a key nobody knows', { payload: 'x' }],
  ])("the state machine's input is refused beyond its bounds: %s", (_, input) => {
    expect(executionInputSchema.safeParse(input).success).toBe(false);
  });
});
