import { afterAll, afterEach, beforeAll, describe, expect, it, test } from '@jest/globals';
import { createBedrockModels, fromConverse } from '../../../adapters/models/bedrock.ts';
import { createResilientModels, NETWORK_POLICY } from '../../../adapters/models/resilient-models.ts';
import type { ModelErrorKind } from '../../../core/model-error.ts';
import { randomFrom } from '../../../core/identity/random.ts';
import type { ChatMessage } from '../../../core/ports.ts';
import { chatModelContract } from '../../contracts/chat-model.contract.ts';
import { BEDROCK_ERRORS, startBedrockServer, type BedrockReply } from '../../servers/bedrock-server.ts';
import type { ScriptedServer } from '../../servers/scripted-server.ts';
import { bedrockConfig, rememberTelemetry, requestOf, VERDICT_SCHEMA } from './fixtures.ts';
import { VirtualClock } from './virtual-clock.ts';

const ENDPOINT = 'global.anthropic.claude-test-v1:0';
const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_EC2_METADATA_DISABLED: 'true',
};
const JSON_OUTPUT = { kind: 'json' as const, name: 'verdict', schema: VERDICT_SCHEMA };
let server: ScriptedServer<BedrockReply>;
const saved = { ...process.env };

beforeAll(async () => {
  // The SDK reads its credentials from the environment of the process.
  Object.assign(process.env, CREDENTIALS);
  server = await startBedrockServer();
});
afterEach(() => {
  server.requests.length = 0;
});
afterAll(async () => {
  for (const name of Object.keys(CREDENTIALS)) {
    if (saved[name] === undefined) delete process.env[name];
    else process.env[name] = saved[name];
  }
  await server[Symbol.asyncDispose]();
});

const models = () => createBedrockModels({ SOCRATIC_BEDROCK_ENDPOINT: server.url, AWS_REGION: 'us-east-1' });
const open = (supports: Parameters<typeof bedrockConfig>[0] = {}) => models().open(bedrockConfig(supports));
const script = (...outcomes: Parameters<typeof server.script>[1]) => server.script(ENDPOINT, outcomes);

chatModelContract('bedrock over HTTP', async () => {
  script({ text: 'What makes you say so?' });
  return { model: open(), request: requestOf(), async [Symbol.asyncDispose]() {} };
});

describe('a call of Converse', () => {
  it('sends the conversation, the system prompt, the limits and who is asking', async () => {
    script({ text: 'Why?' });
    await open().chat(requestOf());
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: `/model/${ENDPOINT}/converse` });
    expect(server.requests[0]!.body).toEqual({
      messages: [
        { role: 'user', content: [{ text: 'All birds fly.' }] },
        { role: 'assistant', content: [{ text: 'What makes you say all?' }] },
        { role: 'user', content: [{ text: 'I have never seen one that does not.' }] },
      ],
      system: [{ text: 'You are a Socratic tutor.' }],
      inferenceConfig: { maxTokens: 300, temperature: 0.7 },
      requestMetadata: { execution_id: 'exec-1', run_id: '01JRUN', turn: '2', component: 'dialogue' },
    });
  });

  it('leaves the temperature out where it is null, and sends zero as zero', async () => {
    script({ text: 'Why?' });
    await open().chat(requestOf({ temperature: null }));
    await open().chat(requestOf({ temperature: 0 }));
    expect(server.requests.map(({ body }) => body['inferenceConfig'])).toEqual([
      { maxTokens: 300 },
      { maxTokens: 300, temperature: 0 },
    ]);
  });

  it('folds the system prompt into the first message of a model without one', async () => {
    script({ text: 'Why?' });
    await open({ system: false }).chat(requestOf());
    const { body } = server.requests[0]!;
    expect(body).not.toHaveProperty('system');
    expect((body['messages'] as { content: unknown }[])[0]!.content).toEqual([
      { text: 'You are a Socratic tutor.\n\nAll birds fly.' },
    ]);
  });

  it('shows an empty reply of its own as such: Converse refuses empty text', async () => {
    script({ text: 'Why?' });
    const messages: ChatMessage[] = [
      { role: 'user', text: 'Hi.' },
      { role: 'assistant', text: ' \n' },
      { role: 'user', text: 'Are you there?' },
    ];
    await open().chat(requestOf({ messages }));
    expect((server.requests[0]!.body['messages'] as { content: unknown }[])[1]!.content).toEqual([
      { text: '(no reply)' },
    ]);
  });

  it('reads text, latency and the tokens by kind: input excludes the cached', async () => {
    script({
      text: 'Why?',
      latency_ms: 1234,
      usage: { inputTokens: 11, outputTokens: 22, cacheReadInputTokens: 333, cacheWriteInputTokens: 44 },
    });
    expect(await open().chat(requestOf())).toEqual({
      text: 'Why?',
      stop_reason: 'end',
      usage: { input_tokens: 11, output_tokens: 22, cache_read_tokens: 333, cache_write_tokens: 44 },
      latency_ms: 1234,
      attempts: 1,
    });
  });

  it('joins text blocks and leaves hidden reasoning out of the text', async () => {
    script({
      content: [
        { reasoningContent: { reasoningText: { text: 'secret', signature: 's' } } },
        { text: 'What ' },
        { text: 'follows?' },
      ],
    });
    expect((await open().chat(requestOf())).text).toBe('What follows?');
  });

  test.each([
    ['end_turn', 'end'],
    ['stop_sequence', 'end'],
    ['tool_use', 'end'],
    ['max_tokens', 'length'],
    ['content_filtered', 'filtered'],
    ['guardrail_intervened', 'filtered'],
    ['refusal', 'refusal'],
    ['model_context_window_exceeded', 'context_overflow'],
    ['malformed_model_output', 'end'],
    ['something_of_next_year', 'end'],
  ])('reads the stop reason %s as %s', async (stop_reason, expected) => {
    script({ text: 'Wh', stop_reason });
    expect((await open().chat(requestOf())).stop_reason).toBe(expected);
  });

  it('takes an answer without content or usage for an empty reply that cost nothing', () => {
    const output = {
      output: undefined,
      stopReason: 'end_turn',
      usage: undefined,
      metrics: undefined,
      $metadata: {},
    };
    expect(fromConverse(output as never, requestOf(), 9)).toMatchObject({ text: '', latency_ms: 9 });
  });
});

