import { describe, expect, it, test } from '@jest/globals';
import {
  createResilientModels,
  NETWORK_POLICY,
  type RetryPolicy,
} from '../../../adapters/models/resilient-models.ts';
import { randomFrom } from '../../../core/identity/random.ts';
import { ModelError } from '../../../core/model-error.ts';
import { modelOf, rememberTelemetry, requestOf, RESULT } from './fixtures.ts';
import { VirtualClock } from './virtual-clock.ts';

describe('a provider with a quota', () => {
  interface Provider {
    /** Does the provider refuse this call? */
    refuses(nowMs: number): boolean;
    latencyMs: number;
  }
  /** So many workers make so many calls, one after the other each. */
  async function load(
    provider: Provider,
    workers: number,
    calls: number,
    policy: RetryPolicy = NETWORK_POLICY,
  ) {
    const clock = new VirtualClock();
    const random = randomFrom('load');
    const { telemetry } = rememberTelemetry();
    let throttled = 0;
    let failed = 0;
    const answeredAt: number[] = [];
    const inner = modelOf(async () => {
      if (provider.refuses(clock.monotonicMs())) {
        throttled += 1;
        await clock.sleep(50);
        throw new ModelError('throttled', '429');
      }
      await clock.sleep(provider.latencyMs * (0.5 + random()));
      answeredAt.push(clock.monotonicMs());
      return RESULT;
    });
    const model = createResilientModels(
      { open: () => inner },
      { clock, random, telemetry },
      () => policy,
    ).open(inner.config);
    let left = calls;
    await Promise.all(
      Array.from({ length: workers }, async () => {
        while (left > 0) {
          left -= 1;
          await model.chat(requestOf()).catch(() => (failed += 1));
        }
      }),
    );
    return { ms: clock.monotonicMs(), throttled, failed, answeredAt };
  }
  const tokenBucket = (perSecond: number, burst: number) => {
    let tokens = burst;
    let lastMs = 0;
    return (nowMs: number) => {
      tokens = Math.min(burst, tokens + ((nowMs - lastMs) / 1000) * perSecond);
      lastMs = nowMs;
      if (tokens < 1) return true;
      tokens -= 1;
      return false;
    };
  };

  test.each([
    [5, 2000, 20, 1500],
    [20, 2000, 100, 4000],
    [10, 500, 40, 2000],
  ])(
    'of %d calls a second is used nearly in full, and no call fails',
    async (rate, latencyMs, workers, calls) => {
      const { ms, failed } = await load({ refuses: tokenBucket(rate, rate), latencyMs }, workers, calls);
      expect(failed).toBe(0);
      expect(ms / 1000).toBeLessThan(1.2 * (calls / rate));
    },
  );

  it('that refuses three calls in ten whatever we do costs their waits, not the concurrency', async () => {
    const storm = (): Provider => {
      const random = randomFrom('storm');
      return { refuses: () => random() < 0.3, latencyMs: 2000 };
    };
    const unlimited = { ...NETWORK_POLICY, limiter: { ...NETWORK_POLICY.limiter, start: 100, cut: 1 } };
    const { ms, failed } = await load(storm(), 20, 2000);
    const best = await load(storm(), 20, 2000, unlimited);
    expect(failed).toBe(0);
    expect(ms).toBeLessThan(1.2 * best.ms);
  });

  it('that refuses nine in ten for three minutes loses no call, and serves as before soon after', async () => {
    const random = randomFrom('outage');
    const latencyMs = 1000;
    const isOver = (nowMs: number) => nowMs < 60_000 || nowMs > 240_000;
    const { failed, answeredAt } = await load(
      { refuses: (nowMs) => !isOver(nowMs) && random() < 0.9, latencyMs },
      20,
      6000,
    );
    expect(failed).toBe(0);
    const during = (from: number, to: number) =>
      answeredAt.filter((at) => at >= from && at < to).length / ((to - from) / 1000);
    expect(during(60_000, 240_000)).toBeLessThan(0.3 * during(20_000, 60_000));
    expect(during(300_000, 360_000)).toBeGreaterThan(0.8 * during(20_000, 60_000));
  });
});
