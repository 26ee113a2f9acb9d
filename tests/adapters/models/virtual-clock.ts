import type { Clock } from '../../../core/ports.ts';

interface Sleeper {
  at: number;
  order: number;
  wake(): void;
}

/**
 * A clock whose time passes at once: when all promises that can settle have settled, it jumps to the earliest sleeper.
 * For simulations that wait for nothing real.
 */
export class VirtualClock implements Clock {
  #ms = 0;
  #order = 0;
  #sleepers: Sleeper[] = [];
  #isPumping = false;

  now(): string {
    return new Date(this.#ms).toISOString();
  }

  monotonicMs(): number {
    return this.#ms;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason as Error);
        return;
      }
      const onAbort = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal?.reason as Error);
      };
      const sleeper: Sleeper = {
        at: this.#ms + Math.max(0, ms),
        order: this.#order++,
        wake() {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#sleepers.push(sleeper);
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    // A macrotask: every promise chain that can go on has gone on by then.
    setImmediate(() => {
      this.#isPumping = false;
      const next = this.#sleepers.reduce<Sleeper | null>(
        (least, sleeper) =>
          least === null || sleeper.at < least.at || (sleeper.at === least.at && sleeper.order < least.order)
            ? sleeper
            : least,
        null,
      );
      if (next === null) return;
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
      this.#ms = Math.max(this.#ms, next.at);
      next.wake();
      if (this.#sleepers.length > 0) this.#pump();
    });
  }
}
