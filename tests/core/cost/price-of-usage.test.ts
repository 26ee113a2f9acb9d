import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { costUsd } from '../../../core/cost/price-of-usage.ts';
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

  it('is zero for a model that bills nothing, and adds up over calls', () => {
    fc.assert(
      fc.property(count, count, count, count, (fresh, read, written, output) => {
        const usage = {
          input_tokens: fresh,
          cache_read_tokens: read,
          cache_write_tokens: written,
          output_tokens: output,
        };
        const twice = {
          input_tokens: 2 * fresh,
          cache_read_tokens: 2 * read,
          cache_write_tokens: 2 * written,
          output_tokens: 2 * output,
        };
        expect(costUsd(usage, model('steadfast'))).toBe(0);
        expect(costUsd(twice, model('nova-pro'))).toBeCloseTo(2 * costUsd(usage, model('nova-pro')), 9);
      }),
    );
  });
});
