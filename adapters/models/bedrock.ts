import type {
  BedrockRuntimeClient,
  ContentBlock,
  ConverseCommandInput,
  ConverseCommandOutput,
  Message,
  SystemContentBlock,
} from '@aws-sdk/client-bedrock-runtime';
import { ModelError } from '../../core/model-error.ts';
import type { ChatModels, ChatRequest, ChatResult } from '../../core/ports.ts';
import type { StopReason, Usage } from '../../schemas/common.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';
import { ENV } from '../../schemas/names.ts';
import { kindOf } from './bedrock-error-kind.ts';
import { PROBE_TEXT, probeTemperature } from './probe-question.ts';
import { replyText, wellFormed } from './reply-text.ts';
import { tokenCount } from './token-count.ts';
import { isConnectionLost, unreachableReason } from './unreachable.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Models of Amazon Bedrock through Converse (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html).
 * The SDK loads with the first call, speaks HTTP/1.1 (its default, HTTP/2, does not survive proxies) and tries once.
 * SOCRATIC_BEDROCK_ENDPOINT names another endpoint: a VPC endpoint, or a test server.
 */
export function createBedrockModels(environment: Environment): ChatModels {
  let client: Promise<BedrockRuntimeClient> | null = null;
  const connect = () => (client ??= createClient(environment));
  const converse = async (input: ConverseCommandInput, signal: AbortSignal | undefined) => {
    const { ConverseCommand } = await import('@aws-sdk/client-bedrock-runtime');
    const output = await (
      await connect()
    ).send(new ConverseCommand(input), signal === undefined ? {} : { abortSignal: signal });
    // A document that holds nothing of a Converse output is no empty reply of the model.
    if (output.output === undefined && output.stopReason === undefined)
      throw new UnreadableAnswer('no output and no stop reason in it');
    return output;
  };
  return {
    open: (config) => ({
      config,
      async chat(request, signal) {
        const startMs = performance.now();
        try {
          return fromConverse(
            await converse(toConverse(request, config), signal),
            request,
            performance.now() - startMs,
          );
        } catch (error) {
          throw toModelError(error, config, signal, urlOf(environment));
        }
      },
      async probe(signal) {
        const temperature = probeTemperature(config);
        try {
          const output = await converse(
            {
              modelId: config.endpoint,
              messages: [{ role: 'user', content: [{ text: PROBE_TEXT }] }],
              inferenceConfig: { maxTokens: 1, ...(temperature === null ? {} : { temperature }) },
            },
            signal,
          );
          return { usable: true, usage: usageOf(output) };
        } catch (error) {
          const failure = toModelError(error, config, signal, urlOf(environment));
          if (failure.kind === 'aborted' || failure.kind === 'unreachable') throw failure;
          // A busy provider is a usable one: the week's retries will meet it. Who answers with something else is none.
          if (failure.isRetryable && !isUnreadable(error)) return { usable: true, usage: null };
          return { usable: false, reason: failure.skipReason ?? 'access', detail: failure.message };
        }
      },
    }),
  };
}

function regionOf(environment: Environment): string {
  return environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'] ?? 'us-east-1';
}

/** Where calls go, for people. */
function urlOf(environment: Environment): string {
  const endpoint = environment[ENV.bedrockEndpoint];
  return endpoint === undefined || endpoint === '' ? `Amazon Bedrock in ${regionOf(environment)}` : endpoint;
}

/** More than all limiters together ask for (100 a model): they decide how many calls are open, not the handler's default of 50. */
const MAX_SOCKETS = 2_500;

async function createClient(environment: Environment): Promise<BedrockRuntimeClient> {
  const [{ BedrockRuntimeClient: Client }, { NodeHttpHandler }] = await Promise.all([
    import('@aws-sdk/client-bedrock-runtime'),
    import('@smithy/node-http-handler'),
  ]);
  const endpoint = environment[ENV.bedrockEndpoint];
  return new Client({
    region: regionOf(environment),
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 10_000,
      httpAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
    }),
    ...(endpoint === undefined || endpoint === '' ? {} : { endpoint }),
  });
}

/**
 * The request as Converse wants it; pure. Where the model caches by cache point, one point stands behind the system prompt
 * and, in a dialogue, one behind the newest message: the point moves every turn, because a lookup goes back about twenty
 * blocks only. A judge's question differs in every call, so there the system prompt alone is cached.
 */
