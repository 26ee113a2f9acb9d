import type { Stop } from '../../core/ports.ts';

/**
 * SIGINT and SIGTERM as a Stop: the first drains (calls in flight finish and are recorded), the second aborts them.
 * `release` gives the signals back to the process.
 */
export function stopOnSignals(onFirst: () => void): { stop: Stop; release: () => void } {
  const drain = new AbortController();
  const abort = new AbortController();
  const onSignal = () => {
    if (drain.signal.aborted) abort.abort();
    else {
      onFirst();
      drain.abort();
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    stop: { drain: drain.signal, abort: abort.signal },
    release: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
