import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { CachedPrompt } from '../../../core/cost/cached-prompt.ts';
import { model } from './fixtures.ts';

const growth = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 60 });
const prefixes = (steps: readonly number[]) => steps.map((_, index) => sum(steps.slice(0, index + 1)));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('CachedPrompt', () => {
  it('bills every token of a prompt exactly once a call, whatever the cache does', () => {
    fc.assert(
      fc.property(growth, fc.double({ min: 0, max: 1, noNaN: true }), (steps, hit) => {
        for (const id of ['claude-sonnet-4-6', 'nova-pro', 'gpt-4o-mini', 'llama-4-maverick']) {
          const prompt = new CachedPrompt(model(id).supports, hit);
          for (const tokens of prefixes(steps)) {
            const usage = prompt.next(tokens);
            const billed = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens;
            expect(billed).toBeCloseTo(tokens, 6);
            expect(Math.min(...Object.values(usage))).toBeGreaterThanOrEqual(-1e-9);
          }
        }
      }),
    );
  });

  it('writes each token once and reads it in every later call when all calls hit', () => {
    const prompt = new CachedPrompt({ ...model('claude-sonnet-4-6').supports, cache_min_tokens: 0 }, 1);
    const calls = [1000, 1500, 2200].map((tokens) => prompt.next(tokens));
    expect(calls.map((call) => call.cache_write_tokens)).toEqual([1000, 500, 700]);
    expect(calls.map((call) => call.cache_read_tokens)).toEqual([0, 1000, 1500]);
  });

  it('leaves a prefix below the minimum uncached', () => {
    const prompt = new CachedPrompt(model('claude-haiku-4-5').supports, 1);
    expect(prompt.next(4095)).toEqual({ input_tokens: 4095, cache_read_tokens: 0, cache_write_tokens: 0 });
    expect(prompt.next(4200)).toEqual({ input_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 4200 });
  });

  it('bills what lies behind the longest cached prefix in full', () => {
    const prompt = new CachedPrompt(model('nova-pro').supports, 1);
    prompt.next(19_000);
    expect(prompt.next(50_000)).toEqual({
      input_tokens: 30_000,
      cache_read_tokens: 19_000,
      cache_write_tokens: 1000,
    });
  });

  it('takes new tokens as plain input where the provider caches by itself', () => {
    const prompt = new CachedPrompt(model('gpt-4o-mini').supports, 1);
    prompt.next(2000);
    expect(prompt.next(3000)).toEqual({ input_tokens: 1000, cache_read_tokens: 2000, cache_write_tokens: 0 });
  });
});
