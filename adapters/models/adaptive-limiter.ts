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
  /** Time constant of the average of calls served at once, below which a cut does not go. */
  memoryMs: number;
}

/** Fewer calls than this say nothing of a share. */
const MIN_CALLS = 5;
/** From this share of throttled calls on the limit is cut in every period, whether it helps or not. */
const OUTAGE_FRAC = 0.5;
/** A share that a cut did not cure is worse when it exceeds itself by this factor and by this much. */
const WORSE_BY = 1.3;
const WORSE_BY_AT_LEAST = 0.02;

/** A cut goes a little below what was served at once, so that a queue at the provider drains. */
const SERVED_FRAC = 0.95;

/** How a call ended: `clean` answered at the first try, `served` at a later one, `throttled` refused for our quota, `other`. */
export type CallOutcome = 'clean' | 'served' | 'throttled' | 'other';

/**
 * Adaptive concurrency for one model (after inspect_ai's adaptive connections, and TCP): doubles each clean round until
 * the first throttle, then grows by 5%; a throttle cuts it, though not below what the provider has just been serving at
 * once (calls served × their latency, Little's law). What share of 429s a cut leaves does not come from our concurrency,
 * and only more of them cut again. A round counts only when the limit was in use. Waiters are served
 * first come, first served.
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
  /** Milliseconds of served calls, fading with time. */
  #servedMs = 0;
  #servedAtMs: number;
  readonly #startMs: number;
  #period: { startMs: number; calls: number; throttled: number };
  #isAfterCut = false;
  /** Share of throttled calls that the last cut left. */
  #incurable = 0;
  readonly #waiters: (() => void)[] = [];
  readonly #history: { at_ms: number; limit: number }[] = [];

  constructor(policy: LimiterPolicy, clock: Clock) {
    this.#policy = policy;
    this.#clock = clock;
    this.#limit = policy.start;
    this.#startMs = clock.monotonicMs();
    this.#servedAtMs = this.#startMs;
    this.#period = { startMs: this.#startMs, calls: 0, throttled: 0 };
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

  /** Gives the place back after so many milliseconds. */
  release(outcome: CallOutcome, heldMs: number): void {
    this.#inFlight -= 1;
    const now = this.#clock.monotonicMs();
    if (outcome !== 'other') this.#count(outcome, heldMs, now);
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

  #count(outcome: Exclude<CallOutcome, 'other'>, heldMs: number, now: number): void {
    this.#period.calls += 1;
    if (outcome === 'throttled') {
      this.#period.throttled += 1;
      this.#isSlowStart = false;
      // Where cutting has cured throttling before, the first 429 is answered at once.
      if (this.#incurable === 0 && now - this.#lastCutMs >= this.#policy.cooldownMs) this.#cut(now);
    } else {
      this.#remember(heldMs, now);
      if (outcome === 'clean') this.#grow();
    }
    if (now - this.#period.startMs >= this.#policy.cooldownMs && this.#period.calls >= MIN_CALLS)
      this.#judgePeriod(now);
  }

  /** Looks back on a period: does throttling go away when fewer calls are open? */
  #judgePeriod(now: number): void {
    const share = this.#period.throttled / this.#period.calls;
    this.#period = { startMs: now, calls: 0, throttled: 0 };
    if (share >= OUTAGE_FRAC) {
      this.#incurable = 0;
      this.#cut(now);
    } else if (this.#isAfterCut) {
      this.#incurable = share;
      this.#isAfterCut = false;
    } else if (this.#incurable > 0 && share > WORSE_BY * this.#incurable + WORSE_BY_AT_LEAST) this.#cut(now);
  }

  #cut(now: number): void {
    this.#lastCutMs = now;
    this.#isAfterCut = true;
    this.#period = { startMs: now, calls: 0, throttled: 0 };
    this.#clean = 0;
    const cut = Math.max(1, this.#limit * this.#policy.cut, this.#servedAtOnce(now));
    this.#limit = Math.min(this.#limit, cut);
    this.#note();
  }

  #remember(heldMs: number, now: number): void {
    this.#servedMs = this.#fade(now) + heldMs;
    this.#servedAtMs = now;
  }

  #fade(now: number): number {
    return this.#servedMs * Math.exp((this.#servedAtMs - now) / this.#policy.memoryMs);
  }

  /** Average number of calls in flight that got an answer, and a little less. */
  #servedAtOnce(now: number): number {
    const { memoryMs } = this.#policy;
    const seenMs = memoryMs * (1 - Math.exp((this.#startMs - now) / memoryMs));
    return seenMs > 0 ? (SERVED_FRAC * this.#fade(now)) / seenMs : 0;
  }

  #note(): void {
    this.#history.push({ at_ms: Math.round(this.#clock.monotonicMs()), limit: this.limit });
  }
}
