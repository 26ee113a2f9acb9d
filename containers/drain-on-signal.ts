import type { Stop } from '../core/ports.ts';

/**
 * From SIGTERM to giving up the call in flight. Fargate kills 120 s after it (stopTimeout); a call answered within 85 s is
 * kept, and the process is gone before 100 s.
 */
const DRAIN_MS = 85_000;

/**
 * SIGTERM (Spot's warning, StopTask) and SIGINT as a Stop: the call in flight may finish and be recorded, then it is
 * aborted. A repeated signal changes nothing.
 */
export function drainOnSignal(): Stop {
  const drain = new AbortController();
  const abort = new AbortController();
  const onSignal = () => {
    if (drain.signal.aborted) return;
    drain.abort();
    setTimeout(() => abort.abort(), DRAIN_MS).unref();
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  return { drain: drain.signal, abort: abort.signal };
}
