import { afterAll, afterEach, beforeAll, describe, expect, it, test } from '@jest/globals';
import {
  createOpenAiCompatibleModels,
  toModelError,
  toRequest,
} from '../../../adapters/models/openai-compatible.ts';
import { createResilientModels, NETWORK_POLICY } from '../../../adapters/models/resilient-models.ts';
import { randomFrom } from '../../../core/identity/random.ts';
import type { ModelErrorKind } from '../../../core/model-error.ts';
import type { ModelConfig } from '../../../schemas/model-config.ts';
import { chatModelContract } from '../../contracts/chat-model.contract.ts';
import { OPENAI_ERRORS, startOpenAiServer, type OpenAiReply } from '../../servers/openai-server.ts';
import type { ScriptedServer } from '../../servers/scripted-server.ts';
import { configOf, rememberTelemetry, requestOf, VERDICT_SCHEMA } from './fixtures.ts';
import { VirtualClock } from './virtual-clock.ts';

const JSON_OUTPUT = { kind: 'json' as const, name: 'verdict', schema: VERDICT_SCHEMA };
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

const configured = (supports: Partial<ModelConfig['supports']> = {}): ModelConfig => {
  const base = configOf('gpt-4o-mini', {
    endpoint: 'model-x',
    base_url: `${server.url}/v1`,
    api_key_env: 'TEST_KEY',
  });
  return { ...base, supports: { ...base.supports, ...supports } };
};
const models = (environment = { TEST_KEY: 'sk-test' }) => createOpenAiCompatibleModels(environment);
const open = (supports: Partial<ModelConfig['supports']> = {}) => models().open(configured(supports));
const script = (...outcomes: Parameters<typeof server.script>[1]) => server.script('model-x', outcomes);

chatModelContract('openai-compatible over HTTP', async () => {
  script({ text: 'What makes you say so?' });
  return { model: open(), request: requestOf(), async [Symbol.asyncDispose]() {} };
});

