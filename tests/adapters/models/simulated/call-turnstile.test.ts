import { expect, it } from '@jest/globals';
import { createCallTurnstile } from '../../../../adapters/models/simulated/call-turnstile.ts';
import type { ChatModel } from '../../../../core/ports.ts';
import { configOf, requestOf } from '../fixtures.ts';

it('dialogues side by side let the event loop run between any two of their calls', async () => {
  let calls = 0;
  const instant: ChatModel = {
    config: configOf('steadfast'),
    probe: async () => ({ usable: true, usage: null }),
    chat: async () => {
      calls += 1;
      return { text: 'Why?', stop_reason: 'end', usage: NO_USAGE, latency_ms: 0, attempts: 1 };
    },
  };
  const throughTheLoop = createCallTurnstile();
  const models = [throughTheLoop(instant), throughTheLoop(instant)];

  const callsByPass: number[] = [];
  let isOver = false;
  const watch = () => {
    callsByPass.push(calls);
    calls = 0;
    if (!isOver) setImmediate(watch);
  };
  setImmediate(watch);
  const dialogue = async (model: ChatModel) => {
    for (let turn = 0; turn < 20; turn += 1) await model.chat(requestOf());
  };
  await Promise.all(models.flatMap((model) => [dialogue(model), dialogue(model), dialogue(model)]));
  isOver = true;

  expect(Math.max(...callsByPass)).toBe(1);
  expect(callsByPass.length).toBeGreaterThanOrEqual(6 * 20);
});

const NO_USAGE = {
  input_tokens: 1,
  output_tokens: 1,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
};