describe('structured output', () => {
  it('forces the tool and gives its input back as JSON text', async () => {
    script({ tool: { rationale: 'fine', mark: 4 } });
    const result = await open({ forced_tool: true }).chat(requestOf({ output: JSON_OUTPUT }));
    expect(JSON.parse(result.text)).toEqual({ rationale: 'fine', mark: 4 });
    expect(server.requests[0]!.body['toolConfig']).toEqual({
      tools: [{ toolSpec: { name: 'verdict', inputSchema: { json: VERDICT_SCHEMA } } }],
      toolChoice: { tool: { name: 'verdict' } },
    });
  });

  it('asks a model that cannot be forced in words alone, and reads a forced one that answers in text', async () => {
    script({ text: '{"mark": 4}' });
    expect((await open().chat(requestOf({ output: JSON_OUTPUT }))).text).toBe('{"mark": 4}');
    expect(server.requests[0]!.body).not.toHaveProperty('toolConfig');
    expect((await open({ forced_tool: true }).chat(requestOf({ output: JSON_OUTPUT }))).text).toBe(
      '{"mark": 4}',
    );
  });
});

describe('errors of Bedrock', () => {
  test.each<[keyof typeof BEDROCK_ERRORS, ModelErrorKind]>([
    ['throttled', 'throttled'],
    ['quota', 'throttled'],
    ['unavailable', 'unavailable'],
    ['internal', 'unavailable'],
    ['notReady', 'unavailable'],
    ['modelTimeout', 'unavailable'],
    ['modelError', 'unavailable'],
    ['denied', 'access'],
    ['badKey', 'access'],
    ['expired', 'access'],
    ['useCaseForm', 'access'],
    ['needsProfile', 'access'],
    ['endOfLife', 'eol'],
    ['retired', 'eol'],
    ['inputTooLong', 'context_overflow'],
    ['promptTooLong', 'context_overflow'],
    ['novaTooLong', 'context_overflow'],
    ['llamaTooLong', 'context_overflow'],
    ['outputLimit', 'invalid'],
    ['temperature', 'invalid'],
    ['malformed', 'invalid'],
    ['notFound', 'invalid'],
  ])('reads %s as %s, after exactly one request', async (name, kind) => {
    script(BEDROCK_ERRORS[name]);
    await expect(open().chat(requestOf())).rejects.toMatchObject({ name: 'ModelError', kind, attempts: 1 });
    expect(server.requests).toHaveLength(1);
  });

  it('says which model failed and what the provider said', async () => {
    script(BEDROCK_ERRORS.denied);
    await expect(open().chat(requestOf())).rejects.toThrow(
      /claude-sonnet-4-6: AccessDeniedException: You don't have access/,
    );
  });

  it('reads missing credentials as access, without a request', async () => {
    const hidden = { AWS_SHARED_CREDENTIALS_FILE: '/nowhere', AWS_CONFIG_FILE: '/nowhere' };
    Object.assign(process.env, hidden);
    delete process.env['AWS_ACCESS_KEY_ID'];
    try {
      await expect(open().chat(requestOf())).rejects.toMatchObject({ kind: 'access' });
      expect(server.requests).toHaveLength(0);
    } finally {
      Object.assign(process.env, CREDENTIALS);
      for (const name of Object.keys(hidden)) delete process.env[name];
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

  it('reads a server that is not there as unreachable, with its URL and the cause', async () => {
    const nowhere = createBedrockModels({
      SOCRATIC_BEDROCK_ENDPOINT: 'http://127.0.0.1:9',
      AWS_REGION: 'us-east-1',
    });
    const model = nowhere.open(bedrockConfig());
    const expected = {
      kind: 'unreachable',
      message: expect.stringMatching(/cannot reach http:\/\/127\.0\.0\.1:9: connection refused.*AWS_REGION/),
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
    const policy = { ...NETWORK_POLICY, callTimeoutMs: 100 };
    const resilient = createResilientModels(
      models(),
      { clock: new VirtualClock(), random: randomFrom('hang'), telemetry },
      () => policy,
    ).open(bedrockConfig());
    expect(await resilient.chat(requestOf())).toMatchObject({ text: 'Why?', attempts: 2 });
    expect(waits.map(({ reason }) => reason)).toEqual(['unavailable']);
    expect(server.requests).toHaveLength(2);
  });
});

describe('an answer with status 200 that is no Converse output', () => {
  test.each([
    [
      'a document of something in between',
      '{"error": {"message": "overloaded"}}',
      false,
      'no output and no stop reason',
    ],
    ['a page', '<!doctype html><title>Sign in</title>', false, 'Unexpected token'],
    ['half a document', '{"output": {"message": {"role": "assis', true, 'JSON'],
  ])('is no empty reply of the model where it is %s', async (_, raw, isUnanswered, shown) => {
    script({ raw });
    const message = expect.stringMatching(
      new RegExp(
        `answered with something else than a Converse output .*${shown}.*; look at SOCRATIC_BEDROCK_`,
      ),
    );
    await expect(open().chat(requestOf())).rejects.toMatchObject({
      kind: 'unavailable',
      isUnanswered,
      message,
    });
    expect(await open().probe()).toMatchObject({ usable: false, reason: 'access', detail: message });
  });

  it('is read with whole tokens and the reply without its reasoning', async () => {
    script({ text: '<think>4.</think>Why \uD83D?', usage: { inputTokens: 1.5, outputTokens: -1 } });
    expect(await open().chat(requestOf())).toMatchObject({
      text: 'Why \uFFFD?',
      usage: { input_tokens: 2, output_tokens: 0 },
    });
  });
});

describe('a probe', () => {
  it('makes one call of one output token and reports what it cost', async () => {
    script({ text: 'H', usage: { inputTokens: 8, outputTokens: 1 } });
    expect(await open().probe()).toMatchObject({
      usable: true,
      usage: { input_tokens: 8, output_tokens: 1 },
    });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]!.body['inferenceConfig']).toEqual({ maxTokens: 1, temperature: 0.7 });
  });

  test.each([
    ['denied', 'access'],
    ['useCaseForm', 'access'],
    ['retired', 'eol'],
    ['endOfLife', 'eol'],
    ['needsProfile', 'access'],
  ] as const)('finds a model that is %s unusable: %s', async (name, reason) => {
    script(BEDROCK_ERRORS[name]);
    expect(await open().probe()).toMatchObject({ usable: false, reason });
  });

  test.each(['throttled', 'unavailable'] as const)('takes a model that is %s for usable', async (name) => {
    script(BEDROCK_ERRORS[name]);
    expect(await open().probe()).toEqual({ usable: true, usage: null });
  });

  it('is called off as aborted', async () => {
    script({ hang: true });
    await expect(open().probe(AbortSignal.timeout(50))).rejects.toMatchObject({ kind: 'aborted' });
  });
});

describe('connections', () => {
  it('serves more than fifty calls at once: the limiter decides how many, not the agent', async () => {
    script({ text: 'Why?', delay_ms: 150 });
    const model = open();
    await Promise.all(Array.from({ length: 90 }, () => model.chat(requestOf())));
    expect(server.mostOpen).toBeGreaterThan(80);
  });
});
