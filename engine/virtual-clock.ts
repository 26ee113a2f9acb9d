import type { Clock } from './clock.ts';

interface Timer {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * A clock whose time passes at once: when nothing but sleepers is left, it jumps to the earliest. For work that ends
 * without waiting for anything real; a file or a network would seem to take no time, and time would run ahead of it.
 */
export class VirtualClock implements Clock {
  #now: number;
  #timers: Timer[] = [];
  #pumping = false;

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const timer: Timer = {
        at: this.#now + Math.max(0, ms),
        wake: () => {
          signal.removeEventListener('abort', cancel);
          resolve();
        },
      };
      const cancel = (): void => {
        this.#timers = this.#timers.filter((other) => other !== timer);
        reject(signal.reason);
      };
      signal.addEventListener('abort', cancel, { once: true });
      this.#timers.push(timer);
      this.#pump();
    });
  }

  /** Wakes the earliest sleepers once all promises that can settle have settled. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    setImmediate(() => {
      this.#pumping = false;
      if (this.#timers.length === 0) return;
      const earliest = this.#timers.reduce((least, { at }) => Math.min(least, at), Infinity);
      this.#now = Math.max(this.#now, earliest);
      const due = this.#timers.filter(({ at }) => at <= earliest);
      this.#timers = this.#timers.filter(({ at }) => at > earliest);
      for (const { wake } of due) wake();
      if (this.#timers.length > 0) this.#pump();
    });
  }
}
