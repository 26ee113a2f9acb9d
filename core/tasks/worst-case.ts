import type { Usage } from '../../schemas/common.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';
import type { ChatRequest, ChatResult } from '../ports.ts';

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

/** Of English prose; `TOKENISER_MARGIN` stands for what others need. */
const CHARS_PER_TOKEN = 4;

/**
 * What an answer used, where its provider reports nothing (missing, or zeros: no answer takes no input). Tokens of the texts
 * with the margin of a worst case, all that were allowed where the answer was cut: money that nobody counts is spent all the
 * same. Null where the provider reports.
 */
export function unreportedUsage(
  request: ChatRequest,
  { text, stop_reason, usage }: ChatResult,
  { provider }: ModelConfig,
): Usage | null {
  const isReported = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens > 0;
  if (provider === 'simulated' || isReported) return null;
  const chars = request.messages.reduce((sum, message) => sum + message.text.length, request.system.length);
  const tokens = (of: number) => Math.ceil((of / CHARS_PER_TOKEN) * TOKENISER_MARGIN);
  return {
    input_tokens: tokens(chars),
    output_tokens: Math.max(
      usage.output_tokens,
      stop_reason === 'length' ? request.max_output_tokens : tokens(text.length),
    ),
    cache_read_tokens: 0,
    cache_write_tokens: 0,
  };
}
