import { afterAll, afterEach, beforeAll, describe, expect, it, test } from '@jest/globals';
import { createOpenAiCompatibleModels } from '../../../adapters/models/openai-compatible.ts';
import type { ModelConfig } from '../../../schemas/model-config.ts';
import { OPENAI_ERRORS, startOpenAiServer, type OpenAiReply } from '../../servers/openai-server.ts';
import type { ScriptedServer } from '../../servers/scripted-server.ts';
import { configOf, requestOf, VERDICT_SCHEMA } from './fixtures.ts';

const JSON_OUTPUT = { kind: 'json' as const, name: 'verdict', schema: VERDICT_SCHEMA };
const PAGE = { raw: '<!doctype html><title>Sign in</title>', type: 'text/html' };
const inWrapped = (code: number) => ({ raw: JSON.stringify({ error: { message: 'upstream', code } }) });
let server: ScriptedServer<OpenAiReply>;

beforeAll(async () => {
  server = await startOpenAiServer();
});
afterEach(() => {
  server.requests.length = 0;
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

function open(outcomes: readonly OpenAiReply[], change: Partial<ModelConfig> = {}) {
  server.script('model-x', outcomes);
  const { api_key_env: _, ...config } = configOf('gpt-4o-mini', {
    endpoint: 'model-x',
    base_url: `${server.url}/v1`,
  });
  return createOpenAiCompatibleModels({}).open({ ...config, ...change });
}

describe('the text of an answer', () => {
  test.each<[string, OpenAiReply, string]>([
    [
      'a list of parts',
      {
        text: [
          { type: 'text', text: 'Why' },
          { type: 'text', text: '?' },
        ],
      },
      'Why?',
    ],
    ['half a surrogate pair', { text: 'Why \uD83D so?' }, 'Why \uFFFD so?'],
    ['a whole pair', { text: 'Why \u{1F600}?' }, 'Why \u{1F600}?'],
    ['reasoning before it', { text: '<think>The answer is 4.</think>\n\nWhy?' }, 'Why?'],
    ['reasoning that its template opened', { text: 'The answer is 4.\n</think>\n\nWhy?' }, 'Why?'],
    ['reasoning that was cut', { text: '<think>The answer', finish_reason: 'length' }, ''],
    ['a word of it', { text: 'What do you <think> of that?' }, 'What do you <think> of that?'],
  ])('is read out of %s', async (_, reply, text) => {
    expect((await open([reply]).chat(requestOf())).text).toBe(text);
  });

  it('keeps all of a judge’s answer, whose reader knows what stands around a verdict', async () => {
    const text = '{"rationale": "it says </think>", "criteria": {}}';
    expect((await open([{ text }]).chat(requestOf({ output: JSON_OUTPUT }))).text).toBe(text);
  });
});

describe('usage', () => {
  const cached = { prompt_tokens: 100, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 60 } };
  const supports = { ...configOf('gpt-4o-mini').supports, cache: 'none' as const };

  test.each<[string, NonNullable<Extract<OpenAiReply, { text?: unknown }>['usage']>, number[]]>([
    ['parts of tokens and less than none', { prompt_tokens: 12.5, completion_tokens: -3 }, [13, 0, 0]],
    ['nothing', { prompt_tokens: null, completion_tokens: null }, [0, 0, 0]],
    [
      'more cached than sent',
      { prompt_tokens: 10, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 30 } },
      [0, 5, 10],
    ],
  ])('is whole tokens where a provider reports %s', async (_, usage, [input, output, read]) => {
    expect((await open([{ text: 'Why?', usage }]).chat(requestOf())).usage).toEqual({
      input_tokens: input,
      output_tokens: output,
      cache_read_tokens: read,
      cache_write_tokens: 0,
    });
  });

  it('bills cached tokens as input where the model has no price for them and is said to cache nothing', async () => {
    const unpriced = { supports, usd_per_1m_cache_read_tokens: 0 };
    const usageOf = async (change: Partial<ModelConfig>) =>
      (await open([{ text: 'Why?', usage: cached }], change).chat(requestOf())).usage;
    expect(await usageOf(unpriced)).toMatchObject({ input_tokens: 100, cache_read_tokens: 0 });
    expect(await usageOf({ supports })).toMatchObject({ input_tokens: 40, cache_read_tokens: 60 });
  });
});

describe('an answer with status 200 that is no completion', () => {
  it('names what came and what mends it; a probe finds no provider there', async () => {
    const message = expect.stringMatching(
      /^gpt-4o-mini: http\S+ answered with something else than a completion: <!doctype html><title>Sign in.*mend base_url of gpt-4o-mini/,
    );
    await expect(open([PAGE]).chat(requestOf())).rejects.toMatchObject({ kind: 'unavailable', message });
    expect(await open([PAGE]).probe()).toMatchObject({ usable: false, reason: 'access', detail: message });
  });

  test.each([
    [502, 'unavailable'],
    [429, 'throttled'],
    [401, 'access'],
  ])('is the error %i that it holds: %s', async (code, kind) => {
    await expect(open([inWrapped(code)]).chat(requestOf())).rejects.toMatchObject({
      kind,
      message: expect.stringContaining(`${code} from ${server.url}/v1/chat/completions: upstream`),
    });
    expect(await open([inWrapped(code)]).probe()).toMatchObject({ usable: kind !== 'access' });
  });

  test.each<[string, OpenAiReply]>([
    ['breaks off', { raw: '{"choices":[{"message":{"cont' }],
    ['tells usage and no choice', { choices: [] }],
    ['has a choice without a message', { choices: [{ finish_reason: 'stop' }] }],
  ])('may be billed where it %s', async (_, reply) => {
    await expect(open([reply]).chat(requestOf())).rejects.toMatchObject({
      kind: 'unavailable',
      isUnanswered: true,
    });
  });
});

describe('a server with a dialect of its own', () => {
  it('is asked again by the newer name of the limit, and by that alone from then on', async () => {
    const model = open([OPENAI_ERRORS.limitName, { text: 'Why?' }]);
    expect(await model.chat(requestOf())).toMatchObject({ text: 'Why?', attempts: 1 });
    await model.chat(requestOf());
    expect(server.requests.map(({ body }) => body['max_completion_tokens'])).toEqual([undefined, 300, 300]);
    expect(server.requests[1]!.body).not.toHaveProperty('max_tokens');
    expect(await open([OPENAI_ERRORS.limitName, { text: 'Hi' }]).probe()).toMatchObject({ usable: true });
  });

  it('is asked without JSON mode where it has none', async () => {
    const model = open([OPENAI_ERRORS.jsonMode, { text: '{}' }]);
    expect((await model.chat(requestOf({ output: JSON_OUTPUT }))).text).toBe('{}');
    expect(server.requests.map(({ body }) => 'response_format' in body)).toEqual([true, false]);
  });

  it('is asked no third time when it refuses that too', async () => {
    await expect(open([OPENAI_ERRORS.limitName]).chat(requestOf())).rejects.toMatchObject({
      kind: 'invalid',
    });
    expect(server.requests).toHaveLength(2);
  });
});

it('says how to mend a temperature that is refused', async () => {
  await expect(open([OPENAI_ERRORS.temperature]).chat(requestOf())).rejects.toThrow(
    /set supports\.temperature of gpt-4o-mini in config\/models to false$/,
  );
});
