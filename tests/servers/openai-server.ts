import { sendJson, startScriptedServer, type ScriptedServer } from './scripted-server.ts';

/** One chat completion, or an error of the protocol. */
export type OpenAiReply =
  | {
      text?: string | readonly object[] | null;
      refusal?: string;
      finish_reason?: string;
      usage?: {
        prompt_tokens: number | null;
        completion_tokens: number | null;
        prompt_tokens_details?: { cached_tokens: number };
      };
      /** No choice at all. */
      choices?: readonly unknown[];
      delay_ms?: number;
    }
  | {
      /** A body as it is, with status 200. */
      raw: string;
      type?: string;
    }
  | {
      status: number;
      code?: string;
      message: string;
      headers?: Readonly<Record<string, string>>;
    };

/** Errors as OpenAI and the servers that speak its protocol word them. */
export const OPENAI_ERRORS = {
  throttled: { status: 429, code: 'rate_limit_exceeded', message: 'Rate limit reached for requests' },
  quota: {
    status: 429,
    code: 'insufficient_quota',
    message: 'You exceeded your current quota, please check your plan.',
  },
  badKey: { status: 401, code: 'invalid_api_key', message: 'Incorrect API key provided.' },
  denied: { status: 403, code: 'unsupported_country_region_territory', message: 'Country not supported' },
  noModel: {
    status: 404,
    code: 'model_not_found',
    message: 'The model `x` does not exist or you do not have access to it.',
  },
  notPulled: { status: 404, message: "model 'x' not found, try pulling it first" },
  unavailable: { status: 503, message: 'The engine is currently overloaded, please try again later' },
  internal: { status: 500, message: 'The server had an error while processing your request' },
  gateway: { status: 502, message: 'Bad gateway' },
  timeout: { status: 408, message: 'Request timeout' },
  conflict: { status: 409, message: 'Conflict' },
  overflow: {
    status: 400,
    code: 'context_length_exceeded',
    message:
      "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.",
  },
  localOverflow: {
    status: 400,
    message: 'the request exceeds the available context size: context length 4096',
  },
  temperature: {
    status: 400,
    code: 'unsupported_value',
    message: "Unsupported value: 'temperature' does not support 0.2",
  },
  limitName: {
    status: 400,
    code: 'unsupported_parameter',
    message: "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead.",
  },
  jsonMode: { status: 400, message: "'response_format.type' must be 'json_schema' or 'text'" },
  malformed: { status: 422, message: 'messages: field required' },
} as const satisfies Record<string, OpenAiReply>;

/** OpenAI's `POST /v1/chat/completions`. A model without a script does not exist. */
export function startOpenAiServer(): Promise<ScriptedServer<OpenAiReply>> {
  return startScriptedServer<OpenAiReply>({
    modelOf: (path, body) => (path === '/v1/chat/completions' ? String(body['model']) : path),
    unknown: OPENAI_ERRORS.noModel,
    speak(reply, response) {
      if ('raw' in reply) {
        response.writeHead(200, { 'content-type': reply.type ?? 'application/json' });
        response.end(reply.raw);
        return;
      }
      if ('status' in reply) {
        const headers = 'headers' in reply ? reply.headers : {};
        sendJson(
          response,
          reply.status,
          { error: { message: reply.message, code: reply.code ?? null } },
          headers,
        );
        return;
      }
      const answer = () =>
        sendJson(response, 200, {
          id: 'chatcmpl-1',
          object: 'chat.completion',
          created: 0,
          model: 'm',
          choices: reply.choices ?? [
            {
              index: 0,
              message: { role: 'assistant', content: reply.text ?? null, refusal: reply.refusal ?? null },
              finish_reason: reply.finish_reason ?? 'stop',
            },
          ],
          usage: {
            total_tokens: 0,
            ...(reply.usage ?? { prompt_tokens: 10, completion_tokens: 5 }),
          },
        });
      if (reply.delay_ms === undefined) answer();
      else setTimeout(answer, reply.delay_ms).unref();
    },
  });
}
