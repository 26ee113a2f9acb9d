import { describe, expect, it } from '@jest/globals';
import { createAuditQueue } from '../../../core/aggregate/audit-queue.ts';
import { summarizeCanary } from '../../../core/aggregate/canary-summary.ts';
import { curatedRow } from '../../../core/aggregate/curated-row.ts';
import { auditItemSchema } from '../../../schemas/audit-item.ts';
import { canarySummarySchema, type CanaryResult } from '../../../schemas/canary-result.ts';
import { curatedTurnSchema } from '../../../schemas/curated-turn.ts';
import {
  criteria,
  judgedTurn,
  MEASURE_SHA256,
  plannedRow,
  summaryWithHalfLife,
  verdict,
} from './fixtures.ts';

const facts = { execution_id: 'weekly-2026-W47', week: '2026-W47', split_pts: 2 };
const run_id = plannedRow().run_id;
const candidate = (turn_index: number, split_pts: number | null) => ({
  run_id,
  turn_index,
  raw_key: 'raw/x.jsonl',
  split_pts,
});
function drawn(splits: readonly (number | null)[], execution_id = facts.execution_id) {
  const queue = createAuditQueue({ ...facts, execution_id });
  splits.forEach((split, i) => queue.add(candidate(i + 1, split)));
  return queue.finish();
}

describe('audit queue', () => {
  const week = Array.from({ length: 200 }, (_, i) => (i % 20 === 0 ? 3 + i / 100 : 0.5));

  it('holds nine random turns with their probability and the five widest splits', () => {
    const items = drawn(week);
    for (const item of items) expect(auditItemSchema.parse(item)).toEqual(item);
    const random = items.filter(({ drawn_as }) => drawn_as === 'random');
    const splits = items.filter(({ drawn_as }) => drawn_as === 'split');
    expect(random).toHaveLength(9);
    expect(random.every(({ draw_probability }) => draw_probability === 9 / 200)).toBe(true);
    expect(splits).toHaveLength(5);
    const widths = splits.map(({ priority }) => priority);
    expect(widths).toEqual([...widths].sort((a, b) => b - a));
    expect(new Set(items.map(({ turn_index }) => turn_index)).size).toBe(14);
  });

  it('draws every turn alike, splits included', () => {
    const seen = new Map<number, number>();
    for (let i = 0; i < 2000; i += 1)
      for (const { turn_index, drawn_as } of drawn(week.slice(0, 20), `execution-${i}`))
        if (drawn_as === 'random') seen.set(turn_index, (seen.get(turn_index) ?? 0) + 1);
    // Each of 20 turns is drawn with probability 9/20: 900 ± 4 standard errors.
    for (let turn = 1; turn <= 20; turn += 1) {
      expect(seen.get(turn)!).toBeGreaterThan(811);
      expect(seen.get(turn)!).toBeLessThan(989);
    }
  });

  it('draws the same in any order, and takes no turn without a split for one', () => {
    const queue = createAuditQueue(facts);
    week.forEach((_, i) => queue.add(candidate(200 - i, week[199 - i]!)));
    expect(queue.finish()).toEqual(drawn(week));
    expect(drawn([1, 2, null]).map(({ drawn_as }) => drawn_as)).toEqual(['random', 'random', 'random']);
    expect(drawn([])).toEqual([]);
  });
});

describe('canary summary', () => {
  const result = (item: number, expert: number, judge: number | null): CanaryResult => ({
    execution_id: 'weekly-2026-W47',
    week: '2026-W47',
    dt: '2026-11-16',
    series: 'weekly',
    measure_sha256: MEASURE_SHA256,
    golden_set: 'golden_set_v1',
    item_id: `item-${item}`,
    judge_model: 'sim-judge',
    expert_score: expert,
    judge_score: judge,
    expert_criteria: criteria(expert),
    judge_criteria: judge === null ? null : criteria(judge),
    expert_violations: [],
    judge_violations: [],
    deviation_pts: judge === null ? null : judge - expert,
    cost_usd: 0,
  });

  it('states error, bias and weighted κ on judged items alone', () => {
    const summary = summarizeCanary([
      result(1, 10, 8),
      result(2, 0, 2),
      result(3, 10, 10),
      result(4, 6, null),
    ]);
    expect(canarySummarySchema.parse(summary)).toMatchObject({
      n_items: 4,
      n_judged: 3,
      mae_pts: 1.333333,
      bias_pts: 0,
      experts_mutual_mae_pts: 0,
    });
    expect(summary.kappa).toBeGreaterThan(0.8);
    expect(summary.by_criterion).toHaveLength(9);
    expect(summary.by_criterion[0]).toMatchObject({
      criterion: 'open_ended',
      mae_pts: 1.333333,
      bias_pts: 0,
    });
  });

  it('leaves out what the raters did not decide on: the other criteria of an item, and its score', () => {
    const results = [result(1, 10, 8), result(2, 0, 8)];
    const partly = summarizeCanary(results, 0, new Map([[results[1]!.item_id, ['no_advice' as const]]]));
    const maeOf = (name: string) => partly.by_criterion.find(({ criterion }) => criterion === name)!.mae_pts;
    expect([partly.n_judged, partly.mae_pts]).toEqual([2, 2]);
    expect(maeOf('open_ended')).toBe(2);
    expect(maeOf('no_advice')).toBe(5);
  });

  it('has no figures where no item was judged, and refuses an empty canary', () => {
    expect(summarizeCanary([result(1, 10, null)])).toMatchObject({ mae_pts: null, kappa: null, n_judged: 0 });
    expect(() => summarizeCanary([])).toThrow(RangeError);
  });
});

describe('curated row', () => {
  it('holds the columns of its schema in order, without attempts and measured latency', () => {
    const row = plannedRow();
    const { summary } = summaryWithHalfLife(row, 5);
    const curated = curatedRow(judgedTurn(row, 1, 10, { secondary_judge: verdict(9) }), summary);
    expect(Object.keys(curated)).toEqual(Object.keys(curatedTurnSchema.shape));
    expect(curatedTurnSchema.parse(curated)).toEqual(curated);
    expect(JSON.stringify(curated)).not.toMatch(/latency_ms|attempts/);
    expect(curated.tutor_text).toBe('What makes you think so?');
  });
});
