import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  AdaptiveLimiter,
  type CallOutcome,
  type LimiterPolicy,
} from '../../../adapters/models/adaptive-limiter.ts';
import type { Clock } from '../../../core/ports.ts';

const POLICY: LimiterPolicy = { start: 8, max: 64, cut: 0.5, cooldownMs: 5000, memoryMs: 10_000 };
/** A clock set by hand. */
function handClock() {
  const clock = { ms: 0, now: () => '', monotonicMs: () => clock.ms, sleep: () => Promise.resolve() };
  return clock satisfies Clock & { ms: number };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('AdaptiveLimiter', () => {
  it('gives out as many places as the limit and lets the rest wait, first come, first served', async () => {
    const limiter = new AdaptiveLimiter({ ...POLICY, start: 2, max: 2 }, handClock());
    const served: number[] = [];
    for (let i = 0; i < 6; i += 1) void limiter.acquire().then(() => served.push(i));
    await settle();
    expect(served).toEqual([0, 1]);
    expect(limiter.waiting).toBe(4);
    for (let i = 0; i < 4; i += 1) {
      limiter.release('other', 10);
      await settle();
    }
    expect(served).toEqual([0, 1, 2, 3, 4, 5]);
    expect(limiter.waiting).toBe(0);
  });

  it('never has more in flight than its limit at the time, in any order of arrivals, answers and throttles', async () => {
    const outcome = fc.constantFrom<CallOutcome>('clean', 'served', 'throttled', 'other');
    const step = fc.oneof(fc.constant('arrive' as const), outcome);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 120 }), async (steps) => {
        const clock = handClock();
        const limiter = new AdaptiveLimiter(POLICY, clock);
        let inFlight = 0;
        let arrived = 0;
        let served = 0;
        for (const step of steps) {
          clock.ms += 400;
          if (step === 'arrive') {
            arrived += 1;
            void limiter.acquire().then(() => {
              inFlight += 1;
              served += 1;
            });
          } else if (inFlight > 0) {
            inFlight -= 1;
            const before = limiter.limit;
            limiter.release(step, 400);
            await settle();
            // A cut takes no place away from a call that has one; nobody new comes in above the limit.
            expect(inFlight).toBeLessThanOrEqual(Math.max(before, limiter.limit));
          }
          await settle();
          expect(limiter.limit).toBeGreaterThanOrEqual(1);
          expect(limiter.limit).toBeLessThanOrEqual(POLICY.max);
          // Nobody waits while a place is free.
          if (inFlight < limiter.limit) expect(limiter.waiting).toBe(0);
          expect(arrived).toBe(served + limiter.waiting);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('lets a caller who gives up out of the queue, and the others keep their order', async () => {
    const limiter = new AdaptiveLimiter({ ...POLICY, start: 1, max: 1 }, handClock());
    await limiter.acquire();
    const served: string[] = [];
    const abort = new AbortController();
    const first = limiter.acquire().then(() => served.push('first'));
    const givesUp = limiter.acquire(abort.signal);
    const third = limiter.acquire().then(() => served.push('third'));
    abort.abort(new Error('no longer wanted'));
    await expect(givesUp).rejects.toThrow('no longer wanted');
    expect(limiter.waiting).toBe(2);
    limiter.release('other', 1);
    limiter.release('other', 1);
    await Promise.all([first, third]);
    expect(served).toEqual(['first', 'third']);
  });

  it('takes no place for a caller whose signal fired before', async () => {
    const limiter = new AdaptiveLimiter({ ...POLICY, start: 1 }, handClock());
    await expect(limiter.acquire(AbortSignal.abort())).rejects.toThrow();
    await limiter.acquire();
    expect(limiter.waiting).toBe(0);
  });

  it('leaves the place of a caller alone whose signal fires after it was served', async () => {
    const limiter = new AdaptiveLimiter({ ...POLICY, start: 1, max: 1 }, handClock());
    const abort = new AbortController();
    await limiter.acquire();
    const second = limiter.acquire(abort.signal);
    limiter.release('other', 1);
    await second;
    abort.abort();
    void limiter.acquire();
    await settle();
    expect(limiter.waiting).toBe(1);
  });

  /** Runs so many rounds of the whole limit with one outcome, a second each. */
  const rounds = async (limiter: AdaptiveLimiter, clock: { ms: number }, n: number, outcome: CallOutcome) => {
    for (let i = 0; i < n; i += 1) {
      const places = limiter.limit;
      for (let k = 0; k < places; k += 1) await limiter.acquire();
      clock.ms += 1000;
      for (let k = 0; k < places; k += 1) limiter.release(outcome, 1000);
    }
  };

  it('doubles with each clean round until the first throttle, and grows slowly after it', async () => {
    const clock = handClock();
    const limiter = new AdaptiveLimiter(POLICY, clock);
    await rounds(limiter, clock, 2, 'clean');
    expect(limiter.limit).toBe(32);
    await limiter.acquire();
    limiter.release('throttled', 50);
    const cut = limiter.limit;
    expect(cut).toBeLessThan(32);
    await rounds(limiter, clock, 1, 'clean');
    expect(limiter.limit - cut).toBeLessThanOrEqual(2);
  });

  it('does not grow while it is not used', async () => {
    const limiter = new AdaptiveLimiter(POLICY, handClock());
    for (let i = 0; i < 100; i += 1) {
      await limiter.acquire();
      limiter.release('clean', 100);
    }
    expect(limiter.limit).toBe(8);
  });

  it('never exceeds its maximum', async () => {
    const clock = handClock();
    const limiter = new AdaptiveLimiter(POLICY, clock);
    await rounds(limiter, clock, 10, 'clean');
    expect(limiter.limit).toBe(64);
  });

  it('takes a burst of throttles for one signal, and an outage for as many as it lasts', async () => {
    const clock = handClock();
    const limiter = new AdaptiveLimiter({ ...POLICY, start: 32 }, clock);
    for (let k = 0; k < 32; k += 1) await limiter.acquire();
    for (let k = 0; k < 32; k += 1) limiter.release('throttled', 50);
    expect(limiter.limit).toBe(16);
    for (let second = 0; second < 60; second += 1) await rounds(limiter, clock, 1, 'throttled');
    expect(limiter.limit).toBe(1);
  });

  it('grows again when the outage is over', async () => {
    const clock = handClock();
    const limiter = new AdaptiveLimiter({ ...POLICY, start: 32 }, clock);
    await rounds(limiter, clock, 60, 'throttled');
    await rounds(limiter, clock, 60, 'clean');
    expect(limiter.limit).toBeGreaterThan(16);
  });

  it('notes its limit over time', async () => {
    const clock = handClock();
    const limiter = new AdaptiveLimiter(POLICY, clock);
    await rounds(limiter, clock, 1, 'clean');
    expect(limiter.history).toEqual([
      { at_ms: 0, limit: 8 },
      { at_ms: 1000, limit: 16 },
    ]);
  });
});
