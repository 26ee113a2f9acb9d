import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CRITERION_NAMES } from '../../schemas/common.ts';
import type { ExecutionSummary } from '../../schemas/execution-summary.ts';
import type { ModelRegistry } from '../../schemas/model-config.ts';
import type { RawTurn } from '../../schemas/turn.ts';
import { BEDROCK_ERRORS, startBedrockServer, type BedrockReply } from '../servers/bedrock-server.ts';
import type { ScriptedServer, SeenRequest } from '../servers/scripted-server.ts';
import { root, run, temporaryFolders, type Finished } from './cli.ts';

const folders = temporaryFolders();
const lake = folders.make('bedrock');
const { models } = JSON.parse(
  readFileSync(join(root, 'config/models/models-1.0.json'), 'utf8'),
) as ModelRegistry;
const endpointOf = (id: string) => models.find((model) => model.model_id === id)!.endpoint;

let server: ScriptedServer<BedrockReply>;
let finished: Finished;
let summary: ExecutionSummary;

const verdict = JSON.stringify({
  rationale: 'It asks one open question about what the student said.',
  criteria: Object.fromEntries(CRITERION_NAMES.map((name) => [name, { mark: 5, quote: '' }])),
  violations: [],
});

/** A tutor that asks, and, asked for a verdict, a judge; the second call of a dialogue on is served from the cache. */
function answer({ body }: SeenRequest): BedrockReply {
  const messages = body['messages'] as { content: unknown[] }[];
  const isJudge = JSON.stringify(body['system'] ?? '').includes('You mark one reply of a tutor');
  const reads = messages.length > 1 ? 1000 * messages.length : 0;
  return {
    text: isJudge ? verdict : 'What makes you hold that view?',
    usage: { inputTokens: 20, outputTokens: 9, cacheReadInputTokens: reads, cacheWriteInputTokens: 30 },
  };
}

beforeAll(async () => {
  server = await startBedrockServer();
  // Whatever the registry does not know to be retired answers; one more is denied, one throttles at first.
  for (const model of models.filter((one) => one.provider === 'bedrock' && one.lifecycle.status !== 'eol'))
    server.script(model.endpoint, [answer]);
  server.script(endpointOf('qwen3-32b'), [BEDROCK_ERRORS.denied]);
  server.script(endpointOf('mixtral-8x7b'), [BEDROCK_ERRORS.retired]);
  server.script(endpointOf('nova-lite'), [
    answer,
    BEDROCK_ERRORS.throttled,
    BEDROCK_ERRORS.unavailable,
    answer,
  ]);
  finished = await run(
    [
      'run',
      '--profile',
      'seed-25',
      '--week',
      '2026-W47',
      '--yes',
      '--max-cost-usd',
      '10',
      '--lake',
      lake,
      '--progress',
      'none',
    ],
    {
      SOCRATIC_BEDROCK_ENDPOINT: server.url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-1',
    },
  );
  const results = await run(['results', '--json', '--lake', lake]);
  summary = JSON.parse(results.stdout === '' ? '{}' : results.stdout) as ExecutionSummary;
}, 120_000);

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  folders.removeAll();
});

function turns(): RawTurn[] {
  return readdirSync(join(lake, 'raw'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as RawTurn);
}

describe('seed-25 over a Bedrock endpoint that speaks Converse', () => {
  it('finishes with exit 1, partial: a model was denied', () => {
    expect({ status: finished.status, stderr: finished.stderr }).toMatchObject({ status: 1 });
    expect(summary.is_partial).toBe(true);
  });

  it('skips retired and denied models with their reason and scores all others', () => {
    const reasons = new Map(summary.skips.map((skip) => [skip.model, skip.reason]));
    const retired = models.filter((model) => model.lifecycle.status === 'eol').map((model) => model.model_id);
    for (const model of retired) expect([model, reasons.get(model)]).toEqual([model, 'eol']);
    expect(reasons.get('qwen3-32b')).toBe('access');
    expect(reasons.get('mixtral-8x7b')).toBe('eol');
    expect(retired.length).toBeGreaterThanOrEqual(10);
    expect(summary.n_scored + summary.n_skipped).toBe(50);
    const denied = summary.skips.filter((skip) => skip.reason === 'access');
    expect(summary.n_planned - summary.n_scored).toBe(denied.reduce((sum, skip) => sum + skip.n_rows, 0));
    expect(summary.is_simulated).toBe(false);
  });

  it('calls no model that the registry knows to be retired', () => {
    const asked = new Set(server.requests.map((request) => request.model));
    for (const model of models.filter((one) => one.lifecycle.status === 'eol'))
      expect(asked.has(model.endpoint)).toBe(false);
  });

  it('asks a denied model once and never again', () => {
    expect(server.requests.filter((request) => request.model === endpointOf('qwen3-32b'))).toHaveLength(1);
  });

  it('records usage, cached tokens and cost of every turn', () => {
    const all = turns();
    expect(all).toHaveLength(summary.n_scored * 5);
    for (const turn of all) {
      const model = models.find((one) => one.model_id === turn.model)!;
      expect(turn.input_tokens).toBe(20);
      expect(turn.cache_read_tokens).toBe(turn.turn_index === 1 ? 0 : 1000 * (2 * turn.turn_index - 1));
      const usd =
        (20 * model.usd_per_1m_input_tokens +
          9 * model.usd_per_1m_output_tokens +
          turn.cache_read_tokens * model.usd_per_1m_cache_read_tokens +
          30 * model.usd_per_1m_cache_write_tokens) /
        1e6;
      expect(turn.cost_usd).toBeCloseTo(usd, 9);
    }
    expect(summary.spent_usd).toBeGreaterThan(0);
  });

  it('tries a throttled call again and records the attempts', () => {
    const lite = turns().filter((turn) => turn.model === 'nova-lite');
    expect(Math.max(...lite.map((turn) => turn.attempts))).toBeGreaterThan(1);
  });

  it('sets a moving cache point for models that have one, and none for others', () => {
    const dialogues = server.requests.filter(
      (request) =>
        (request.body['requestMetadata'] as { component?: string } | undefined)?.component === 'dialogue',
    );
    const points = (request: SeenRequest) =>
      (request.body['messages'] as { content: object[] }[]).map((message) =>
        message.content.some((block) => 'cachePoint' in block),
      );
    for (const request of dialogues) {
      const has = models.find((model) => model.endpoint === request.model)!.supports.cache === 'cache_point';
      const found = points(request);
      expect(found.filter(Boolean)).toHaveLength(has ? 1 : 0);
      if (has) expect(found.at(-1)).toBe(true);
    }
    expect(dialogues.length).toBeGreaterThan(50);
  });
});
