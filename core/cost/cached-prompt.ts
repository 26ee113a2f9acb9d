import type { Usage } from '../../schemas/common.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';

type PromptUsage = Omit<Usage, 'output_tokens'>;

/**
 * How a growing conversation is billed when the cache point moves with every call: each call reads what the call before
 * left in the cache and writes the rest, so over T calls a token is written once and read T − t times. A prefix below the
 * model's minimum is silently uncached; what lies behind its maximum is billed in full
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html). A provider that caches by itself
 * (`automatic`) bills new tokens as plain input.
 */
export class CachedPrompt {
  private cached_tokens = 0;
  private readonly supports: ModelConfig['supports'];
  private readonly hit_frac: number;

  /** `hit_frac`: expected share of calls that find the prefix still cached, 0–1. */
  constructor(supports: ModelConfig['supports'], hit_frac: number) {
    this.supports = supports;
    this.hit_frac = hit_frac;
  }

  /** Expected billing of the next call, whose prompt holds `prompt_tokens` and continues the one before. */
  next(prompt_tokens: number): PromptUsage {
    const { cache, cache_min_tokens, cache_max_tokens } = this.supports;
    if (cache === 'none' || prompt_tokens < cache_min_tokens)
      return { input_tokens: prompt_tokens, cache_read_tokens: 0, cache_write_tokens: 0 };
    const cacheable = Math.min(prompt_tokens, cache_max_tokens ?? prompt_tokens);
    const read = this.cached_tokens * this.hit_frac;
    this.cached_tokens = cacheable;
    return cache === 'automatic'
      ? { input_tokens: prompt_tokens - read, cache_read_tokens: read, cache_write_tokens: 0 }
      : {
          input_tokens: prompt_tokens - cacheable,
          cache_read_tokens: read,
          cache_write_tokens: cacheable - read,
        };
  }
}
