import { describe, expect, it } from '@jest/globals';
import { randomFrom } from '../../core/identity/random.ts';
import { playMap, type MapLoad, type Task } from '../../scripts/simulate/play-map.ts';

const EXACT = { median: 10, p90: 10 };
const AT_ONCE = { median: 0, p90: 0 };
const task = (calls: number, tokens = 0, model = 'm'): Task => ({
  calls,
  call: () => ({ model, reserved: tokens, counted: tokens }),
});
const play = (load: Partial<MapLoad>) =>
  playMap(
    { tasks: [], concurrency: 1, start: AT_ONCE, call: EXACT, quotas: new Map(), ...load },
    randomFrom('play-map'),
  );

describe('a simulated Map', () => {
  it('without quotas takes calls × seconds ÷ concurrency, and what Fargate needs to start and launch', () => {
    const tasks = Array.from({ length: 40 }, () => task(6));
    const { wall_s, calls, task_s, waited_s } = play({
      tasks,
      concurrency: 4,
      start: { median: 45, p90: 45 },
    });
    expect(calls).toBe(240);
    expect(waited_s).toBe(0);
    expect(task_s).toBeCloseTo(40 * (45 + 60), 6);
    expect(wall_s).toBeGreaterThanOrEqual(10 * (45 + 60));
    expect(wall_s).toBeLessThan(10 * (45 + 60) + 10);
  });

  it('under a quota takes tokens ÷ quota, less the minute that may be spent at once', () => {
    const tasks = Array.from({ length: 100 }, () => task(10, 1_000));
    const { wall_s, waits } = play({ tasks, concurrency: 100, quotas: new Map([['m', 100_000]]) });
    const minutes = (100 * 10 * 1_000) / 100_000;
    expect(wall_s / 60).toBeGreaterThan(minutes - 1);
    expect(wall_s / 60).toBeLessThan(minutes + 1);
    expect(waits.map(({ model }) => model)).toEqual(['m']);
  });

  it('gives back what a call reserved and did not use', () => {
    const generous: Task = { calls: 10, call: () => ({ model: 'm', reserved: 50_000, counted: 100 }) };
    const { wall_s } = play({
      tasks: [generous, generous],
      concurrency: 2,
      quotas: new Map([['m', 100_000]]),
    });
    expect(wall_s).toBeLessThan(110);
  });

  it("lets one model's quota hold up its own tasks alone", () => {
    const { waits } = play({
      tasks: [...Array.from({ length: 10 }, () => task(10, 10_000, 'small')), task(10, 10_000, 'large')],
      concurrency: 11,
      quotas: new Map([
        ['small', 20_000],
        ['large', 1_000_000],
      ]),
    });
    expect(waits.map(({ model }) => model)).toEqual(['small']);
  });

  it('says when a call can never fit its quota', () => {
    expect(() => play({ tasks: [task(1, 200)], quotas: new Map([['m', 100]]) })).toThrow(
      'a call needs 200 tokens',
    );
  });
});
