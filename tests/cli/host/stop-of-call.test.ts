import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { stopOfCall } from '../../../cli/host/stop-of-call.ts';
import type { Stop } from '../../../core/ports.ts';
import { isWorthAnotherTry } from '../../../core/tasks/worth-another-try.ts';
import { execute } from '../../../engine/engine.ts';
import { LAMBDA, machine, task } from '../../engine/machine.ts';

/** A machine whose task hangs until it is aborted, over the stop that the command gives it. */
function hanging(fields: Parameters<typeof task>[0]) {
  const [drain, abort] = [new AbortController(), new AbortController()];
  const calls: Stop[] = [];
  const fates: string[] = [];
  const handler = ({ signal }: { signal: AbortSignal }) => {
    const stop = stopOfCall(signal, { drain: drain.signal, abort: abort.signal });
    const n = calls.push(stop);
    fates.push(`${n} begins`);
    return new Promise((_resolve, reject) =>
      stop.abort.addEventListener('abort', () => {
        fates.push(`${n} ends`);
        reject(stop.abort.reason);
      }),
    );
  };
  const end = execute(machine({ T: task(fields) }), null, {
    handlers: { [LAMBDA]: handler },
    objects: { get: async () => null, put: async () => undefined },
    signal: drain.signal,
  });
  return { drain, abort, calls, fates, end };
}

describe('a call of the state machine', () => {
  it('that ran out of time is ended before its retry begins, by an error that is no fault of the run', async () => {
    const { calls, fates, end } = hanging({
      TimeoutSeconds: 1,
      Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1, MaxAttempts: 1 }],
    });
    expect(await end).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(fates).toEqual(['1 begins', '1 ends', '2 begins', '2 ends']);
    expect(calls.map(({ drain }) => drain.aborted)).toEqual([true, true]);
    expect(isWorthAnotherTry(calls[0]!.drain.reason)).toBe(true);
  });

  it('that is in flight when the command drains is let finish, and is ended by its abort', async () => {
    const { drain, abort, calls, fates, end } = hanging({ TimeoutSeconds: 60 });
    while (calls.length === 0) await turn();
    drain.abort();
    expect(await end).toEqual({ status: 'ABORTED' });
    await turn();
    expect(calls[0]!.drain.aborted).toBe(true);
    expect(fates).toEqual(['1 begins']);
    abort.abort();
    expect(fates).toEqual(['1 begins', '1 ends']);
  });
});
