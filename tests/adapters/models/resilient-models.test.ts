import { describe, expect, it, test } from '@jest/globals';
import * as fc from 'fast-check';
import { openModels } from '../../../adapters/models/open-models.ts';
import {
  createResilientModels,
  defaultPolicy,
  NETWORK_POLICY,
  SIMULATED_POLICY,
  type RetryPolicy,
} from '../../../adapters/models/resilient-models.ts';
import { randomFrom } from '../../../core/identity/random.ts';
import { ModelError, type ModelErrorKind } from '../../../core/model-error.ts';
import type { ChatModel, ChatModels, ChatResult } from '../../../core/ports.ts';
import { bedrockConfig, configOf, modelOf, rememberTelemetry, requestOf, RESULT } from './fixtures.ts';
import { VirtualClock } from './virtual-clock.ts';

type Outcome = ModelErrorKind | 'ok' | { kind: ModelErrorKind; retryAfterMs: number };

/** The layer over a model that goes through outcomes in order, the last for ever, on a virtual clock. */
function over(outcomes: readonly Outcome[], change: Partial<RetryPolicy> = {}, latencyMs = 10) {
  const clock = new VirtualClock();
  const { telemetry, waits, lines } = rememberTelemetry();
  const startedAt: number[] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  const inner = modelOf(async (_, signal) => {
    const outcome = outcomes[Math.min(startedAt.length, outcomes.length - 1)]!;
    startedAt.push(clock.monotonicMs());
    inFlight += 1;
    mostInFlight = Math.max(mostInFlight, inFlight);
    try {
      await clock.sleep(latencyMs, signal);
    } finally {
      inFlight -= 1;
    }
    if (outcome === 'ok') return RESULT;
    if (typeof outcome === 'string') throw new ModelError(outcome, `it is ${outcome}`);
    throw new ModelError(outcome.kind, 'later', { retryAfterMs: outcome.retryAfterMs });
  });
  const policy = { ...NETWORK_POLICY, ...change };
  const random = randomFrom(JSON.stringify([outcomes, change]));
  const model = createResilientModels({ open: () => inner }, { clock, random, telemetry }, () => policy).open(
    inner.config,
  );
  return { clock, model, waits, lines, startedAt, policy, most: () => mostInFlight };
}
const chat = (model: ChatModel, signal?: AbortSignal) => model.chat(requestOf(), signal);
const outcomeOf = (call: Promise<ChatResult>): Promise<ChatResult | ModelError> =>
  call.catch((error: unknown) => error as ModelError);

describe('a probe', () => {
  const probing = (outcomes: readonly (ModelErrorKind | 'ok')[]) => {
    const clock = new VirtualClock();
    let tries = 0;
    const inner: ChatModel = {
      ...modelOf(() => Promise.resolve(RESULT)),
      probe: async () => {
        const outcome = outcomes[Math.min(tries, outcomes.length - 1)]!;
        tries += 1;
        if (outcome === 'ok') return { usable: true, usage: RESULT.usage };
        throw new ModelError(outcome, `it is ${outcome}`);
      },
    };
    const { telemetry } = rememberTelemetry();
    const model = createResilientModels(
      { open: () => inner },
      { clock, random: randomFrom('probe'), telemetry },
    ).open(inner.config);
    return { model, tries: () => tries };
  };

  it('of a provider that cannot be reached finds the model unusable, and says why', async () => {
    const { model, tries } = probing(['unreachable']);
    expect(await model.probe()).toEqual({ usable: false, reason: 'access', detail: 'it is unreachable' });
    expect(tries()).toBe(NETWORK_POLICY.maxUnreachable);
  });

  it('looks again before it says so', async () => {
    expect(await probing(['unreachable', 'ok']).model.probe()).toMatchObject({ usable: true });
  });

  it('takes a model that does not answer in time for usable', async () => {
    expect(await probing(['unavailable']).model.probe()).toEqual({ usable: true, usage: null });
  });
});

