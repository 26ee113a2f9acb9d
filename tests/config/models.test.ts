import { describe, expect, it, test } from '@jest/globals';
import { modelRegistrySchema } from '../../schemas/model-config.ts';
import { readJson, repeated } from './config-files.ts';

const registry = modelRegistrySchema.parse(readJson('models/models-1.0.json'));
const { models } = registry;
const byTag = (tag: string) => models.filter((model) => model.tags.includes(tag));
const byId = (id: string) => models.find((model) => model.model_id === id)!;
const simulated = models.filter((model) => model.provider === 'simulated');

/** The provider ids in seed 0's config, in its order, without the region of an inference profile. */
const SEED_0_IDS = [
  'anthropic.claude-sonnet-4-5-20250929-v1:0',
  'meta.llama4-maverick-17b-instruct-v1:0',
  'meta.llama4-scout-17b-instruct-v1:0',
  'amazon.nova-lite-v1:0',
  'meta.llama3-1-70b-instruct-v1:0',
  'meta.llama3-2-90b-instruct-v1:0',
  'ai21.jamba-1-5-large-v1:0',
  'anthropic.claude-opus-4-1-20250805-v1:0',
  'amazon.nova-premier-v1:0',
  'cohere.command-r-v1:0',
  'anthropic.claude-3-7-sonnet-20250219-v1:0',
  'amazon.nova-pro-v1:0',
  'anthropic.claude-3-5-haiku-20241022-v1:0',
  'cohere.command-r-plus-v1:0',
  'qwen.qwen3-32b-v1:0',
  'anthropic.claude-3-5-sonnet-20240620-v1:0',
  'mistral.mistral-large-2402-v1:0',
  'meta.llama3-3-70b-instruct-v1:0',
  'mistral.mixtral-8x7b-instruct-v0:1',
  'anthropic.claude-haiku-4-5-20251001-v1:0',
  'deepseek.r1-v1:0',
  'anthropic.claude-3-sonnet-20240229-v1:0',
  'openai.gpt-oss-120b-1:0',
  'meta.llama3-2-11b-instruct-v1:0',
  'anthropic.claude-3-opus-20240229-v1:0',
];

describe('the model registry', () => {
  test('has ids of its own', () => {
    expect(registry.version).toBe('models-1.0');
    expect(repeated(models.map((model) => model.model_id))).toEqual([]);
  });

  test("holds exactly seed 0's 25 models, in its order", () => {
    const endpoints = byTag('seed-0').map((model) => model.endpoint.replace(/^(us|global)\./, ''));
    expect(endpoints).toEqual(SEED_0_IDS);
  });

  test('knows which of the 25 are gone, going, active or not verified', () => {
    const count = (status: string) =>
      byTag('seed-0').filter((model) => model.lifecycle.status === status).length;
    expect([count('eol'), count('legacy'), count('active'), count('unverified')]).toEqual([10, 3, 10, 2]);
    expect(byId('jamba-1-5-large').lifecycle.ends_at).toBe('2026-11-26');
  });

  test('calls models that need an inference profile by one', () => {
    for (const model of models.filter((one) =>
      /claude-(opus-4|sonnet-[45]|haiku-4)|llama|r1/.test(one.endpoint),
    ))
      if (model.provider === 'bedrock') expect(model.endpoint).toMatch(/^(us|global)\./);
  });

  test('prices a cache read below input and a cache write not below it', () => {
    for (const model of models) {
      expect(model.usd_per_1m_cache_read_tokens).toBeLessThanOrEqual(model.usd_per_1m_input_tokens);
      expect(model.usd_per_1m_cache_write_tokens).toBeGreaterThanOrEqual(model.usd_per_1m_input_tokens);
    }
  });

  test('charges Claude 1.25 × input for a cache write and 0.1 × for a read', () => {
    for (const model of models.filter((one) => one.vendor === 'anthropic' && one.supports.cache !== 'none')) {
      expect(model.usd_per_1m_cache_write_tokens).toBeCloseTo(1.25 * model.usd_per_1m_input_tokens, 6);
      expect(model.usd_per_1m_cache_read_tokens).toBeCloseTo(0.1 * model.usd_per_1m_input_tokens, 6);
    }
  });

  test('names who takes no temperature and who takes no system message', () => {
    const without = (what: 'temperature' | 'system') =>
      models.filter((model) => !model.supports[what]).map((model) => model.model_id);
    expect(without('temperature')).toEqual(['claude-opus-4-8', 'claude-sonnet-5']);
    expect(without('system')).toEqual(['mixtral-8x7b']);
  });

  test('leaves room for an answer behind hidden reasoning', () => {
    for (const model of models)
      if (model.reasoning.is_on)
        expect(model.max_output_tokens).toBeGreaterThan(model.reasoning.budget_tokens + 300);
  });

  test('gives a base URL to openai-compatible models and to no other', () => {
    for (const model of models)
      expect(model.base_url !== undefined).toBe(model.provider === 'openai-compatible');
  });
});

describe('simulated models', () => {
  it('and only they have simulation parameters', () => {
    for (const model of models) expect(model.simulated !== undefined).toBe(model.provider === 'simulated');
  });

  it('bill nothing unless they are metered', () => {
    for (const model of simulated) {
      const isPriced = model.usd_per_1m_input_tokens > 0;
      expect({ id: model.model_id, isPriced }).toEqual({
        id: model.model_id,
        isPriced: model.tags.includes('metered'),
      });
    }
  });

  it('include a tutor for every known answer of the measure', () => {
    const known = byTag('known-answer').map((model) => model.model_id);
    expect(known).toEqual(
      expect.arrayContaining([
        'steadfast',
        ...[5, 8, 10, 20, 30].map((turn) => `drifter-${turn}`),
        'lecturer',
        'advice-giver',
        'leading',
        'multi-question',
        'template',
        'forgetful',
        'decoy-chaser',
        'contradiction-blind',
        'meta-deaf',
        'injector',
        'flaky',
        'inconsistent-05',
        'context-drifter',
        'pressure-yielder',
        'echo',
      ]),
    );
  });

  it('let drifter-k fail from turn k on', () => {
    for (const turn of [5, 8, 10, 20, 30])
      expect(byId(`drifter-${turn}`).simulated).toMatchObject({ failure: { when: 'from_turn', turn } });
  });

  it('have two judges of different vendors', () => {
    expect(byId('sim-judge').vendor).not.toBe(byId('sim-judge-2').vendor);
  });

  it('are metered like the models they stand for', () => {
    for (const model of byTag('metered').filter((one) => one.simulated?.kind === 'tutor')) {
      const id = model.model_id.replace('metered-', '');
      const real = byId(id.startsWith('nova') || id.startsWith('llama') ? id : `claude-${id}`);
      for (const key of [
        'usd_per_1m_input_tokens',
        'usd_per_1m_output_tokens',
        'usd_per_1m_cache_read_tokens',
        'usd_per_1m_cache_write_tokens',
        'context_window_tokens',
      ] as const)
        expect(model[key]).toBe(real[key]);
      expect(model.supports.cache).toBe(real.supports.cache);
      expect(model.supports.cache_min_tokens).toBe(real.supports.cache_min_tokens);
    }
  });
});
