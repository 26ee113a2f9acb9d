import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { costUsd, worstCaseUsd } from '../../../core/cost/price-of-usage.ts';
import { model } from './fixtures.ts';

const count = fc.integer({ min: 0, max: 200_000 });

describe('costUsd', () => {
  it('prices the four kinds of tokens apart', () => {
    const usage = {
      input_tokens: 1_000_000,
      output_tokens: 100_000,
      cache_read_tokens: 2_000_000,
      cache_write_tokens: 400_000,
    };
    // Sonnet 4.6 at 3 / 15 / 0.3 / 3.75 US dollars per million tokens
    expect(costUsd(usage, model('claude-sonnet-4-6'))).toBeCloseTo(3 + 1.5 + 0.6 + 1.5, 10);
  });

  it('adds cached tokens to input_tokens instead of taking them for a part of it', () => {
    const plain = { input_tokens: 500, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 };
    const withRead = { ...plain, cache_read_tokens: 90_000 };
    const haiku = model('claude-haiku-4-5');
    expect(costUsd(withRead, haiku)).toBeCloseTo(costUsd(plain, haiku) + 0.009, 10);
  });

  it('never exceeds the worst case of the same prompt and output limit', () => {
    fc.assert(
      fc.property(count, count, count, fc.integer({ min: 0, max: 300 }), (fresh, read, written, output) => {
        const usage = {
          input_tokens: fresh,
          cache_read_tokens: read,
          cache_write_tokens: written,
          output_tokens: output,
        };
        for (const id of ['claude-sonnet-4-6', 'nova-pro', 'llama-4-maverick'])
          expect(costUsd(usage, model(id))).toBeLessThanOrEqual(
            worstCaseUsd(fresh + read + written, 300, model(id)) + 1e-12,
          );
      }),
    );
  });
});
