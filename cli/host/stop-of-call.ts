import type { Stop } from '../../core/ports.ts';

/**
 * How one call of the state machine is stopped: with the command, and alone where the engine gave it up (its time is over,
 * or the Map around it has failed). Then it ends at once, call in flight included, since its own retry may be under way: two
 * on one run pay twice. A drain of the command aborts the engine's signal too, and is no giving up: the call in flight is
 * finished and kept.
 */
export function stopOfCall(signal: AbortSignal, stop: Stop): Stop {
  const givenUp = new AbortController();
  const giveUp = () => {
    if (stop.drain.aborted) return;
    // Tasks know a stop by this name; the engine's own reason would read as a fault of the run.
    givenUp.abort(
      Object.assign(new Error('the state machine has given this task up'), { name: 'AbortError' }),
    );
  };
  if (signal.aborted) giveUp();
  else signal.addEventListener('abort', giveUp, { once: true });
  return {
    drain: AbortSignal.any([stop.drain, givenUp.signal]),
    abort: AbortSignal.any([stop.abort, givenUp.signal]),
  };
}
