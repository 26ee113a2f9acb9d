import type { Usage } from '../../../schemas/common.ts';
import type { ModelConfig } from '../../../schemas/model-config.ts';

/** Characters of one call. */
export interface CallChars {
  /** The whole prompt, system text included. */
  prompt: number;
  /** The beginning of it that an earlier call has sent too; 0 where there was none. */
  sentBefore: number;
  /** The beginning of it that later calls will send again and that is therefore written to the cache. */
  sentAgain: number;
  output: number;
}

/**
 * Tokens as a provider bills them: `input_tokens` excludes what the cache served or took in. A prefix counts as cached
 * from `cache_min_tokens` on and up to `cache_max_tokens`, as providers do. A function of the request alone, so that a run
 * that was interrupted bills the same as one that was not: a cache never expires, and an earlier call has always filled it.
 */
export function usageOf(chars: CallChars, supports: ModelConfig['supports'], charsPerToken: number): Usage {
  const tokens = (count: number) => Math.ceil(count / charsPerToken);
  const prompt = tokens(chars.prompt);
  const cached = (count: number) => {
    const prefix = Math.min(tokens(count), prompt, supports.cache_max_tokens ?? Number.POSITIVE_INFINITY);
    return supports.cache === 'none' || tokens(count) < supports.cache_min_tokens ? 0 : prefix;
  };
  const cache_read_tokens = cached(chars.sentBefore);
  // Providers that cache by themselves bill no writing.
  const cache_write_tokens =
    supports.cache === 'cache_point' ? Math.max(0, cached(chars.sentAgain) - cache_read_tokens) : 0;
  return {
    input_tokens: prompt - cache_read_tokens - cache_write_tokens,
    output_tokens: tokens(chars.output),
    cache_read_tokens,
    cache_write_tokens,
  };
}