describe('a chat completion', () => {
  it('sends the conversation with its system prompt and the key of the environment', async () => {
    script({ text: 'Why?' });
    await open().chat(requestOf());
    expect(server.requests).toHaveLength(1);
    const { path, headers, body } = server.requests[0]!;
    expect(path).toBe('/v1/chat/completions');
    expect(headers['authorization']).toBe('Bearer sk-test');
    expect(body).toEqual({
      model: 'model-x',
      messages: [
        { role: 'system', content: 'You are a Socratic tutor.' },
        { role: 'user', content: 'All birds fly.' },
        { role: 'assistant', content: 'What makes you say all?' },
        { role: 'user', content: 'I have never seen one that does not.' },
      ],
      max_tokens: 300,
      temperature: 0.7,
    });
  });

  it('leaves the temperature out where it is null, and sends zero as zero', () => {
    expect(toRequest(requestOf({ temperature: null }), configured())).not.toHaveProperty('temperature');
    expect(toRequest(requestOf({ temperature: 0 }), configured()).temperature).toBe(0);
  });

  it('folds the system prompt into the first message of a model without one', () => {
    const { messages } = toRequest(requestOf(), configured({ system: false }));
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(messages[0]!.content).toBe('You are a Socratic tutor.\n\nAll birds fly.');
  });

  it('asks for a JSON object where one is wanted', () => {
    expect(toRequest(requestOf({ output: JSON_OUTPUT }), configured()).response_format).toEqual({
      type: 'json_object',
    });
    expect(toRequest(requestOf(), configured())).not.toHaveProperty('response_format');
  });

  it('names the output limit as OpenAI does at OpenAI and as everybody else does elsewhere', () => {
    const openai = { ...configured(), base_url: 'https://api.openai.com/v1' };
    expect(toRequest(requestOf(), openai)).toMatchObject({ max_completion_tokens: 300 });
    expect(toRequest(requestOf(), openai)).not.toHaveProperty('max_tokens');
    expect(toRequest(requestOf(), configured())).not.toHaveProperty('max_completion_tokens');
  });

  it('takes cached tokens out of the input, which includes them here', async () => {
    script({
      text: 'Why?',
      usage: { prompt_tokens: 1000, completion_tokens: 20, prompt_tokens_details: { cached_tokens: 768 } },
    });
    expect((await open().chat(requestOf())).usage).toEqual({
      input_tokens: 232,
      output_tokens: 20,
      cache_read_tokens: 768,
      cache_write_tokens: 0,
    });
  });

  test.each([
    ['stop', 'end'],
    ['length', 'length'],
    ['content_filter', 'filtered'],
    ['tool_calls', 'end'],
  ])('reads the finish reason %s as %s', async (finish_reason, expected) => {
    script({ text: 'Wh', finish_reason });
    expect((await open().chat(requestOf())).stop_reason).toBe(expected);
  });

  it('reads a refusal as one, with its words', async () => {
    script({ text: null, refusal: 'I cannot help with that.' });
    expect(await open().chat(requestOf())).toMatchObject({
      stop_reason: 'refusal',
      text: 'I cannot help with that.',
    });
  });

  it('reads missing text as an empty reply', async () => {
    script({ text: null });
    expect(await open().chat(requestOf())).toMatchObject({ stop_reason: 'end', text: '' });
  });

  it('takes an answer without a choice for unavailable', async () => {
    script({ choices: [] });
    await expect(open().chat(requestOf())).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('errors of the protocol', () => {
  test.each<[keyof typeof OPENAI_ERRORS, ModelErrorKind]>([
    ['throttled', 'throttled'],
    ['quota', 'access'],
    ['badKey', 'access'],
    ['denied', 'access'],
    ['noModel', 'access'],
    ['notPulled', 'access'],
    ['unavailable', 'unavailable'],
    ['internal', 'unavailable'],
    ['gateway', 'unavailable'],
    ['timeout', 'unavailable'],
    ['conflict', 'unavailable'],
    ['overflow', 'context_overflow'],
    ['localOverflow', 'context_overflow'],
    ['temperature', 'invalid'],
    ['malformed', 'invalid'],
  ])('reads %s as %s, after exactly one request', async (name, kind) => {
    script(OPENAI_ERRORS[name]);
    await expect(open().chat(requestOf())).rejects.toMatchObject({ name: 'ModelError', kind, attempts: 1 });
    expect(server.requests).toHaveLength(1);
  });

  it('reads a name that OpenAI does not know as a model retired', () => {
    const { base_url: _none, ...openai } = configured();
    for (const config of [openai, { ...openai, base_url: 'https://api.openai.com/v1' }])
      expect(toModelError(OPENAI_ERRORS.noModel, config, undefined)).toMatchObject({ kind: 'eol' });
  });

  test.each([
    [
      'notPulled',
      {},
      /^gpt-4o-mini: 404 from http:\/\/127\.0\.0\.1:\d+\/v1\/chat\/completions: model 'x' not found, .*mend endpoint \("model-x"\) or base_url/,
    ],
    ['badKey', {}, /: 401 from http\S+: Incorrect API key provided\.; expected a key .* TEST_KEY$/],
    ['denied', { api_key_env: undefined }, /: 403 from http\S+: Country not supported; set api_key_env/],
    ['internal', {}, /: 500 from http\S+: The server had an error while processing your request$/],
  ] as const)('says of %s its status once, who answered, and what mends it', async (name, changes, said) => {
    script(OPENAI_ERRORS[name]);
    const config = { ...configured(), ...changes } as ModelConfig;
    await expect(models().open(config).chat(requestOf())).rejects.toMatchObject({
      message: expect.stringMatching(said),
    });
  });

  test.each([
    ['seconds', { 'retry-after': '7' }, 7000, 7000],
    ['fractions of a second', { 'retry-after': '0.25' }, 250, 250],
    ['milliseconds', { 'retry-after-ms': '1500', 'retry-after': '9' }, 1500, 1500],
    ['a date', { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }, 30_000, 60_000],
    ['a date that has passed', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, 0, 0],
  ])('reads how long to wait in %s', async (_, headers, low, high) => {
    for (const error of [OPENAI_ERRORS.throttled, OPENAI_ERRORS.unavailable]) {
      script({ ...error, headers });
      const failure = (await open()
        .chat(requestOf())
        .catch((reason: unknown) => reason)) as { retryAfterMs: number };
      expect(failure.retryAfterMs).toBeGreaterThanOrEqual(low);
      expect(failure.retryAfterMs).toBeLessThanOrEqual(high);
    }
  });

  it('waits for no time where none is named, or nothing readable', async () => {
    for (const headers of [{}, { 'retry-after': 'soon' }]) {
      script({ ...OPENAI_ERRORS.throttled, headers });
      await expect(open().chat(requestOf())).rejects.toMatchObject({ retryAfterMs: null });
    }
  });

  test.each([
    ['a dropped connection', { reset: true as const }],
    ['an answer that breaks off', { half: true as const }],
  ])('reads %s as unavailable and maybe billed, after exactly one request', async (_, mishap) => {
    script(mishap);
    await expect(open().chat(requestOf())).rejects.toMatchObject({ kind: 'unavailable', isUnanswered: true });
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    ['a server that is not there', 'http://127.0.0.1:59999/v1', 'connection refused'],
    ['a port that nobody may call', 'http://127.0.0.1:9/v1', 'a port that HTTP clients refuse'],
    ['a host that has no address', 'http://no-such-host.invalid/v1', 'no such host'],
  ])('reads %s as unreachable, with its URL, the cause and what to do', async (_, base_url, cause) => {
    const model = models().open({ ...configured(), base_url });
    const expected = {
      kind: 'unreachable',
      message: expect.stringMatching(
        new RegExp(`cannot reach ${base_url}: ${cause}.*mend base_url of gpt-4o-mini in config/models`),
      ),
    };
    await expect(model.chat(requestOf())).rejects.toMatchObject(expected);
    await expect(model.probe()).rejects.toMatchObject(expected);
  });

  it('gives up a call in flight when its signal fires, as aborted', async () => {
    script({ hang: true });
    const abort = new AbortController();
    const call = open().chat(requestOf(), abort.signal);
    while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    abort.abort();
    await expect(call).rejects.toMatchObject({ kind: 'aborted', isRetryable: false });
  });

  it('turns a hung socket into unavailable by the deadline of the retry layer', async () => {
    script({ hang: true }, { text: 'Why?' });
    const { telemetry, waits } = rememberTelemetry();
    const resilient = createResilientModels(
      models(),
      { clock: new VirtualClock(), random: randomFrom('hang'), telemetry },
      () => ({ ...NETWORK_POLICY, callTimeoutMs: 100 }),
    ).open(configured());
    expect(await resilient.chat(requestOf())).toMatchObject({ text: 'Why?', attempts: 2 });
    expect(waits.map(({ reason }) => reason)).toEqual(['unavailable']);
  });
});

describe('a key', () => {
  it('that is not set is named, and nothing is sent', async () => {
    const keyless = createOpenAiCompatibleModels({}).open(configured());
    await expect(keyless.chat(requestOf())).rejects.toThrow(
      /gpt-4o-mini.*environment variable TEST_KEY.*not set/,
    );
    expect(await keyless.probe()).toMatchObject({ usable: false, reason: 'access' });
    expect(server.requests).toHaveLength(0);
  });

  it('is not needed by a server that asks for none', async () => {
    script({ text: 'Why?' });
    const { api_key_env: _, ...local } = configured();
    expect((await createOpenAiCompatibleModels({}).open(local).chat(requestOf())).text).toBe('Why?');
  });

  it('never stands in an error', async () => {
    script(OPENAI_ERRORS.badKey);
    const failure = await open()
      .chat(requestOf())
      .catch((reason: unknown) => reason);
    expect(String(failure)).not.toContain('sk-test');
  });
});

describe('a probe', () => {
  it('makes one short call and reports what it cost', async () => {
    script({ text: 'Hi', usage: { prompt_tokens: 8, completion_tokens: 2 } });
    expect(await open().probe()).toMatchObject({
      usable: true,
      usage: { input_tokens: 8, output_tokens: 2 },
    });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]!.body['max_tokens']).toBeLessThanOrEqual(16);
  });

  test.each([
    ['badKey', 'access'],
    ['quota', 'access'],
    ['noModel', 'access'],
  ] as const)('finds %s unusable: %s', async (name, reason) => {
    script(OPENAI_ERRORS[name]);
    expect(await open().probe()).toMatchObject({ usable: false, reason });
  });

  it('finds a model that refuses any temperature before its first dialogue, and says which key mends it', async () => {
    script(OPENAI_ERRORS.temperature);
    const { usable, detail } = (await open({ temperature: true }).probe()) as {
      usable: boolean;
      detail: string;
    };
    expect(usable).toBe(false);
    expect(detail).toContain('set supports.temperature of gpt-4o-mini');
    expect(server.requests[0]!.body['temperature']).toBeGreaterThan(0);
  });

  it('sends none to a model that is known to take none', async () => {
    script({ text: 'Hi' });
    await open({ temperature: false }).probe();
    expect(server.requests[0]!.body).not.toHaveProperty('temperature');
  });

  it('takes a busy server for usable', async () => {
    script(OPENAI_ERRORS.throttled);
    expect(await open().probe()).toEqual({ usable: true, usage: null });
  });
});
