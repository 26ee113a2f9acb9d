import { ModelError } from '../../core/model-error.ts';
import type { ChatModel, ChatModels, ChatRequest, ChatResult, Clock, Telemetry } from '../../core/ports.ts';
import type { Random } from '../../core/identity/random.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';
import { AdaptiveLimiter, type CallOutcome, type LimiterPolicy } from './adaptive-limiter.ts';

/** Bounds of the one retry layer. Everything below it (SDKs, HTTP) tries once. */
export interface RetryPolicy {
  /**
   * Tries of one call that may end unavailable, the last included. Throttled tries are bounded by the total deadline alone:
   * a quota comes back, and giving up early would only ask again from the start.
   */
  maxAttempts: number;
  /**
   * Tries of one call that may find nobody to connect to. Fewer than the busy ones: a server that is not there, or a name
   * that is wrong, does not come back with patience. A given-up call lets the others fail at once for `breakerOpenMs`.
   */
  maxUnreachable: number;
  /** A probe that is not answered in this time found a busy model, which is a usable one. */
  probeTimeoutMs: number;
  baseDelayMs: number;
  maxDelayMs: number;
  /** One try is given up after this. */
  callTimeoutMs: number;
  /** No further try is begun after this. */
  totalDeadlineMs: number;
  /** Calls in a row that end unavailable before the breaker opens, and for how long calls then wait. */
  breakerFailures: number;
  breakerOpenMs: number;
  limiter: LimiterPolicy;
}

/** For providers behind a network: full jitter after the AWS Architecture Blog, "Exponential Backoff And Jitter" (2015). */
export const NETWORK_POLICY: RetryPolicy = {
  maxAttempts: 8,
  maxUnreachable: 4,
  probeTimeoutMs: 30_000,
  baseDelayMs: 1_000,
  maxDelayMs: 30_000,
  callTimeoutMs: 180_000,
  totalDeadlineMs: 600_000,
  breakerFailures: 12,
  breakerOpenMs: 30_000,
  limiter: { start: 8, max: 100, cut: 0.5, cooldownMs: 5_000, memoryMs: 10_000 },
};

/** For simulated models: the same behaviour in milliseconds. */
export const SIMULATED_POLICY: RetryPolicy = {
  ...NETWORK_POLICY,
  baseDelayMs: 1,
  maxDelayMs: 20,
  limiter: { start: 1000, max: 1000, cut: 0.8, cooldownMs: 50, memoryMs: 300 },
};

