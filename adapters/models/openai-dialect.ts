import type { ModelConfig } from '../../schemas/model-config.ts';

/** What servers of the protocol differ in. */
export interface Dialect {
  output_limit: 'max_tokens' | 'max_completion_tokens';
  /** Takes `response_format: json_object`; where it does not, the prompt alone asks for JSON. */
  has_json_mode: boolean;
}

/** Reasoning models of OpenAI take only the newer name; local servers know only the older. */
export function dialectOf(config: ModelConfig): Dialect {
  return { output_limit: isOpenAi(config) ? 'max_completion_tokens' : 'max_tokens', has_json_mode: true };
}

/**
 * What a refused request teaches, null where it is nothing: OpenAI's reasoning models behind another address (Azure,
 * OpenRouter, a proxy) ask for the newer name of the limit, LM Studio takes no `json_object`.
 */
export function dialectLearned(known: Dialect, error: unknown): Dialect | null {
  const { status, message } = (error ?? {}) as { status?: unknown; message?: unknown };
  if ((status !== 400 && status !== 422) || typeof message !== 'string') return null;
  if (known.output_limit === 'max_tokens' && message.includes('max_completion_tokens'))
    return { ...known, output_limit: 'max_completion_tokens' };
  if (known.has_json_mode && message.includes('response_format')) return { ...known, has_json_mode: false };
  return null;
}

export function isOpenAi({ base_url }: ModelConfig): boolean {
  return base_url === undefined || new URL(base_url).hostname === 'api.openai.com';
}
