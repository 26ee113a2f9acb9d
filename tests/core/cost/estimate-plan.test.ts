import { describe, expect, it } from '@jest/globals';
import { estimatePlan, sumLines } from '../../../core/cost/estimate-plan.ts';
import { estimateRow } from '../../../core/cost/row-parts.ts';
import { sumAws } from '../../../core/cost/estimate-aws.ts';
import { SCENARIOS, sentTokens } from '../../../core/cost/estimate.ts';
import { planOf } from './fixtures.ts';

/** Seed 2 counted every turn's new text once: 7,200 turns × 450 tokens. */
const SEED_2_TOKENS = 3_240_000;

/** A student whose padding reckons with replies of 120 tokens, as the published figures do. */
const LENGTHS = { reply_chars: 480 };

describe('the weekly matrix of five models', () => {
  const { rows, sizes } = planOf('weekly-bedrock', (profile) => profile, LENGTHS);
  const plan = estimatePlan(rows, sizes);
  const dialogue = sumLines(plan.lines, (line) => line.component).get('dialogue')!;

  it('sends about 158 million input tokens, 49 times what seed 2 counted', () => {
    expect(rows).toHaveLength(180);
    const tokens = sentTokens(dialogue.likely);
    expect(Math.abs(tokens / 158.6e6 - 1)).toBeLessThan(0.05);
    expect(Math.abs(tokens / SEED_2_TOKENS - 49)).toBeLessThan(3);
    expect(dialogue.likely.output_tokens).toBe(7200 * 120);
  });

  it('sends about 306 million when the padding is prefilled, 94 times what seed 2 counted', () => {
    const prefilled = planOf(
      'weekly-bedrock',
      (profile) => ({
        ...profile,
        variants: { main: { ...profile.variants['main']!, pad: 'prefill' } },
      }),
      LENGTHS,
    );
    const { lines } = estimatePlan(prefilled.rows, prefilled.sizes);
    const tokens = sentTokens(sumLines(lines, (line) => line.component).get('dialogue')!.likely);
    expect(Math.abs(tokens / 306e6 - 1)).toBeLessThan(0.05);
    expect(Math.abs(tokens / SEED_2_TOKENS - 94)).toBeLessThan(5);
  });

  it('spends three quarters of its tokens in P3', () => {
    const p3 = sumLines(
      plan.lines.filter((line) => line.component === 'dialogue'),
      (line) => line.phase,
    ).get('P3')!;
    const share = sentTokens(p3.likely) / sentTokens(dialogue.likely);
    expect(share).toBeGreaterThan(0.7);
    expect(share).toBeLessThan(0.8);
  });

  it('costs Sonnet 4.6 about $98 without and $18 with prompt caching', () => {
    const sonnet = plan.lines.filter(
      (line) => line.component === 'dialogue' && line.tutor === 'claude-sonnet-4-6',
    );
    const { likely } = sumLines(sonnet, () => 'all').get('all')!;
    expect(Math.abs(likely.uncached_usd / 97.7 - 1)).toBeLessThan(0.05);
    expect(Math.abs(likely.usd / 17.7 - 1)).toBeLessThan(0.05);
  });

  it('adds up: lines, components and total agree in every scenario', () => {
    for (const scenario of SCENARIOS) {
      const byComponent = [...sumLines(plan.lines, (line) => line.component).values()];
      const total = byComponent.reduce((sum, estimate) => sum + estimate[scenario].usd, 0);
      expect(total).toBeCloseTo(plan.calls[scenario].usd, 8);
    }
    expect(plan.calls.low.usd).toBeLessThan(plan.calls.likely.usd);
    expect(plan.calls.likely.usd).toBeLessThan(plan.calls.high.usd);
  });

  it('equals the sum of its rows', () => {
    const sum = rows.reduce((total, row) => total + estimateRow(row, sizes).likely.usd, 0);
    expect(dialogue.likely.usd).toBeCloseTo(sum, 6);
  });

  it('fits the budgets its profiles state, models and AWS together', () => {
    for (const name of ['weekly-bedrock', 'weekly-40usd']) {
      const one = planOf(name);
      const estimate = estimatePlan(one.rows, one.sizes);
      const likely = estimate.calls.likely.usd + sumAws(estimate.aws).likely;
      expect(likely).toBeLessThan(one.budget_usd);
    }
  });
});

describe('a plan of simulated models', () => {
  it('costs nothing but has its calls and tokens', () => {
    const { rows, sizes } = planOf('quick');
    const plan = estimatePlan(rows, sizes);
    expect(plan.calls.high.usd).toBe(0);
    expect(sumLines(plan.lines, (line) => line.component).get('dialogue')!.likely.calls).toBe(1920);
  });
});

describe('a plan with a student played by a model', () => {
  it('has a student component on that model', () => {
    const { rows, sizes } = planOf('mvp', (profile) => ({
      ...profile,
      variants: {
        main: { ...profile.variants['main']!, student: 'model', student_model: 'claude-haiku-4-5' },
      },
    }));
    const student = estimatePlan(rows, sizes).lines.filter((line) => line.component === 'student');
    expect(student.map((line) => line.model)).toEqual(['claude-haiku-4-5', 'claude-haiku-4-5']);
    expect(student[0]!.estimate.likely.usd).toBeGreaterThan(0);
  });
});

describe('a row whose manifest lacks its parts', () => {
  it('is refused by name', () => {
    const { rows, sizes } = planOf('mvp');
    const row = { ...rows[0]!, cell: { ...rows[0]!.cell, seed_id: 'nowhere' } };
    expect(() => estimateRow(row, sizes)).toThrow('"nowhere"');
  });
});
