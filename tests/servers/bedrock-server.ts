import { sendJson, startScriptedServer, type ScriptedServer } from './scripted-server.ts';

/** One answer of Converse, or an error of Bedrock's. */
export type BedrockReply =
  | {
      text?: string;
      /** Input of a tool call; its name is the one the request forces. */
      tool?: unknown;
      /** Content blocks in full, instead of text or tool. */
      content?: readonly unknown[];
      stop_reason?: string;
      usage?: {
        inputTokens: number;
        outputTokens: number;
        cacheReadInputTokens?: number;
        cacheWriteInputTokens?: number;
      };
      latency_ms?: number;
      delay_ms?: number;
    }
  /** A body as it is, with status 200. */
  | { raw: string }
  | { error: string; status: number; message: string };

/** Errors as Bedrock words them (facts gathered from its documentation and from SDK issue threads). */
export const BEDROCK_ERRORS = {
  throttled: {
    error: 'ThrottlingException',
    status: 429,
    message: 'Too many requests, please wait before trying again.',
  },
  quota: { error: 'ServiceQuotaExceededException', status: 400, message: 'Too many tokens per day.' },
  unavailable: {
    error: 'ServiceUnavailableException',
    status: 503,
    message: 'Bedrock is unable to process your request.',
  },
  internal: {
    error: 'InternalServerException',
    status: 500,
    message: 'The system encountered an unexpected error.',
  },
  notReady: {
    error: 'ModelNotReadyException',
    status: 429,
    message: 'The model is not ready for inference.',
  },
  modelTimeout: {
    error: 'ModelTimeoutException',
    status: 408,
    message: 'Model has timed out in processing the request.',
  },
  modelError: { error: 'ModelErrorException', status: 424, message: 'The model returned an error.' },
  denied: {
    error: 'AccessDeniedException',
    status: 403,
    message: "You don't have access to the model with the specified model ID.",
  },
  badKey: {
    error: 'UnrecognizedClientException',
    status: 403,
    message: 'The security token included in the request is invalid.',
  },
  expired: {
    error: 'ExpiredTokenException',
    status: 403,
    message: 'The security token included in the request is expired',
  },
  useCaseForm: {
    error: 'ResourceNotFoundException',
    status: 404,
    message:
      'Model use case details have not been submitted for this account. Fill out the Anthropic use case details form.',
  },
  endOfLife: {
    error: 'ResourceNotFoundException',
    status: 404,
    message:
      'This model version has reached the end of its life. Please refer to the AWS documentation for more details.',
  },
  retired: {
    error: 'ValidationException',
    status: 400,
    message: 'The provided model identifier is invalid.',
  },
  needsProfile: {
    error: 'ValidationException',
    status: 400,
    message:
      'Invocation of model ID x with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.',
  },
  inputTooLong: {
    error: 'ValidationException',
    status: 400,
    message: 'Input is too long for requested model.',
  },
  promptTooLong: {
    error: 'ValidationException',
    status: 400,
    message: 'prompt is too long: 215017 tokens > 200000 maximum',
  },
  novaTooLong: {
    error: 'ValidationException',
    status: 400,
    message:
      'Input Tokens Exceeded: Number of input tokens exceeds maximum length. Please update the input to try again.',
  },
  llamaTooLong: {
    error: 'ValidationException',
    status: 400,
    message: "This model's maximum context length is 128000 tokens. Please reduce the length of the prompt",
  },
  outputLimit: {
    error: 'ValidationException',
    status: 400,
    message:
      'The maximum tokens you requested exceeds the model limit of 8192. Try again with a maximum tokens value that is lower than 8192.',
  },
  temperature: {
    error: 'ValidationException',
    status: 400,
    message: '`temperature` is deprecated for this model.',
  },
  malformed: {
    error: 'ValidationException',
    status: 400,
    message: 'Malformed input request: #/messages: too few items',
  },
  notFound: { error: 'UnknownOperationException', status: 404, message: 'No such operation' },
} as const satisfies Record<string, BedrockReply>;

/** Amazon Bedrock's `POST /model/{id}/converse`. A model without a script is retired. */
export function startBedrockServer(): Promise<ScriptedServer<BedrockReply>> {
  return startScriptedServer<BedrockReply>({
    modelOf: (path) => /^\/model\/(.+)\/converse$/.exec(path)?.[1] ?? path,
    unknown: BEDROCK_ERRORS.retired,
    speak(reply, response) {
      if ('raw' in reply) {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(reply.raw);
        return;
      }
      if ('error' in reply) {
        sendJson(
          response,
          reply.status,
          { message: reply.message },
          { 'x-amzn-errortype': `${reply.error}:http://internal/` },
        );
        return;
      }
      const content =
        reply.content ??
        (reply.tool === undefined
          ? [{ text: reply.text ?? '' }]
          : [{ toolUse: { toolUseId: 'tool-1', name: 'verdict', input: reply.tool } }]);
      const usage = reply.usage ?? { inputTokens: 10, outputTokens: 5 };
      const answer = () =>
        sendJson(response, 200, {
          output: { message: { role: 'assistant', content } },
          stopReason: reply.stop_reason ?? (reply.tool === undefined ? 'end_turn' : 'tool_use'),
          usage: { ...usage, totalTokens: usage.inputTokens + usage.outputTokens },
          metrics: { latencyMs: reply.latency_ms ?? 7 },
        });
      if (reply.delay_ms === undefined) answer();
      else setTimeout(answer, reply.delay_ms).unref();
    },
  });
}
