import { describe, expect, test } from '@jest/globals';
import { createSimulatedModels } from '../../../../adapters/models/simulated/simulated-models.ts';
import { createSimulatedTutor } from '../../../../adapters/models/simulated/simulated-tutor.ts';
import { ModelError } from '../../../../core/model-error.ts';
import type { ChatMessage, ChatRequest, Clock } from '../../../../core/ports.ts';
import {
  BANK,
  hintsAt,
  judgeConfig,
  rehearse,
  rehearseTutor,
  runId,
  SYSTEM,
  truthOf,
  tutorConfig,
} from './rehearsal.ts';

const open = (...args: Parameters<typeof tutorConfig>) => createSimulatedTutor(tutorConfig(...args), BANK);
const request = (
  turn: number,
  messages: readonly ChatMessage[],
  over: Partial<ChatRequest> = {},
): ChatRequest => ({
  system: SYSTEM,
  messages,
  temperature: 0.7,
  max_output_tokens: 300,
  output: { kind: 'text' },
  call: { execution_id: 'e', run_id: runId(1), turn_index: turn, component: 'dialogue', ask: 1 },
  hints: hintsAt(turn, false),
  ...over,
});

describe('a simulated tutor', () => {
  test('says the same in the same run and something else in another', async () => {
    const texts = async (run: number) => (await rehearseTutor({}, run)).map(({ result }) => result.text);
    expect(await texts(1)).toEqual(await texts(1));
    const [one, two] = [await texts(1), await texts(2)];
    expect(one.filter((text, i) => text === two[i]).length).toBeLessThan(8);
  });

  test('is not disturbed by runs beside it', async () => {
    const alone = await rehearse({ model: open({}), run_id: runId(1), turns: 12 });
    const model = open({});
    const together = await Promise.all(
      [1, 2, 3].map((run) => rehearse({ model, run_id: runId(run), turns: 12 })),
    );
    expect(together[0]!.map(({ result }) => result)).toEqual(alone.map(({ result }) => result));
  });

  test.each([1, 7, 23, 39])(
    'taken up after turn %i in another process, goes on as it would have',
    async (stop) => {
      const supports = {
        temperature: true,
        system: true,
        forced_tool: true,
        cache: 'cache_point',
        cache_min_tokens: 1024,
      } as const;
      const kinds = [
        {},
        { defect: 'template', failure: { when: 'always' } },
        { defect: 'telling', failure: { when: 'context_tokens', tokens: 6000 } },
        { defect: 'decoy_chaser', failure: { when: 'probability', probability: 0.5 } },
      ] as const;
      for (const kind of kinds) {
        const messages: ChatMessage[] = [];
        const whole = await rehearse({
          model: open(kind, { supports }),
          run_id: runId(3),
          turns: 40,
          messages,
          pasted: 800,
        });
        const resumed = await rehearse({
          model: open(kind, { supports }),
          run_id: runId(3),
          turns: 40,
          messages: messages.slice(0, 2 * stop).map((message) => ({ ...message })),
          pasted: 800,
        });
        expect(resumed.map(({ result }) => result)).toEqual(whole.slice(stop).map(({ result }) => result));
      }
    },
  );

  test('is usable without being called', async () => {
    expect(await open({}).probe()).toEqual({ usable: true, usage: null });
  });

  test('reports lognormal latencies of the stated median and spread', async () => {
    const logs: number[] = [];
    for (let run = 0; run < 30; run += 1)
      for (const { result } of await rehearseTutor({ latency_ms: { median: 1000, sigma: 0.5 } }, run))
        logs.push(Math.log(result.latency_ms / 1000));
    const mean = logs.reduce((a, b) => a + b) / logs.length;
    const sd = Math.sqrt(logs.reduce((a, b) => a + (b - mean) ** 2, 0) / logs.length);
    // 1,200 draws: the standard error of the mean is 0.0144.
    expect(Math.abs(mean)).toBeLessThan(0.06);
    expect(sd).toBeGreaterThan(0.45);
    expect(sd).toBeLessThan(0.55);
  });

  test('takes its latency on a clock when it is given one, and is called off with the call', async () => {
    const slept: number[] = [];
    const clock: Clock = {
      now: () => '2026-11-16T03:00:00.000Z',
      monotonicMs: () => 0,
      sleep: async (ms, signal) => {
        signal?.throwIfAborted();
        slept.push(ms);
      },
    };
    const model = createSimulatedModels({ bank: BANK, realLatency: clock }).open(tutorConfig({}));
    const messages: ChatMessage[] = [{ role: 'user', text: 'Half is half.' }];
    const result = await model.chat(request(1, messages));
    expect(slept).toEqual([result.latency_ms]);
    await expect(model.chat(request(1, messages), AbortSignal.abort())).rejects.toMatchObject({
      name: 'ModelError',
      kind: 'aborted',
      isRetryable: false,
    });
  });

  test('cuts a reply at the output limit and says so', async () => {
    const result = await open({}).chat(
      request(1, [{ role: 'user', text: 'Half is half.' }], { max_output_tokens: 5 }),
    );
    expect([result.text.length, result.stop_reason, result.usage.output_tokens]).toEqual([20, 'length', 5]);
  });

  test('refuses a prompt longer than its window, for good', async () => {
    const model = open({}, { context_window_tokens: 1024 });
    const messages: ChatMessage[] = [{ role: 'user', text: 'x'.repeat(4096) }];
    await expect(model.chat(request(1, messages))).rejects.toMatchObject({
      kind: 'context_overflow',
      isRetryable: false,
    });
  });

  test('is not opened without a description', () => {
    const models = createSimulatedModels({ bank: BANK });
    const { simulated: _, ...bare } = tutorConfig({});
    expect(() => models.open(bare)).toThrow(/simulated/u);
    expect(() => createSimulatedTutor(judgeConfig({}), BANK)).toThrow(/sim-judge: simulated: expected/u);
  });
});