describe('retries', () => {
  it('passes an answer at the first try on as it is', async () => {
    const { model, startedAt, waits } = over(['ok']);
    expect(await chat(model)).toBe(RESULT);
    expect([startedAt.length, waits.length]).toEqual([1, 0]);
  });

  test.each<[Outcome[], number]>([
    [['throttled', 'ok'], 2],
    [['unavailable', 'unavailable', 'ok'], 3],
    [['throttled', 'unavailable', 'throttled', 'ok'], 4],
  ])('tries again after %j and counts the calls made', async (outcomes, attempts) => {
    const { model, startedAt } = over(outcomes);
    expect(await chat(model)).toEqual({ ...RESULT, attempts });
    expect(startedAt).toHaveLength(attempts);
  });

  test.each<ModelErrorKind>(['access', 'eol', 'context_overflow', 'invalid', 'aborted'])(
    'gives up at once on %s',
    async (kind) => {
      const { model, startedAt } = over([kind, 'ok']);
      await expect(chat(model)).rejects.toMatchObject({ name: 'ModelError', kind, attempts: 1 });
      expect(startedAt).toHaveLength(1);
    },
  );

  it('gives up after so many unavailable tries, and says how many', async () => {
    const { model, startedAt } = over(['unavailable'], { maxAttempts: 4 });
    await expect(chat(model)).rejects.toMatchObject({ kind: 'unavailable', attempts: 4 });
    expect(startedAt).toHaveLength(4);
  });

  it('gives up sooner where nobody can be connected to, and lets the other calls fail at once for a while', async () => {
    const { model, startedAt, clock, policy } = over(['unreachable']);
    await expect(chat(model)).rejects.toMatchObject({ kind: 'unreachable', attempts: policy.maxUnreachable });
    expect(startedAt).toHaveLength(policy.maxUnreachable);
    const others = await Promise.all(Array.from({ length: 5 }, () => outcomeOf(chat(model))));
    for (const other of others) expect(other).toMatchObject({ kind: 'unreachable' });
    expect(startedAt).toHaveLength(policy.maxUnreachable);
    await clock.sleep(policy.breakerOpenMs);
    await outcomeOf(chat(model));
    expect(startedAt).toHaveLength(2 * policy.maxUnreachable);
  });

  it('comes through a server that is away for a moment', async () => {
    const { model } = over(['unreachable', 'unreachable', 'ok']);
    expect(await chat(model)).toEqual({ ...RESULT, attempts: 3 });
  });

  it('goes on through throttling until the total deadline, and begins no try after it', async () => {
    const { model, startedAt, clock, policy } = over(['throttled'], { totalDeadlineMs: 200_000 });
    const failure = await outcomeOf(chat(model));
    expect(failure).toMatchObject({ kind: 'throttled', attempts: startedAt.length });
    expect(startedAt.length).toBeGreaterThan(policy.maxAttempts);
    expect(Math.max(...startedAt)).toBeLessThanOrEqual(200_000);
    expect(clock.monotonicMs()).toBeLessThanOrEqual(200_010);
  });

  it('waits a random time below a bound that doubles up to its maximum: full jitter', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.integer(), async (tries, salt) => {
        const { model, waits, policy } = over(
          [...Array.from({ length: tries }, () => 'throttled' as const), 'ok'],
          { totalDeadlineMs: 1e9, breakerOpenMs: salt },
        );
        await chat(model);
        expect(waits).toHaveLength(tries);
        for (const [index, { wait_ms }] of waits.entries()) {
          expect(wait_ms).toBeGreaterThanOrEqual(0);
          expect(wait_ms).toBeLessThanOrEqual(Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** index));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('spreads its waits over the whole range, so that callers do not come back together', async () => {
    const firsts: number[] = [];
    for (let i = 0; i < 60; i += 1) {
      const { model, waits } = over(['throttled', 'ok'], { breakerFailures: 100 + i });
      await chat(model);
      firsts.push(waits[0]!.wait_ms / NETWORK_POLICY.baseDelayMs);
    }
    expect(Math.min(...firsts)).toBeLessThan(0.2);
    expect(Math.max(...firsts)).toBeGreaterThan(0.8);
  });

  it('waits at least as long as the provider says, and does not hammer one that says 0', async () => {
    const asked = over([{ kind: 'throttled', retryAfterMs: 20_000 }, 'ok']);
    await chat(asked.model);
    expect(asked.startedAt[1]! - asked.startedAt[0]!).toBeGreaterThanOrEqual(20_000);
    expect(asked.waits[0]!.wait_ms).toBeLessThanOrEqual(20_000 + NETWORK_POLICY.baseDelayMs);

    const zero = over([{ kind: 'throttled', retryAfterMs: 0 }], { totalDeadlineMs: 120_000 });
    await outcomeOf(chat(zero.model));
    expect(zero.startedAt.length).toBeLessThan(60);
  });

  it('gives up at once when the provider says to come back after the deadline', async () => {
    const { model, startedAt, clock } = over([{ kind: 'unavailable', retryAfterMs: 3_600_000 }]);
    await expect(chat(model)).rejects.toMatchObject({ retryAfterMs: 3_600_000, attempts: 1 });
    expect(startedAt).toHaveLength(1);
    expect(clock.monotonicMs()).toBeLessThan(1000);
  });

  it("lets errors that are none of the provider's through as they are", async () => {
    const bug = new TypeError('a bug');
    const { telemetry } = rememberTelemetry();
    const ports = { clock: new VirtualClock(), random: () => 0.5, telemetry };
    const inner = modelOf(() => Promise.reject(bug));
    await expect(chat(createResilientModels({ open: () => inner }, ports).open(inner.config))).rejects.toBe(
      bug,
    );
  });
});

describe('a try that its deadline ends', () => {
  /** A model that hangs for so many tries, on the real clock of deadlines. */
  const hanging = (tries: number) => {
    let calls = 0;
    const inner = modelOf((_, signal) => {
      if ((calls += 1) > tries) return Promise.resolve(RESULT);
      return new Promise((_resolve, reject) =>
        signal!.addEventListener('abort', () => reject(new ModelError('aborted', 'aborted'))),
      );
    });
    const { telemetry } = rememberTelemetry();
    const ports = { clock: new VirtualClock(), random: () => 0.5, telemetry };
    const policy = { ...NETWORK_POLICY, callTimeoutMs: 5, maxAttempts: 3 };
    return {
      model: createResilientModels({ open: () => inner }, ports, () => policy).open(inner.config),
      calls: () => calls,
    };
  };

  it('asks who pays before each further one, and is told of by the error that ends the call', async () => {
    const { model } = hanging(99);
    let asked = 0;
    const onUnanswered = async () => (asked += 1) > 0;
    await expect(model.chat(requestOf({ onUnanswered }))).rejects.toMatchObject({
      kind: 'unavailable',
      isUnanswered: true,
      attempts: 3,
    });
    expect(asked).toBe(2);
  });

  it('is followed by none when who pays has nothing left', async () => {
    const { model, calls } = hanging(1);
    await expect(model.chat(requestOf({ onUnanswered: async () => false }))).rejects.toMatchObject({
      kind: 'unavailable',
    });
    expect(calls()).toBe(1);
  });

  it('is followed by another where nobody pays', async () => {
    expect(await chat(hanging(1).model)).toEqual({ ...RESULT, attempts: 2 });
  });

  it('is no busy or refusing provider: those ask nobody', async () => {
    const { model } = over(['throttled', 'unavailable', 'ok']);
    const onUnanswered = () => Promise.reject(new Error('asked'));
    expect(await model.chat(requestOf({ onUnanswered }))).toEqual({ ...RESULT, attempts: 3 });
  });
});

describe('being called off', () => {
  it('ends a wait between tries, as aborted', async () => {
    const { model, waits } = over([{ kind: 'throttled', retryAfterMs: 100_000 }]);
    const abort = new AbortController();
    const call = outcomeOf(chat(model, abort.signal));
    while (waits.length === 0) await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    expect(await call).toMatchObject({ name: 'ModelError', kind: 'aborted' });
  });

  it('ends waiting for a place, as aborted, and takes none', async () => {
    const { model, startedAt } = over(
      ['ok'],
      { limiter: { ...NETWORK_POLICY.limiter, start: 1, max: 1 } },
      50,
    );
    const abort = new AbortController();
    const first = chat(model);
    const second = outcomeOf(chat(model, abort.signal));
    const third = chat(model);
    abort.abort();
    expect(await second).toMatchObject({ name: 'ModelError', kind: 'aborted' });
    await Promise.all([first, third]);
    expect(startedAt).toHaveLength(2);
  });

  it('begins nothing when the signal has fired already', async () => {
    const { model, startedAt } = over(['ok']);
    await expect(chat(model, AbortSignal.abort())).rejects.toMatchObject({ kind: 'aborted' });
    expect(startedAt).toHaveLength(0);
  });
});

describe('the breaker', () => {
  test.each<ModelErrorKind>(['access', 'eol'])(
    'calls a model that answers %s once, and never again',
    async (kind) => {
      const { model, startedAt } = over([kind, 'ok']);
      for (let i = 0; i < 5; i += 1) await expect(chat(model)).rejects.toMatchObject({ kind });
      expect(startedAt).toHaveLength(1);
    },
  );

  it('lets callers who wait for a place learn that the model is denied, without a call of their own', async () => {
    const { model, startedAt } = over(['access'], {
      limiter: { ...NETWORK_POLICY.limiter, start: 1, max: 1 },
    });
    const results = await Promise.all(Array.from({ length: 10 }, () => outcomeOf(chat(model))));
    for (const result of results) expect(result).toMatchObject({ kind: 'access' });
    expect(startedAt).toHaveLength(1);
  });

  it('pauses all calls of a model that keeps failing, then goes on', async () => {
    const { model, startedAt, policy, lines } = over(
      [...Array.from({ length: 6 }, () => 'unavailable' as const), 'ok'],
      { breakerFailures: 6, breakerOpenMs: 30_000, maxAttempts: 20 },
    );
    const calls = Array.from({ length: 3 }, () => chat(model));
    for (const result of await Promise.all(calls)) expect(result.text).toBe('Why?');
    expect(lines).toEqual([expect.stringMatching(/6 calls in a row failed; pausing 30 s/)]);
    const opened = startedAt[5]!;
    expect(startedAt.filter((at) => at > opened + 10 && at < opened + policy.breakerOpenMs)).toEqual([]);
    expect(startedAt.length).toBeLessThan(12);
  });

  it('gives up where the pause would outlast the deadline', async () => {
    const { model, clock } = over(['unavailable'], {
      breakerFailures: 2,
      breakerOpenMs: 1e6,
      maxAttempts: 50,
    });
    await expect(chat(model)).rejects.toMatchObject({ kind: 'unavailable', isRetryable: true });
    expect(clock.monotonicMs()).toBeLessThan(NETWORK_POLICY.totalDeadlineMs);
  });

  it('is one a model: a neighbour is called as ever', async () => {
    const clock = new VirtualClock();
    const { telemetry } = rememberTelemetry();
    const calls: string[] = [];
    const inner: ChatModels = {
      open: (config) =>
        modelOf(() => {
          calls.push(config.model_id);
          return config.model_id === 'nova-pro'
            ? Promise.resolve(RESULT)
            : Promise.reject(new ModelError('access', 'denied'));
        }, config),
    };
    const models = createResilientModels(inner, { clock, random: () => 0.5, telemetry });
    const denied = models.open(configOf('claude-sonnet-4-6'));
    const usable = models.open(configOf('nova-pro'));
    await outcomeOf(chat(denied));
    await outcomeOf(chat(denied));
    await chat(usable);
    await chat(usable);
    expect(calls).toEqual(['claude-sonnet-4-6', 'nova-pro', 'nova-pro']);
  });
});

describe('one instance a model', () => {
  it('is shared by all who open it, and so are its limits', () => {
    const { telemetry } = rememberTelemetry();
    let opened = 0;
    const inner: ChatModels = {
      open: (config) => {
        opened += 1;
        return modelOf(() => Promise.resolve(RESULT), config);
      },
    };
    const models = createResilientModels(inner, { clock: new VirtualClock(), random: () => 0.5, telemetry });
    expect(models.open(bedrockConfig())).toBe(models.open(bedrockConfig()));
    expect(opened).toBe(1);
  });

  it('never has more calls in flight than the limit', async () => {
    const { model, most } = over(['ok'], { limiter: { ...NETWORK_POLICY.limiter, start: 3, max: 3 } });
    await Promise.all(Array.from({ length: 40 }, () => chat(model)));
    expect(most()).toBe(3);
  });

  it('has the patience of a network for providers and of milliseconds for simulated models', () => {
    expect(defaultPolicy(bedrockConfig())).toBe(NETWORK_POLICY);
    expect(defaultPolicy(configOf('steadfast'))).toBe(SIMULATED_POLICY);
  });
});

describe('openModels', () => {
  it('opens each model by the adapter of its provider', () => {
    const adapter = (name: string): ChatModels => ({
      open: (config) => modelOf(() => Promise.resolve({ ...RESULT, text: name }), config),
    });
    const models = openModels({
      simulated: adapter('simulated'),
      bedrock: adapter('bedrock'),
      'openai-compatible': adapter('openai-compatible'),
    });
    return Promise.all(
      ['steadfast', 'nova-pro', 'gpt-4o-mini'].map(async (id) => {
        const config = configOf(id);
        expect((await chat(models.open(config))).text).toBe(config.provider);
      }),
    );
  });
});
