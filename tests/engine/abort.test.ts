import { expect, test } from '@jest/globals';

import type { EngineEvent, EngineOptions } from '../../engine/engine.ts';
import { execute } from '../../engine/engine.ts';
import { distributedMap, LAMBDA, machine, run, settle, task } from './machine.ts';

/** Starts a machine whose tasks hang, and gives the signals they got. */
async function hang(definition: unknown, input: number[], options: Partial<EngineOptions> = {}) {
  const controller = new AbortController();
  const signals: AbortSignal[] = [];
  const events: EngineEvent[] = [];
  const end = execute(definition, input, {
    handlers: { [LAMBDA]: ({ signal }) => new Promise(() => signals.push(signal)) },
    objects: { get: async () => null, put: async () => undefined },
    signal: controller.signal,
    onEvent: (event) => events.push(event),
    ...options,
  });
  await settle();
  return { controller, signals, events, end };
}

test('an abort reaches every running child and ends the execution at once', async () => {
  const map = distributedMap(
    { T: task({ Retry: [{ ErrorEquals: ['States.ALL'] }] }) },
    { MaxConcurrency: 3, ToleratedFailurePercentage: 100 },
  );
  const { controller, signals, events, end } = await hang(machine({ M: map }), [1, 2, 3, 4, 5]);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, false]);
  controller.abort();
  expect(await end).toEqual({ status: 'ABORTED' });
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true]);
  expect(events.at(-1)).toMatchObject({ type: 'ExecutionAborted' });
});

test('no Catch takes an abort', async () => {
  const definition = machine({
    T: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }] }),
    Caught: { Type: 'Succeed' },
  });
  const { controller, end } = await hang(definition, []);
  controller.abort();
  expect(await end).toEqual({ status: 'ABORTED' });
});

test('an abort wakes a Wait and a retry delay on the real clock', async () => {
  const waiting = await hang(machine({ W: { Type: 'Wait', Seconds: 99_999_999, End: true } }), []);
  waiting.controller.abort();
  expect(await waiting.end).toEqual({ status: 'ABORTED' });
  const retrying = await hang(
    machine({ T: task({ Retry: [{ ErrorEquals: ['E'], IntervalSeconds: 999 }] }) }),
    [],
    {
      handlers: { [LAMBDA]: () => Promise.reject(Object.assign(new Error(), { name: 'E' })) },
    },
  );
  retrying.controller.abort();
  expect(await retrying.end).toEqual({ status: 'ABORTED' });
});

test('an execution aborted before its start runs nothing', async () => {
  const { calls, result } = await run(machine({ T: task() }), {}, undefined, { signal: AbortSignal.abort() });
  expect(result).toEqual({ status: 'ABORTED' });
  expect(calls).toEqual([]);
});

test('TimeoutSeconds of the machine ends it as TIMED_OUT, past any Catch', async () => {
  const definition = machine(
    { T: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }] }), Caught: { Type: 'Succeed' } },
    { TimeoutSeconds: 60 },
  );
  const { result, calls, clock } = await run(definition, {}, ({ signal }, clock) =>
    clock.sleep(1e12, signal),
  );
  expect(result).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
  expect(calls[0]?.signal.aborted).toBe(true);
  expect(clock.now() - Date.UTC(2026, 0, 1)).toBe(60_000);
});

test('a listener that throws is not swallowed', async () => {
  const onEvent = () => {
    throw new Error('listener');
  };
  await expect(run(machine({ S: { Type: 'Succeed' } }), {}, undefined, { onEvent })).rejects.toThrow(
    'listener',
  );
});