describe('a flaky tutor', () => {
  const messages: ChatMessage[] = [{ role: 'user', text: 'Half is half.' }];
  const outcomes = async (model: ReturnType<typeof open>, calls: number) => {
    const seen: string[] = [];
    for (let turn = 1; turn <= calls; turn += 1) {
      for (;;) {
        try {
          await model.chat(request(turn, messages));
          seen.push('ok');
          break;
        } catch (error) {
          expect(error).toBeInstanceOf(ModelError);
          expect((error as ModelError).isRetryable).toBe(true);
          seen.push((error as ModelError).kind);
        }
      }
    }
    return seen;
  };

  test('throttles and fails at the stated rates, in the same order each time', async () => {
    const flaky = { error_rate: 0.15, throttle_rate: 0.1 };
    const seen = await outcomes(open(flaky), 600);
    expect(await outcomes(open(flaky), 600)).toEqual(seen);
    const share = (kind: string) => seen.filter((outcome) => outcome === kind).length / seen.length;
    expect(Math.abs(share('throttled') - 0.1)).toBeLessThan(0.05);
    expect(Math.abs(share('unavailable') - 0.15)).toBeLessThan(0.06);
  });

  test('gives in the end the reply that it would have given at once', async () => {
    const steady = await open({}).chat(request(4, messages));
    const model = open({ error_rate: 0.9 });
    let tries = 0;
    const chat = async (): Promise<string> => {
      tries += 1;
      try {
        return (await model.chat(request(4, messages))).text;
      } catch {
        return chat();
      }
    };
    expect(await chat()).toBe(steady.text);
    expect(tries).toBeGreaterThan(1);
  });

  test('that always fails never answers', async () => {
    const model = open({ error_rate: 1 });
    for (let i = 0; i < 20; i += 1)
      await expect(model.chat(request(1, messages))).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('metered usage', () => {
  const cached = {
    temperature: true,
    system: true,
    forced_tool: true,
    cache: 'cache_point',
    cache_min_tokens: 1024,
  } as const;
  const total = ({ input_tokens, cache_read_tokens, cache_write_tokens }: Record<string, number>) =>
    input_tokens! + cache_read_tokens! + cache_write_tokens!;

  test('bills the whole prompt every turn, by a quarter of its characters', async () => {
    const messages: ChatMessage[] = [];
    const heard = await rehearse({ model: open({}), run_id: runId(1), turns: 20, messages, pasted: 400 });
    for (const { turn, result } of heard) {
      const chars =
        SYSTEM.length + messages.slice(0, 2 * turn - 1).reduce((sum, { text }) => sum + text.length, 0);
      expect(result.usage).toEqual({
        input_tokens: Math.ceil(chars / 4),
        output_tokens: Math.ceil(result.text.length / 4),
        cache_read_tokens: 0,
        cache_write_tokens: 0,
      });
    }
  });

  test('reads with a moving cache point what the turn before has sent, and writes the rest', async () => {
    const plain = await rehearse({ model: open({}), run_id: runId(1), turns: 20, pasted: 800 });
    const heard = await rehearse({
      model: open({}, { supports: cached }),
      run_id: runId(1),
      turns: 20,
      pasted: 800,
    });
    let before = 0;
    for (const [i, { result }] of heard.entries()) {
      const { usage } = result;
      expect(total(usage)).toBe(total(plain[i]!.result.usage));
      if (total(usage) < 1024) expect(usage.cache_read_tokens + usage.cache_write_tokens).toBe(0);
      else {
        expect(usage.cache_read_tokens).toBe(before >= 1024 ? before : 0);
        expect(usage.input_tokens).toBe(0);
      }
      before = total(usage);
    }
    expect(heard.at(-1)!.result.usage.cache_read_tokens).toBeGreaterThan(3000);
  });

  test('caches no more than the provider does, and bills no writing where it caches by itself', async () => {
    const nova = { ...cached, cache_max_tokens: 2000 };
    const capped = await rehearse({
      model: open({}, { supports: nova }),
      run_id: runId(1),
      turns: 20,
      pasted: 800,
    });
    const { usage } = capped.at(-1)!.result;
    expect([usage.cache_read_tokens, usage.cache_write_tokens]).toEqual([2000, 0]);
    expect(usage.input_tokens).toBeGreaterThan(2000);
    const automatic = await rehearse({
      model: open({}, { supports: { ...cached, cache: 'automatic' } }),
      run_id: runId(1),
      turns: 20,
      pasted: 800,
    });
    expect(automatic.every(({ result }) => result.usage.cache_write_tokens === 0)).toBe(true);
    expect(automatic.at(-1)!.result.usage.cache_read_tokens).toBeGreaterThan(3000);
  });

  test('reads each message a bounded number of times, however long the dialogue', async () => {
    const readsPerTurn = async (turns: number) => {
      let reads = 0;
      const model = open({}, { supports: cached });
      const messages: ChatMessage[] = [];
      for (let turn = 1; turn <= turns; turn += 1) {
        const add = (role: ChatMessage['role'], text: string) =>
          messages.push({
            role,
            get text() {
              reads += 1;
              return text;
            },
          });
        add('user', `turn ${turn}`);
        const { text } = await model.chat(request(turn, messages));
        add('assistant', text);
      }
      return reads / turns;
    };
    const [short, long] = [await readsPerTurn(40), await readsPerTurn(400)];
    expect(long).toBeLessThan(short * 1.1);
    expect(long).toBeLessThan(10);
  });

  test('gives ten thousand replies that the bank knows, with memory bounded by the run', async () => {
    const model = open({});
    let known = 0;
    for (let run = 0; run < 250; run += 1)
      for (const { result } of await rehearse({ model, run_id: runId(run), turns: 40 }))
        if (truthOf(result.text).phrase.group.kind === 'clean') known += 1;
    expect(known).toBe(10_000);
  });
});
