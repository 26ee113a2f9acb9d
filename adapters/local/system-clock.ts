import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../core/ports.ts';

/** Longest delay of one timer: beyond 2^31 − 1 ms Node fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The machine's own time. */
export function createSystemClock(): Clock {
  return {
    now: () => new Date().toISOString(),
    monotonicMs: () => performance.now(),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      for (let left = ms; left > 0; left -= MAX_TIMER_MS)
        await wait(Math.min(left, MAX_TIMER_MS), undefined, signal === undefined ? {} : { signal });
    },
  };
}