export function toConverse(request: ChatRequest, config: ModelConfig): ConverseCommandInput {
  const hasCachePoints = config.supports.cache === 'cache_point';
  const isDialogue = request.output.kind === 'text';
  const messages: Message[] = request.messages.map((message, index) => {
    const isLast = index === request.messages.length - 1;
    const lead = index === 0 && !config.supports.system ? `${request.system}\n\n` : '';
    // Converse refuses empty text; an empty reply stays visible as what it was.
    const text = `${lead}${message.text}`.trim() === '' ? '(no reply)' : `${lead}${message.text}`;
    const content: ContentBlock[] = [{ text }];
    if (hasCachePoints && isDialogue && isLast) content.push({ cachePoint: { type: 'default' } });
    return { role: message.role, content };
  });
  const system: SystemContentBlock[] = [
    { text: request.system },
    ...(hasCachePoints ? [{ cachePoint: { type: 'default' as const } }] : []),
  ];
  return {
    modelId: config.endpoint,
    messages,
    ...(config.supports.system ? { system } : {}),
    inferenceConfig: {
      maxTokens: request.max_output_tokens,
      ...(request.temperature === null ? {} : { temperature: request.temperature }),
    },
    ...(request.output.kind === 'json' && config.supports.forced_tool
      ? {
          toolConfig: {
            tools: [
              {
                toolSpec: {
                  name: request.output.name,
                  inputSchema: { json: request.output.schema as never },
                },
              },
            ],
            toolChoice: { tool: { name: request.output.name } },
          },
        }
      : {}),
    requestMetadata: metadata(request),
  };
}

/** Key-values that stand in Bedrock's invocation log, to reconcile a bill with runs. */
function metadata({ call }: ChatRequest): Record<string, string> {
  return {
    execution_id: call.execution_id,
    run_id: call.run_id,
    turn: String(call.turn_index),
    component: call.component,
  };
}

/** The reply out of Converse's output; pure. Hidden reasoning is billed and never part of the text. */
export function fromConverse(
  output: ConverseCommandOutput,
  request: ChatRequest,
  latency_ms: number,
): ChatResult {
  const blocks = output.output?.message?.content ?? [];
  const tool =
    request.output.kind === 'json'
      ? blocks.find((block) => block.toolUse?.name === (request.output as { name: string }).name)
      : undefined;
  const text =
    tool?.toolUse === undefined
      ? (request.output.kind === 'text' ? replyText : wellFormed)(
          blocks.map((block) => block.text ?? '').join(''),
        )
      : JSON.stringify(tool.toolUse.input);
  return {
    text,
    stop_reason: stopReason(output.stopReason),
    usage: usageOf(output),
    latency_ms: output.metrics?.latencyMs ?? latency_ms,
    attempts: 1,
  };
}

function stopReason(reason: string | undefined): StopReason {
  switch (reason) {
    case 'max_tokens':
      return 'length';
    case 'content_filtered':
    case 'guardrail_intervened':
      return 'filtered';
    // Claude's own; the SDK's list does not hold it yet.
    case 'refusal':
      return 'refusal';
    case 'model_context_window_exceeded':
      return 'context_overflow';
    default:
      return 'end';
  }
}

/** Converse's inputTokens excludes cached tokens, as ours does. */
function usageOf(output: ConverseCommandOutput): Usage {
  return {
    input_tokens: tokenCount(output.usage?.inputTokens),
    output_tokens: tokenCount(output.usage?.outputTokens),
    cache_read_tokens: tokenCount(output.usage?.cacheReadInputTokens),
    cache_write_tokens: tokenCount(output.usage?.cacheWriteInputTokens),
  };
}

/** The kind of failure, read off Bedrock's error name and message. */
export function toModelError(
  error: unknown,
  config: ModelConfig,
  signal: AbortSignal | undefined,
  url = 'Amazon Bedrock',
): ModelError {
  if (error instanceof ModelError) return error;
  if (signal?.aborted === true)
    return new ModelError('aborted', `${config.model_id}: call aborted`, { cause: error });
  const inTheWay = statusOf(error) === null ? unreachableReason(error) : null;
  if (inTheWay !== null)
    return new ModelError(
      'unreachable',
      `${config.model_id}: cannot reach ${url}: ${inTheWay}; look at the network, AWS_REGION and ${ENV.bedrockEndpoint}`,
      { cause: error },
    );
  if (isUnreadable(error))
    return new ModelError(
      'unavailable',
      `${config.model_id}: ${url} answered with something else than a Converse output (${(error as Error).message.split('\n')[0]}); look at ${ENV.bedrockEndpoint} and at what stands between`,
      // What something in between says costs nothing; an answer that broke off was made.
      {
        cause: error,
        isUnanswered:
          !(error instanceof UnreadableAnswer) && !/Unexpected token '?</.test((error as Error).message),
      },
    );
  const name = error instanceof Error ? error.name : 'UnknownError';
  const message = error instanceof Error ? error.message.slice(0, 300) : String(error);
  return new ModelError(kindOf(name, message, statusOf(error)), `${config.model_id}: ${name}: ${message}`, {
    cause: error,
    isUnanswered: statusOf(error) === null && isConnectionLost(error),
  });
}

/** An answer with status 200 that Converse does not give. */
class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
}

function isUnreadable(error: unknown): boolean {
  if (error instanceof UnreadableAnswer) return true;
  const status = statusOf(error);
  return status !== null && status < 300;
}

/** HTTP status of an answered call, null where none was answered. */
function statusOf(error: unknown): number | null {
  const { $metadata } = (error ?? {}) as { $metadata?: { httpStatusCode?: unknown } };
  return typeof $metadata?.httpStatusCode === 'number' ? $metadata.httpStatusCode : null;
}
