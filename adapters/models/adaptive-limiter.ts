import type { Clock } from '../../core/ports.ts';

/** How many calls a provider gets at once, and how that number moves. */
export interface LimiterPolicy {
  /** Calls at once to begin with. */
  start: number;
  max: number;
  /** Factor of a cut after a throttled call. */
  cut: number;
  /** One cut at most in so many milliseconds: a burst of 429s is one signal. */
  cooldownMs: number;
}

/**
 * Adaptive concurrency for one model (the scheme of inspect_ai's adaptive connections and of TCP): doubles each clean
 * round until the first throttle, then grows by 5%; a throttle cuts it. A round counts only when the limit was in use.
 * Waiters are served first come, first served.
 */
export class AdaptiveLimiter {
  readonly #policy: LimiterPolicy;
  readonly #clock: Clock;
  #limit: number;
  #inFlight = 0;
  #peak = 0;
  #clean = 0;
  #isSlowStart = true;
  #lastCutMs = Number.NEGATIVE_INFINITY;
  readonly #waiters: (() => void)[] = [];
  readonly #history: { at_ms: number; limit: number }[] = [];

  constructor(policy: LimiterPolicy, clock: Clock) {
    this.#policy = policy;
    this.#clock = clock;
    this.#limit = policy.start;
    this.#note();
  }

  get limit(): number {
    return Math.max(1, Math.floor(this.#limit));
  }

  get waiting(): number {
    return this.#waiters.length;
  }

  /** The limit over time, for the log. */
  get history(): readonly { at_ms: number; limit: number }[] {
    return this.#history;
  }

  /** Resolves when a place is free; rejects with the signal's reason when it fires first. */
  async acquire(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#inFlight < this.limit) {
      this.#take();
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(signal?.reason);
      };
      const waiter = () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      this.#waiters.push(waiter);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Gives the place back. `clean`: answered at the first try; `throttled`: the provider asked for less; `other` teaches nothing. */
  release(outcome: 'clean' | 'throttled' | 'other'): void {
    this.#inFlight -= 1;
    if (outcome === 'throttled') this.#cut();
    if (outcome === 'clean') this.#grow();
    while (this.#waiters.length > 0 && this.#inFlight < this.limit) {
      // The place is taken here, for the waiter: nobody can slip in before it runs.
      this.#take();
      this.#waiters.shift()!();
    }
  }

  #take(): void {
    this.#inFlight += 1;
    this.#peak = Math.max(this.#peak, this.#inFlight);
  }

  #grow(): void {
    this.#clean += 1;
    if (this.#clean < Math.max(4, this.limit)) return;
    const wasUsed = this.#peak >= 0.8 * this.limit;
    this.#clean = 0;
    this.#peak = this.#inFlight;
    if (!wasUsed || this.#limit >= this.#policy.max) return;
    this.#limit = Math.min(
      this.#policy.max,
      this.#isSlowStart ? this.#limit * 2 : this.#limit + Math.max(1, this.#limit * 0.05),
    );
    this.#note();
  }

  #cut(): void {
    this.#clean = 0;
    this.#isSlowStart = false;
    const now = this.#clock.monotonicMs();
    if (now - this.#lastCutMs < this.#policy.cooldownMs) return;
    this.#lastCutMs = now;
    this.#limit = Math.max(1, this.#limit * this.#policy.cut);
    this.#note();
  }

  #note(): void {
    this.#history.push({ at_ms: Math.round(this.#clock.monotonicMs()), limit: this.limit });
  }
}
