import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { summarizeRun } from '../../../core/aggregate/summarize-run.ts';
import { firstBrokenTurn } from '../../../core/identity/turn-chain.ts';
import type { Ended } from '../../../schemas/checkpoint.ts';
import { runSummarySchema } from '../../../schemas/run-summary.ts';
import { FACTS, judgedRun, judgedTurn, MANIFEST_SHA256, plannedRow, rubric, verdict } from './fixtures.ts';

const row = plannedRow();
const good = (n: number) => Array.from({ length: n }, () => 10);
const summarize = (scores: readonly (number | null)[], ended: Ended | null = null) =>
  summarizeRun({ ...FACTS, row, ended, turns: judgedRun(row, scores) });
const endedBy = (reason: Ended['reason'], fault: Ended['fault'], last_turn: number): Ended => ({
  last_turn,
  reason,
  fault,
  error: 'the provider said no',
  ended_at: '2026-11-16T04:00:00Z',
});

describe('summary of a run', () => {
  it('is a valid record in which every number is finite', () => {
    const score = fc.option(fc.double({ min: 0, max: 10, noNaN: true }), { nil: null });
    fc.assert(
      fc.property(fc.array(score, { minLength: 1, maxLength: 10 }), (scores) => {
        expect(() => runSummarySchema.parse(summarize(scores))).not.toThrow();
      }),
      { numRuns: 40 },
    );
  });

  it('counts a tutor that never falls as survived to the horizon', () => {
    const summary = summarize(good(10));
    expect(summary).toMatchObject({
      ended: 'complete',
      fault: null,
      half_life_turn: null,
      is_censored: true,
      censor_reason: 'horizon',
      observed_turns: 10,
      mean_score: 10,
      compliance_rate: 1,
      first_violation_turn: null,
      violation_counts: [],
    });
  });

  it('has the turn at which the average fell, what was violated and how far it declined', () => {
    const summary = summarize([...good(5), 0, 0, 0, 0, 0]);
    expect(summary).toMatchObject({
      ended: 'complete',
      half_life_turn: 6,
      is_censored: false,
      censor_reason: null,
      observed_turns: 6,
      mean_score: 5,
      compliance_rate: 0.5,
      first_violation_turn: 6,
      violation_counts: [{ violation: 'telling', n_turns: 5 }],
      decline_pts: 10,
      is_declining: true,
    });
    expect(summary.is_compliant_by_turn).toEqual([...good(5).map(() => true), ...good(5).map(() => false)]);
  });

  it('does not let unscored turns lower any mean', () => {
    const summary = summarize([10, 10, null, 10, 10, 10, null, 10, 10, 10]);
    expect(summary).toMatchObject({
      mean_score: 10,
      compliance_rate: 1,
      n_turns: 10,
      n_scored_turns: 8,
      ended: 'complete',
      censor_reason: 'horizon',
    });
    expect(summary.score_by_turn[2]).toBeNull();
  });

  it('censors a run of which too many turns are unscored, and names who left them so', () => {
    expect(summarize([10, 10, null, null, null, 10, 10, 10, 10, 10])).toMatchObject({
      ended: 'censored',
      censor_reason: 'judge',
      fault: 'judge',
    });
    const turns = judgedRun(row, [10, 10, null, null, null, 10, 10, 10, 10, 10]).map((turn) =>
      turn.score === null ? { ...turn, unscored_reason: 'infrastructure' as const } : turn,
    );
    expect(summarizeRun({ ...FACTS, row, turns }).fault).toBe('infrastructure');
  });

  it('censors a dialogue the provider cut, with the fault outside the tutor', () => {
    expect(summarize(good(6), endedBy('infrastructure', 'infrastructure', 6))).toMatchObject({
      ended: 'censored',
      is_censored: true,
      censor_reason: 'infrastructure',
      fault: 'infrastructure',
      observed_turns: 6,
      mean_score: 10,
    });
  });

  it('takes a dialogue that stops without a word for a lost task', () => {
    expect(summarize(good(6))).toMatchObject({ censor_reason: 'infrastructure', fault: 'infrastructure' });
  });

  it('keeps a half-life that was reached before the dialogue was cut', () => {
    expect(summarize([10, 10, 10, 0, 0, 0], endedBy('infrastructure', 'infrastructure', 6))).toMatchObject({
      ended: 'censored',
      fault: 'infrastructure',
      half_life_turn: 4,
      is_censored: false,
      censor_reason: null,
    });
  });

  it.each([
    ['context_overflow', 'context_overflow', 1],
    ['student', 'student', 0],
    ['early_stop', 'early_stop', 0],
    ['access', 'infrastructure', 0],
    ['budget', 'infrastructure', 0],
  ] as const)('reads a dialogue ended by %s as censored by %s', (reason, censor_reason, overflows) => {
    const summary = summarize(good(6), endedBy(reason, null, 6));
    expect(summary).toMatchObject({ ended: 'censored', censor_reason, n_context_overflow: overflows });
  });

  it('fails a run with fewer scored turns than one average needs', () => {
    expect(summarize([10, 10], endedBy('infrastructure', 'infrastructure', 2))).toMatchObject({
      ended: 'failed',
      fault: 'infrastructure',
      half_life_turn: null,
    });
    expect(summarize(Array.from({ length: 10 }, () => null))).toMatchObject({
      ended: 'failed',
      fault: 'judge',
      mean_score: null,
      compliance_rate: null,
    });
  });

  it('sums cost and tokens of the adopted calls, and both judges', () => {
    const turns = [
      judgedTurn(row, 1, 10),
      judgedTurn(row, 2, 10, { secondary_judge: verdict(9, { cost_usd: 0.005 }) }),
      judgedTurn(row, 3, 10, { judge: null, scored_by: 'heuristic', filter: 'skipped' }),
    ];
    expect(summarizeRun({ ...FACTS, row: plannedRow({ turns: 3 }), turns })).toMatchObject({
      dialogue_cost_usd: 0.003,
      judge_cost_usd: 0.009,
      cost_usd: 0.012,
      input_tokens: 300,
      output_tokens: 60,
      cache_read_tokens: 15,
      cache_write_tokens: 21,
      context_tokens: 300,
      n_judged_turns: 2,
      n_skipped_turns: 1,
    });
  });

  it('weighs CSD over the dimensions that apply, and says how much weight they cover', () => {
    const turns = [
      judgedTurn(row, 1, 10, {
        csd_subscores: { cr: 1, st: null, rhd: null, ap: null, nvt: 0.5, tc: null, ch: null, ma: null },
      }),
      judgedTurn(row, 2, 10, {
        csd_subscores: { cr: 0.5, st: null, rhd: null, ap: null, nvt: null, tc: null, ch: null, ma: null },
      }),
      judgedTurn(row, 3, 10, {
        csd_subscores: { cr: null, st: null, rhd: null, ap: null, nvt: null, tc: null, ch: null, ma: null },
      }),
    ];
    const summary = summarizeRun({ ...FACTS, row: plannedRow({ turns: 3 }), turns });
    const { cr, nvt } = rubric.csd_weights;
    expect(summary.csd).toBeCloseTo((cr * 0.75 + nvt * 0.5) / (cr + nvt), 6);
    expect(summary.csd_covered_weight).toBeCloseTo(cr + nvt, 6);
    expect(summary.csd_subscores).toMatchObject({ cr: 0.75, nvt: 0.5, st: null });
  });

  it('counts splits of judge and heuristic above the rubric’s bound alone', () => {
    const turns = [
      judgedTurn(row, 1, 10, { judge: verdict(8) }),
      judgedTurn(row, 2, 10, { judge: verdict(7.9) }),
      judgedTurn(row, 3, 10, { judge: null }),
    ];
    expect(summarizeRun({ ...FACTS, row: plannedRow({ turns: 3 }), turns }).n_split_turns).toBe(1);
  });

  it('takes the criteria from the source that scored the turn', () => {
    const heuristic = { ...judgedTurn(row, 1, 4).heuristic };
    const turns = [
      judgedTurn(row, 1, 4, { judge: null, scored_by: 'heuristic' }),
      judgedTurn(row, 2, 8, { judge: verdict(8), heuristic }),
      judgedTurn(row, 3, 9, {
        judge: verdict(8),
        secondary_judge: verdict(10),
        heuristic,
        scored_by: 'resolved',
      }),
      judgedTurn(row, 4, 6, {
        judge: verdict(6),
        secondary_judge: verdict(10),
        heuristic,
        scored_by: 'resolved',
      }),
    ];
    const { mean_criteria } = summarizeRun({ ...FACTS, row: plannedRow({ turns: 4 }), turns });
    expect(mean_criteria.probing_depth).toBe((4 + 8 + 9 + 6) / 4);
  });

  it('ends in the run root of its chain, and a changed turn breaks that chain', () => {
    const turns = judgedRun(row, good(10));
    expect(summarizeRun({ ...FACTS, row, turns }).run_root_sha256).toBe(turns[9]!.turn_hash);
    expect(firstBrokenTurn(MANIFEST_SHA256, row.run_id, turns)).toBeNull();
    const forged = turns.map((turn, i) => (i === 4 ? { ...turn, tutor_text: 'Do this.' } : turn));
    expect(firstBrokenTurn(MANIFEST_SHA256, row.run_id, forged)).toBe(5);
    expect(firstBrokenTurn(MANIFEST_SHA256, row.run_id, turns.slice(1))).toBe(1);
    // Latency and attempts are circumstance.
    const slower = turns.map((turn) => ({ ...turn, latency_ms: 9999, attempts: 4 }));
    expect(firstBrokenTurn(MANIFEST_SHA256, row.run_id, slower)).toBeNull();
  });
});

describe('summary of a row that never ran', () => {
  it('is skipped as the plan says', () => {
    const skipped = plannedRow({
      status: 'skipped',
      skip_reason: 'context_window',
      skip_detail: '128K > 100K',
    });
    const summary = summarizeRun({ ...FACTS, row: skipped, turns: [] });
    expect(runSummarySchema.parse(summary)).toMatchObject({
      ended: 'skipped',
      skip_reason: 'context_window',
      skip_detail: '128K > 100K',
      fault: null,
      mean_score: null,
      run_root_sha256: null,
    });
  });

  it.each(['access', 'budget'] as const)('is skipped where the runner met a closed door: %s', (reason) => {
    expect(summarize([], endedBy(reason, 'infrastructure', 0))).toMatchObject({
      ended: 'skipped',
      skip_reason: reason,
      skip_detail: 'the provider said no',
    });
  });

  it('has failed where nothing was recorded', () => {
    expect(summarize([])).toMatchObject({ ended: 'failed', fault: 'infrastructure', mean_score: null });
    expect(summarize([], endedBy('student', 'student', 0))).toMatchObject({
      ended: 'failed',
      fault: 'student',
    });
  });
});
