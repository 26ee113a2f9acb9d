import type OpenAI from 'openai';
import { ModelError } from '../../core/model-error.ts';
import type { ChatRequest, ChatResult } from '../../core/ports.ts';
import type { StopReason, Usage } from '../../schemas/common.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';
import { replyText, wellFormed } from './reply-text.ts';
import { tokenCount } from './token-count.ts';

export type Completion = OpenAI.Chat.Completions.ChatCompletion;

/** Characters of an unreadable answer that an error shows. */
const SHOWN_CHARS = 80;

/**
 * A completion, out of what a server sent with status 200. Gateways send login pages with it, and some providers an error
 * of their own: that is thrown with the status it names, to be read as any other.
 */
export function completionOf(answer: unknown, { model_id, base_url }: ModelConfig): Completion {
  const { choices, error } = (answer ?? {}) as { choices?: unknown; error?: unknown };
  if (Array.isArray(choices)) return answer as Completion;
  if (typeof error === 'object' && error !== null) {
    const { message, code } = error as { message?: unknown; code?: unknown };
    throw Object.assign(new Error(typeof message === 'string' ? message : 'an error without a message'), {
      status: typeof code === 'number' && code >= 400 ? code : 502,
      code,
    });
  }
  const shown = (typeof answer === 'string' ? answer : (JSON.stringify(answer) ?? '')).slice(0, SHOWN_CHARS);
  throw new ModelError(
    'unavailable',
    `${model_id}: ${base_url ?? 'the provider'} answered with something else than a completion: ${shown.replaceAll(/\s+/g, ' ')}; mend base_url of ${model_id} in config/models (most end in /v1)`,
  );
}

/** The reply out of a completion; pure. */
export function fromCompletion(
  completion: Completion,
  { output }: Pick<ChatRequest, 'output'>,
  latency_ms: number,
  config: ModelConfig,
): ChatResult {
  const choice = completion.choices[0];
  const message = choice?.message as Completion['choices'][number]['message'] | undefined;
  if (choice === undefined || message === undefined)
    throw new ModelError('unavailable', `${config.model_id}: the provider answered without a choice`, {
      // Some bill the prompt of an answer that they withheld.
      isUnanswered: tokenCount(completion.usage?.prompt_tokens) > 0,
    });
  const refusal = message.refusal ?? null;
  return {
    text: (output.kind === 'text' ? replyText : wellFormed)(textOf(message.content) ?? refusal ?? ''),
    stop_reason: refusal === null ? stopReason(choice.finish_reason) : 'refusal',
    usage: usageOf(completion, config),
    latency_ms,
    attempts: 1,
  };
}

/** Text, or the text of its parts: some servers send a list of them, as requests may. */
function textOf(content: unknown): string | null {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return null;
  return (content as { text?: unknown }[])
    .map((part) => (typeof part?.text === 'string' ? part.text : ''))
    .join('');
}

function stopReason(reason: string): StopReason {
  if (reason === 'length') return 'length';
  return reason === 'content_filter' ? 'filtered' : 'end';
}

/**
 * `prompt_tokens` includes cached tokens here; ours excludes them. Of a model that is said to cache nothing and has no price
 * for it they count as input, since nobody gives them away.
 */
export function usageOf(completion: Completion, config: ModelConfig): Usage {
  const { usage } = completion;
  const prompt = tokenCount(usage?.prompt_tokens);
  const isUnpriced = config.supports.cache === 'none' && config.usd_per_1m_cache_read_tokens === 0;
  const cached = isUnpriced ? 0 : Math.min(prompt, tokenCount(usage?.prompt_tokens_details?.cached_tokens));
  return {
    input_tokens: prompt - cached,
    output_tokens: tokenCount(usage?.completion_tokens),
    cache_read_tokens: cached,
    cache_write_tokens: 0,
  };
}
