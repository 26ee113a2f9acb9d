import { describe, expect, it, test } from '@jest/globals';
import { ModelError } from '../../core/model-error.ts';
import { redact } from '../../core/redact.ts';

/** Made up, in the forms that are in use. */
const SECRETS: [string, string][] = [
  ['an OpenAI key', 'sk-proj-CANARY0123456789abcdefCANARY'],
  ['an Anthropic key', 'sk-ant-api03-CANARY-0123456789abcdef'],
  ['an AWS access key id', 'AKIACANARY0123456789'],
  ['a Bedrock API key', 'ABSKQmVkcm9ja0FQSUtleS1DQU5BUlk='],
  ['a Google key', 'AIzaCANARY0123456789abcdefghijklmnopqrs'],
  ['a token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl'],
  ['an e-mail address', 'canary.student+test@school.example.org'],
];
const AROUND: [string, (secret: string) => string][] = [
  ['in a sentence', (secret) => `Incorrect API key provided: ${secret}. You can find yours online.`],
  ['in JSON', (secret) => JSON.stringify({ error: { message: 'denied', key: secret } })],
  ['in a header', (secret) => `authorization: Bearer ${secret}`],
  ['in a URL', (secret) => `GET https://host/v1?api_key=${secret}&x=1 failed`],
];

describe.each(SECRETS)('%s', (_, secret) => {
  test.each(AROUND)('%s is taken out of an error', (_place, around) => {
    const { message } = new ModelError('access', around(secret));
    expect(message).not.toContain(secret);
    expect(message).toMatch(/\[(?:key|token|e-mail)\]/);
  });
});

describe('credentials of no known form', () => {
  test.each([
    ['api_key: hunter2hunter2', 'hunter2'],
    ['{"client_secret":"hunter2hunter2"}', 'hunter2'],
    ['AWS_SECRET_ACCESS_KEY=hunter2/hunter2+hunter2', 'hunter2'],
    ['postgres://reader:hunter2@db/lake', 'hunter2'],
    ['Authorization: Basic aHVudGVyMjpodW50ZXIy', 'aHVudGVy'],
  ])('%s', (text, secret) => expect(redact(text)).not.toContain(secret));
});

it('an innocent message comes back to the byte', () => {
  for (const text of [
    'steadfast: 429 Rate limit reached for requests, try again in 2 s',
    'claude-haiku-4-5: expected its key in the environment variable OPENAI_API_KEY, which is not set',
    'http://127.0.0.1:11434/v1: connect ECONNREFUSED',
    "This model's maximum context length is 8192 tokens, got 9001 @ turn 3",
    'manifests/manifest_20261116_1a2b3c4d.json: expected an ask-me-anything-key',
  ])
    expect(redact(text)).toBe(text);
});

it('costs time in proportion to the length of the text', () => {
  for (const hostile of [
    'a'.repeat(200_000),
    'sk-'.repeat(60_000),
    'a@'.repeat(100_000),
    'key='.repeat(50_000),
  ])
    expect(redact(hostile).length).toBeGreaterThan(0);
}, 10_000);
