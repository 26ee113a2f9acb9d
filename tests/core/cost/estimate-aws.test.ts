import { describe, expect, it } from '@jest/globals';
import { estimateAws, sumAws } from '../../../core/cost/estimate-aws.ts';
import { perScenario } from '../../../core/cost/estimate.ts';
import { awsPrices } from './fixtures.ts';

const week = {
  runs: 180,
  turns: 7200,
  judge_tasks: 181,
  verdicts: perScenario(() => 7200),
  new_text_bytes: 31e6,
  model_phases: 20,
};
const of = (service: string, load = week, prices = awsPrices) =>
  estimateAws(load, prices).find((line) => line.service === service)!.usd;

describe('estimateAws', () => {
  it('prices 45 task hours of half a vCPU and 1 GB at $1.11 on demand', () => {
    const zero = { low: 0, likely: 0, high: 0 };
    const prices = {
      ...awsPrices,
      usage: {
        ...awsPrices.usage,
        task_start_seconds: zero,
        seconds_per_verdict: zero,
        seconds_per_turn: { low: 22.5, likely: 22.5, high: 22.5 },
      },
    };
    // 7,200 × 22.5 s = 45 h; 45 × (0.5 × 0.04048 + 0.004445) = 1.11
    expect(of('Fargate', week, prices).high).toBeCloseTo(1.11, 2);
    expect(of('Fargate', week, prices).low).toBeCloseTo(1.11 * 0.3, 2);
  });

  it('counts 1,087 transitions for 180 runs, $0.03', () => {
    const line = estimateAws(week, awsPrices).find(({ service }) => service === 'Step Functions')!;
    expect(line.basis).toContain('1087');
    expect(line.usd.likely).toBeCloseTo(0.0272, 4);
  });

  it('prices the checkpoints of 7,200 turns at $0.04', () => {
    const perTurn = {
      ...awsPrices.usage,
      puts_per_turn: 1,
      puts_per_run: 0,
      gets_per_run: 0,
      storage_months: 0,
    };
    expect(of('S3', week, { ...awsPrices, usage: perTurn }).likely).toBeCloseTo(0.036, 6);
  });

  it('keeps a week of the whole matrix below three dollars, dear scenario included', () => {
    const sum = sumAws(estimateAws(week, awsPrices));
    expect(sum.low).toBeLessThan(sum.likely);
    expect(sum.likely).toBeLessThan(sum.high);
    expect(sum.high).toBeLessThan(3);
    expect(sum.low).toBeGreaterThan(0.1);
  });

  it('scales with the turns where the bill does', () => {
    const double = { ...week, turns: 14_400 };
    expect(of('Fargate', double).likely).toBeGreaterThan(of('Fargate').likely * 1.5);
    expect(of('Step Functions', double).likely).toBe(of('Step Functions').likely);
  });
});
