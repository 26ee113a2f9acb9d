import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CRITERION_NAMES } from '../../schemas/common.ts';
import { filesOf } from '../../scripts/nemesis/lake-contents.ts';
import { commandOf, KEY_VARIABLE, writeMatrix } from '../../scripts/nemesis/matrix.ts';
import { run, temporaryFolders, type Finished } from '../e2e/cli.ts';
import { startOpenAiServer } from '../servers/openai-server.ts';

/** Planted where secrets are: what of them is found in an output has leaked. */
const API_KEY = 'sk-proj-CANARYkey0123456789abcdefCANARY';
const AWS_SECRET = 'wJalrCANARYsecret/K7MDENG+bPxRfiCYEXAMPLE';
const EMAIL = 'canary.student@school.example.org';

const folders = temporaryFolders();
afterAll(folders.removeAll);

const criteria = Object.fromEntries(CRITERION_NAMES.map((name) => [name, { mark: 4, quote: '' }]));
const verdict = { text: JSON.stringify({ rationale: 'Asks.', criteria, violations: [] }) };

describe('a run whose provider repeats its key in errors, and whose tutor knows an e-mail address', () => {
  const lake = folders.make('secrets');
  let finished: Finished;
  beforeAll(async () => {
    await using server = await startOpenAiServer();
    const question = { text: 'What makes you say that?' };
    server.script('tutor-a', [
      question,
      question,
      { status: 401, message: `Incorrect API key provided: ${API_KEY}.` },
    ]);
    server.script('tutor-b', [{ text: `Write to ${EMAIL}. What would you ask there?` }]);
    server.script('judge-a', [verdict]);
    server.script('judge-b', [verdict]);
    const config = writeMatrix(folders.make('matrix'), `${server.url}/v1`);
    finished = await run([...commandOf(config, lake), '--verbose', '--json'], {
      [KEY_VARIABLE]: API_KEY,
      AWS_SECRET_ACCESS_KEY: AWS_SECRET,
    });
  }, 120_000);

  const holding = (secret: string): string[] =>
    filesOf(lake).filter((path) => readFileSync(join(lake, path)).includes(secret));

  it('records the failure, with the key taken out of it', () => {
    // Partial: the run that was cut after two turns is not scored.
    expect(finished.status).toBe(1);
    const ended = filesOf(lake, 'checkpoints').filter((path) => path.endsWith('ended.json'));
    expect(ended).toHaveLength(1);
    expect(readFileSync(join(lake, ended[0]!), 'utf8')).toContain('Incorrect API key provided: [key]');
  });

  it.each([
    ['the API key', API_KEY],
    ['the AWS secret', AWS_SECRET],
  ])('%s is in no file of the lake and in no line it printed', (_, secret) => {
    expect(holding(secret)).toEqual([]);
    expect(finished.stdout).not.toContain(secret);
    expect(finished.stderr).not.toContain(secret);
  });

  it('what the tutor said stays in the transcripts, and reaches no log, metric, ledger, plan or report', () => {
    const places = new Set(holding(EMAIL).map((path) => path.split('/')[0]));
    expect(places.has('raw')).toBe(true);
    const transcripts = ['raw', 'judged', 'checkpoints', 'curated', 'dashboard', 'audit'];
    expect([...places].filter((place) => !transcripts.includes(place!))).toEqual([]);
    expect(finished.stdout).not.toContain(EMAIL);
    expect(finished.stderr).not.toContain(EMAIL);
  });
});
