import type { ModelConfig } from '../../schemas/model-config.ts';

/** Tokenisers differ from characters ÷ 4 by up to about a third on English prose. */
const TOKENISER_MARGIN = 1.35;

/**
 * The most one call can cost: the whole prompt at the dearest input price, and every output token allowed. US dollars.
 * @param max_output_tokens what the call allows, where that is not the model's own limit.
 */
export function worstCaseUsd(
  context_tokens: number,
  model: ModelConfig,
  max_output_tokens = model.max_output_tokens,
): number {
  const input = Math.max(model.usd_per_1m_input_tokens, model.usd_per_1m_cache_write_tokens);
  return (
    (context_tokens * TOKENISER_MARGIN * input + max_output_tokens * model.usd_per_1m_output_tokens) / 1e6
  );
}