/**
 * The one retry-and-rate-limit layer, above all model adapters: a limiter and a breaker a model, bounded full-jitter
 * retries under a total deadline, Retry-After obeyed, a deadline for each try; who pays is asked before a try that follows an
 * unanswered one. A model that is denied or retired is called
 * once and never again. No hedging: a second call is a second bill.
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
  const { model_id } = model.config;
  const limiter = new AdaptiveLimiter(policy.limiter, clock);
  let denied: ModelError | null = null;
  let failuresInRow = 0;
  let openUntilMs = Number.NEGATIVE_INFINITY;
  /** The failure to connect that was given up on last, and until when it stands for all calls. */
  let gone: { error: ModelError; untilMs: number } | null = null;

  const learn = (error: ModelError) => {
    if (error.skipReason !== null) denied = error;
    if (error.kind !== 'unavailable') return;
    failuresInRow += 1;
    if (failuresInRow < policy.breakerFailures) return;
    openUntilMs = clock.monotonicMs() + policy.breakerOpenMs;
    failuresInRow = 0;
    telemetry.log(
      'warn',
      `${model_id}: ${policy.breakerFailures} calls in a row failed; pausing ${policy.breakerOpenMs / 1000} s`,
    );
  };

  /** One try, or null when, by the time it had a place, the breaker was open or the model denied. */
  const tryOnce = async (
    request: ChatRequest,
    signal: AbortSignal | undefined,
    isFirst: boolean,
  ): Promise<ChatResult | null> => {
    await limiter.acquire(signal);
    const startMs = clock.monotonicMs();
    let outcome: CallOutcome = 'other';
    try {
      if (denied !== null || clock.monotonicMs() < openUntilMs) return null;
      const result = await withDeadline(model, policy.callTimeoutMs, signal, (limit) =>
        model.chat(request, limit),
      );
      outcome = isFirst ? 'clean' : 'served';
      failuresInRow = 0;
      return result;
    } catch (error) {
      if (error instanceof ModelError && error.kind === 'throttled') outcome = 'throttled';
      throw error;
    } finally {
      limiter.release(outcome, clock.monotonicMs() - startMs);
    }
  };

  const jitter = (attempt: number) =>
    random() * Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  const wait = async (wait_ms: number, reason: ModelError['kind'], signal: AbortSignal | undefined) => {
    telemetry.waiting({ model: model_id, wait_ms, reason });
    await clock.sleep(wait_ms, signal);
  };

  const chat = async (request: ChatRequest, signal: AbortSignal | undefined): Promise<ChatResult> => {
    const deadlineMs = clock.monotonicMs() + policy.totalDeadlineMs;
    let attempts = 0;
    let failures = 0;
    let unreachable = 0;
    for (;;) {
      if (denied !== null) throw denied;
      if (gone !== null && clock.monotonicMs() < gone.untilMs) throw gone.error;
      const closedMs = openUntilMs - clock.monotonicMs();
      if (closedMs > 0) {
        if (clock.monotonicMs() + closedMs > deadlineMs)
          throw new ModelError('unavailable', `${model_id}: its provider keeps failing`, { attempts });
        // Not all at the same moment.
        await wait(closedMs + jitter(1), 'unavailable', signal);
        continue;
      }
      try {
        const result = await tryOnce(request, signal, attempts === 0);
        if (result === null) continue;
        return attempts === 0 ? result : { ...result, attempts: attempts + 1 };
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
        attempts += 1;
        learn(error);
        if (error.kind === 'unavailable') failures += 1;
        if (error.kind === 'unreachable') unreachable += 1;
        // The provider's word is the least to wait; jitter beside it spreads those that got the same word.
        const delayMs = (error.retryAfterMs ?? 0) + jitter(attempts);
        if (
          !error.isRetryable ||
          failures >= policy.maxAttempts ||
          unreachable >= policy.maxUnreachable ||
          clock.monotonicMs() + delayMs > deadlineMs
        ) {
          const last = new ModelError(error.kind, error.message, {
            cause: error.cause,
            retryAfterMs: error.retryAfterMs,
            attempts,
            isUnanswered: error.isUnanswered,
          });
          if (error.kind === 'unreachable')
            gone = { error: last, untilMs: clock.monotonicMs() + policy.breakerOpenMs };
          throw last;
        }
        if (error.isUnanswered && (await request.onUnanswered?.()) === false) throw error;
        await wait(delayMs, error.kind, signal);
      }
    }
  };

  const probe: ChatModel['probe'] = async (signal) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await withDeadline(model, policy.probeTimeoutMs, signal, (limit) => model.probe(limit));
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
        if (error.kind === 'unavailable') return { usable: true, usage: null };
        if (error.kind !== 'unreachable') throw error;
        if (attempt >= policy.maxUnreachable)
          return { usable: false, reason: 'access', detail: error.message };
        await wait(jitter(attempt), error.kind, signal);
      }
    }
  };

  return {
    config: model.config,
    probe,
    async chat(request, signal) {
      try {
        return await chat(request, signal);
      } catch (error) {
        if (error instanceof ModelError || signal?.aborted !== true) throw error;
        throw new ModelError('aborted', `${model_id}: called off while waiting`, { cause: error });
      }
    },
  };
}

/** One try under its own deadline; a hung socket becomes `unavailable`, the caller's abort stays an abort. */
async function withDeadline<T>(
  model: ChatModel,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  ask: (limit: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  // Simulated models answer at once; a timer for each of their calls would cost more than the call.
  if (model.config.provider === 'simulated') return ask(signal);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  try {
    return await ask(signal === undefined ? deadline.signal : AbortSignal.any([signal, deadline.signal]));
  } catch (error) {
    if (deadline.signal.aborted && signal?.aborted !== true)
      throw new ModelError(
        'unavailable',
        `${model.config.model_id}: no answer within ${timeoutMs / 1000} s`,
        { cause: error, isUnanswered: true },
      );
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
