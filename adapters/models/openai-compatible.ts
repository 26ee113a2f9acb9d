import type OpenAI from 'openai';
import { ModelError } from '../../core/model-error.ts';
import type { ChatModels, ChatRequest } from '../../core/ports.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';
import { completionOf, fromCompletion, usageOf, type Completion } from './openai-answer.ts';
import { dialectLearned, dialectOf, isOpenAi, type Dialect } from './openai-dialect.ts';
import { PROBE_TEXT, probeTemperature } from './probe-question.ts';
import { isConnectionLost, unreachableReason } from './unreachable.ts';

type Params = OpenAI.Chat.Completions.ChatCompletionCreateParamsNonStreaming;

/**
 * Models behind the OpenAI chat-completions protocol: OpenAI, vLLM, Ollama, LM Studio, llama.cpp. The SDK loads with the
 * first call and tries once (maxRetries 0): retrying is the layer above's.
 */
export function createOpenAiCompatibleModels(
  environment: Readonly<Record<string, string | undefined>>,
): ChatModels {
  return {
    open(config) {
      let client: Promise<OpenAI> | null = null;
      const connect = () => (client ??= createClient(config, environment));
      let dialect = dialectOf(config);
      /** One completion; a server that speaks another dialect refuses at no cost, and is asked again in its own. */
      const complete = async (
        paramsIn: (dialect: Dialect) => Params,
        signal: AbortSignal | undefined,
      ): Promise<Completion> => {
        const { completions } = (await connect()).chat;
        for (;;) {
          const spoken = dialect;
          try {
            const options = signal === undefined ? {} : { signal };
            return completionOf(await completions.create(paramsIn(spoken), options), config);
          } catch (error) {
            const learned = dialectLearned(spoken, error);
            if (learned === null) throw error;
            dialect = learned;
          }
        }
      };
      return {
        config,
        async chat(request, signal) {
          const startMs = performance.now();
          try {
            const completion = await complete((spoken) => toRequest(request, config, spoken), signal);
            return fromCompletion(completion, request, performance.now() - startMs, config);
          } catch (error) {
            throw toModelError(error, config, signal);
          }
        },
        async probe(signal) {
          const temperature = probeTemperature(config);
          try {
            const completion = await complete(
              ({ output_limit }) => ({
                model: config.endpoint,
                messages: [{ role: 'user', content: PROBE_TEXT }],
                [output_limit]: 16,
                ...(temperature === null ? {} : { temperature }),
              }),
              signal,
            );
            return { usable: true, usage: usageOf(completion, config) };
          } catch (error) {
            const failure = toModelError(error, config, signal);
            if (failure.kind === 'aborted' || failure.kind === 'unreachable') throw failure;
            // A busy provider is a usable one: the week's retries will meet it. Whoever answers with a page is no provider.
            if (failure.isRetryable && failure !== error) return { usable: true, usage: null };
            return { usable: false, reason: failure.skipReason ?? 'access', detail: failure.message };
          }
        },
      };
    },
  };
}

