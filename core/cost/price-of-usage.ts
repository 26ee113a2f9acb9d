import type { Usage } from '../../schemas/common.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';

/** The part of a model's configuration that prices a call. */
export type TokenPrices = Pick<
  ModelConfig,
  | 'usd_per_1m_input_tokens'
  | 'usd_per_1m_output_tokens'
  | 'usd_per_1m_cache_read_tokens'
  | 'usd_per_1m_cache_write_tokens'
>;

/**
 * US dollars of one call's usage. `input_tokens` excludes cached tokens (as Bedrock's Converse reports them), so the three
 * kinds of input are added, each at its own price.
 */
export function costUsd(usage: Usage, prices: TokenPrices): number {
  return (
    (usage.input_tokens * prices.usd_per_1m_input_tokens +
      usage.output_tokens * prices.usd_per_1m_output_tokens +
      usage.cache_read_tokens * prices.usd_per_1m_cache_read_tokens +
      usage.cache_write_tokens * prices.usd_per_1m_cache_write_tokens) /
    1e6
  );
}
