import { ModelError } from '../../core/model-error.ts';
import type { ChatModel, ChatModels, ChatRequest, ChatResult, Clock, Telemetry } from '../../core/ports.ts';
import type { Random } from '../../core/identity/random.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';
import { AdaptiveLimiter, type LimiterPolicy } from './adaptive-limiter.ts';

/** Bounds of the one retry layer. Everything below it (SDKs, HTTP) tries once. */
export interface RetryPolicy {
  /** Tries of one call, the first included. */
  maxAttempts: number;
  baseDelayMs: number;
  maxDelayMs: number;
  /** One try is given up after this. */
  callTimeoutMs: number;
  /** No further try is begun after this. */
  totalDeadlineMs: number;
  /** Calls in a row that end unavailable before the breaker opens, and for how long it stays open. */
  breakerFailures: number;
  breakerOpenMs: number;
  limiter: LimiterPolicy;
}

/** For providers behind a network: full jitter after the AWS Architecture Blog, "Exponential Backoff And Jitter" (2015). */
export const NETWORK_POLICY: RetryPolicy = {
  maxAttempts: 8,
  baseDelayMs: 1_000,
  maxDelayMs: 30_000,
  callTimeoutMs: 180_000,
  totalDeadlineMs: 600_000,
  breakerFailures: 12,
  breakerOpenMs: 30_000,
  limiter: { start: 8, max: 100, cut: 0.5, cooldownMs: 5_000 },
};

/** For simulated models: the same behaviour in milliseconds. */
export const SIMULATED_POLICY: RetryPolicy = {
  ...NETWORK_POLICY,
  baseDelayMs: 1,
  maxDelayMs: 20,
  limiter: { start: 1000, max: 1000, cut: 0.8, cooldownMs: 50 },
};

/**
 * The one retry-and-rate-limit layer, above all model adapters: a limiter and a breaker a model, bounded full-jitter
 * retries under a total deadline, Retry-After obeyed, a deadline for each try. No hedging: a second call is a second bill.
 */
export function createResilientModels(
  inner: ChatModels,
  ports: { clock: Clock; random: Random; telemetry: Telemetry },
  policyOf: (config: ModelConfig) => RetryPolicy = defaultPolicy,
): ChatModels {
  const opened = new Map<string, ChatModel>();
  return {
    open(config) {
      const known = opened.get(config.model_id);
      if (known !== undefined) return known;
      const model = resilient(inner.open(config), policyOf(config), ports);
      opened.set(config.model_id, model);
      return model;
    },
  };
}

export function defaultPolicy(config: ModelConfig): RetryPolicy {
  return config.provider === 'simulated' ? SIMULATED_POLICY : NETWORK_POLICY;
}

function resilient(
  model: ChatModel,
  policy: RetryPolicy,
  ports: { clock: Clock; random: Random; telemetry: Telemetry },
): ChatModel {
  const { clock, random, telemetry } = ports;
  const limiter = new AdaptiveLimiter(policy.limiter, clock);
  let denied: ModelError | null = null;
  let failuresInRow = 0;
  let openUntilMs = Number.NEGATIVE_INFINITY;

  const refuseIfOpen = () => {
    if (denied !== null) throw denied;
    if (clock.monotonicMs() < openUntilMs)
      throw new ModelError(
        'unavailable',
        `${model.config.model_id}: its provider failed ${policy.breakerFailures} calls in a row; waiting before the next one`,
      );
  };
  const learn = (error: ModelError) => {
    if (error.skipReason !== null) denied = error;
    if (error.kind !== 'unavailable') return;
    failuresInRow += 1;
    if (failuresInRow >= policy.breakerFailures) {
      openUntilMs = clock.monotonicMs() + policy.breakerOpenMs;
      failuresInRow = 0;
      telemetry.log(
        'warn',
        `${model.config.model_id}: ${policy.breakerFailures} calls in a row failed; pausing ${policy.breakerOpenMs / 1000} s`,
      );
    }
  };

  const tryOnce = async (
    request: ChatRequest,
    signal: AbortSignal | undefined,
    isFirst: boolean,
  ): Promise<ChatResult> => {
    await limiter.acquire(signal);
    let outcome: 'clean' | 'throttled' | 'other' = 'other';
    try {
      const result = await withDeadline(model, request, policy.callTimeoutMs, signal);
      outcome = isFirst ? 'clean' : 'other';
      failuresInRow = 0;
      return result;
    } catch (error) {
      if (error instanceof ModelError && error.kind === 'throttled') outcome = 'throttled';
      throw error;
    } finally {
      limiter.release(outcome);
    }
  };

  return {
    config: model.config,
    probe: (signal) => model.probe(signal),
    async chat(request, signal) {
      const startMs = clock.monotonicMs();
      for (let attempt = 1; ; attempt += 1) {
        refuseIfOpen();
        try {
          const result = await tryOnce(request, signal, attempt === 1);
          return attempt === 1 ? result : { ...result, attempts: attempt };
        } catch (error) {
          if (!(error instanceof ModelError)) throw error;
          learn(error);
          const delayMs =
            error.retryAfterMs ??
            random() * Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
          const isOver =
            !error.isRetryable ||
            attempt >= policy.maxAttempts ||
            clock.monotonicMs() - startMs + delayMs > policy.totalDeadlineMs;
          if (isOver)
            throw new ModelError(error.kind, error.message, {
              cause: error.cause,
              retryAfterMs: error.retryAfterMs,
              attempts: attempt,
            });
          telemetry.waiting({ model: model.config.model_id, wait_ms: delayMs, reason: error.kind });
          await clock.sleep(delayMs, signal);
        }
      }
    },
  };
}

/** One try under its own deadline; a hung socket becomes `unavailable`, the caller's abort stays an abort. */
async function withDeadline(
  model: ChatModel,
  request: ChatRequest,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<ChatResult> {
  // Simulated models answer at once; a timer for each of their calls would cost more than the call.
  if (model.config.provider === 'simulated') return model.chat(request, signal);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  try {
    return await model.chat(
      request,
      signal === undefined ? deadline.signal : AbortSignal.any([signal, deadline.signal]),
    );
  } catch (error) {
    if (deadline.signal.aborted && signal?.aborted !== true)
      throw new ModelError(
        'unavailable',
        `${model.config.model_id}: no answer within ${timeoutMs / 1000} s`,
        { cause: error },
      );
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