async function createClient(
  config: ModelConfig,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<OpenAI> {
  const key = config.api_key_env === undefined ? 'none' : environment[config.api_key_env];
  if (key === undefined || key === '')
    throw new ModelError(
      'access',
      `${config.model_id}: expected its key in the environment variable ${config.api_key_env}, which is not set`,
    );
  const { default: Client } = await import('openai');
  return new Client({
    apiKey: key,
    maxRetries: 0,
    ...(config.base_url === undefined ? {} : { baseURL: config.base_url }),
  });
}

/** The request as the protocol wants it; pure. */
export function toRequest(
  request: ChatRequest,
  config: ModelConfig,
  dialect: Dialect = dialectOf(config),
): Params {
  const system = config.supports.system ? [{ role: 'system' as const, content: request.system }] : [];
  const messages = request.messages.map((message, index) => ({
    role: message.role,
    // A model without system messages reads the instructions at the head of the first user message.
    content: index === 0 && !config.supports.system ? `${request.system}\n\n${message.text}` : message.text,
  }));
  return {
    model: config.endpoint,
    messages: [...system, ...messages],
    [dialect.output_limit]: request.max_output_tokens,
    ...(request.temperature === null ? {} : { temperature: request.temperature }),
    ...(request.output.kind === 'json' && dialect.has_json_mode
      ? { response_format: { type: 'json_object' as const } }
      : {}),
  };
}

/** Where the SDK goes without a base_url. */
const OPENAI_URL = 'https://api.openai.com/v1';

/** The kind of failure, read off the protocol's status and code. */
export function toModelError(
  error: unknown,
  config: ModelConfig,
  signal: AbortSignal | undefined,
): ModelError {
  if (error instanceof ModelError) return error;
  if (signal?.aborted === true)
    return new ModelError('aborted', `${config.model_id}: call aborted`, { cause: error });
  const { status, code, message, headers } = describe(error);
  const inTheWay = status === null ? unreachableReason(error) : null;
  if (inTheWay !== null)
    return new ModelError(
      'unreachable',
      `${config.model_id}: cannot reach ${config.base_url ?? OPENAI_URL}: ${inTheWay}; start that server, or mend base_url of ${config.model_id} in config/models`,
      { cause: error },
    );
  const text = `${config.model_id}: ${status === null ? '' : `${status} from ${calledUrl(config)}: `}${message}${adviceOf(status, code, message, config)}`;
  const retryAfterMs = retryAfter(headers);
  if (
    code === 'context_length_exceeded' ||
    /maximum context length|context (?:window|length)|too many tokens/i.test(message)
  )
    return new ModelError('context_overflow', text, { cause: error });
  if (code === 'insufficient_quota') return new ModelError('access', text, { cause: error });
  if (status === 429) return new ModelError('throttled', text, { cause: error, retryAfterMs });
  if (status === 401 || status === 403) return new ModelError('access', text, { cause: error });
  // OpenAI retires models; elsewhere a name that the server does not know is more often mistyped, or not pulled.
  if (status === 404 || code === 'model_not_found')
    return new ModelError(isOpenAi(config) ? 'eol' : 'access', text, { cause: error });
  if (status === null || status === 408 || status === 409 || status >= 500)
    return new ModelError('unavailable', text, {
      cause: error,
      retryAfterMs,
      isUnanswered: status === null && (isConnectionLost(error) || isTornAnswer(error)),
    });
  return new ModelError('invalid', text, { cause: error });
}

/** An answer came and is no JSON to its end. */
function isTornAnswer(error: unknown): boolean {
  return (error as Error | null)?.name === 'SyntaxError';
}

/** Origin and path that were called; credentials and query stay out. */
function calledUrl({ base_url }: ModelConfig): string {
  const { origin, pathname } = new URL(base_url ?? OPENAI_URL);
  return `${origin}${pathname.replace(/\/$/, '')}/chat/completions`;
}

/** What mends a refusal; the rest is the provider's words. */
function adviceOf(status: number | null, code: string | null, message: string, config: ModelConfig): string {
  if (status === 404 || code === 'model_not_found')
    return `; mend endpoint ("${config.endpoint}") or base_url of ${config.model_id} in config/models`;
  if (status === 401 || status === 403)
    return config.api_key_env === undefined
      ? `; set api_key_env of ${config.model_id} in config/models to the variable that holds the key`
      : `; expected a key that may call it in the environment variable ${config.api_key_env}`;
  if (status === 400 && /\btemperature\b/.test(message) && config.supports.temperature)
    return `; set supports.temperature of ${config.model_id} in config/models to false`;
  return '';
}

function describe(error: unknown): {
  status: number | null;
  code: string | null;
  message: string;
  headers: Headers | null;
} {
  if (typeof error !== 'object' || error === null)
    return { status: null, code: null, message: String(error), headers: null };
  const { status, code, message, headers } = error as {
    status?: unknown;
    code?: unknown;
    message?: unknown;
    headers?: unknown;
  };
  return {
    status: typeof status === 'number' ? status : null,
    code: typeof code === 'string' ? code : null,
    // The SDK begins its messages with the status.
    message: typeof message === 'string' ? message.replace(/^\d{3} /, '').slice(0, 300) : 'no message',
    headers: headers instanceof Headers ? headers : null,
  };
}

/** Retry-After in seconds or as a date, or OpenAI's own retry-after-ms; milliseconds from now, bounded by the caller's deadline. */
function retryAfter(headers: Headers | null): number | null {
  const exact = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(exact)) return Math.max(0, exact);
  const value = headers?.get('retry-after') ?? null;
  if (value === null) return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}
