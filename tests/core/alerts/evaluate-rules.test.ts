import { describe, expect, it } from '@jest/globals';
import { weekOnWeek } from '../../../core/aggregate/week-on-week.ts';
import { evaluateRules } from '../../../core/alerts/evaluate-rules.ts';
import { complianceDrop, halfLifeDrop } from '../../../core/alerts/model-drops.ts';
import { alertSchema, type Alert } from '../../../schemas/alert.ts';
import { PHASES, type Phase } from '../../../schemas/common.ts';
import type { RunSummary } from '../../../schemas/run-summary.ts';
import { plannedRow, summaryWithHalfLife } from '../aggregate/fixtures.ts';
import { allPhasesRow, canary, evidence, executionSummary, phaseRow, rules } from './fixtures.ts';

const FALL = {
  wow_rmst_now_turns: 21,
  wow_rmst_before_turns: 30,
  wow_rmst_delta: -0.3,
  wow_rmst_ci_low: -0.42,
  wow_rmst_ci_high: -0.18,
  wow_rmst_p: 0.0001,
};

/** Two weeks of four phases and two seeds each; this week falls by unlike steps in P0, and nowhere else. */
function unevenWeeks(): [RunSummary[], RunSummary[]] {
  const weekOf = (week: string, halfLifeOf: (phase: Phase, seed_id: string) => number) =>
    PHASES.flatMap((phase) =>
      ['seed-a', 'seed-b'].map((seed_id) => {
        const row = plannedRow({ execution_id: `weekly-${week}`, week, phase, seed_id, turns: 40 });
        return summaryWithHalfLife(row, halfLifeOf(phase, seed_id)).summary;
      }),
    );
  const before = weekOf('2026-W46', () => 30);
  const now = weekOf('2026-W47', (phase, seed_id) => (phase !== 'P0' ? 30 : seed_id === 'seed-a' ? 8 : 24));
  return [now, before];
}

const firing = (alerts: readonly Alert[]) => alerts.filter(({ status }) => status === 'firing');

describe('alert rules', () => {
  it('are quiet when nothing changed', () => {
    expect(evaluateRules(evidence([phaseRow(), allPhasesRow()]), rules)).toEqual([]);
  });

  it('name both values, change, interval, n and what could have been found', () => {
    const [alert, ...others] = evaluateRules(evidence([allPhasesRow(FALL)]), rules);
    expect(others).toEqual([]);
    expect(alertSchema.parse(alert)).toMatchObject({
      alert_id: 'weekly+half_life_drop+drifter-20+main+2026-W47',
      rule: 'half_life_drop',
      status: 'firing',
      model: 'drifter-20',
      variant: 'main',
      phase: 'all',
      value: 21,
      previous_value: 30,
      change: -0.3,
      ci_low: -0.42,
      ci_high: -0.18,
      n: 36,
      created_at: '2026-11-16T03:00:00Z',
    });
    expect(alert!.message).toContain('RMST 30.0 -> 21.0');
    expect(alert!.message).toContain('socratic-bench compare weekly-2026-W46 weekly-2026-W47');
    // SE .051: the observed fall must exceed the larger of 20% and 2.03 SE·(2 tests), and 0.85 SE lie beyond.
    expect(alert!.minimum_detectable_change).toBeGreaterThan(0.2);
    expect(alert!.minimum_detectable_change).toBeLessThan(0.3);
  });

  it('need both a large and a proven fall', () => {
    const small = { ...FALL, wow_rmst_delta: -0.15, wow_rmst_ci_low: -0.2, wow_rmst_ci_high: -0.1 };
    expect(evaluateRules(evidence([allPhasesRow(small)]), rules)).toEqual([]);
    expect(evaluateRules(evidence([allPhasesRow({ ...FALL, wow_rmst_p: 0.06 })]), rules)).toEqual([]);
  });

  it('ask more of each test the more tests there are', () => {
    const one = allPhasesRow({ ...FALL, wow_rmst_p: 0.004 });
    const others = Array.from({ length: 24 }, (_, i) => allPhasesRow({ model: `model-${i}` }));
    expect(firing(evaluateRules(evidence([one]), rules))).toHaveLength(1);
    expect(evaluateRules(evidence([one, ...others]), rules)).toEqual([]);
  });

  it('find a fall of compliance in points', () => {
    const row = allPhasesRow({
      wow_compliance_now: 0.6,
      wow_compliance_before: 0.8,
      wow_compliance_delta: -0.2,
      wow_compliance_ci_low: -0.26,
      wow_compliance_ci_high: -0.14,
      wow_compliance_p: 0.0001,
    });
    expect(evaluateRules(evidence([row]), rules)).toMatchObject([
      { rule: 'compliance_drop', value: 0.6, previous_value: 0.8, change: -0.2 },
    ]);
  });

  it('print values and n of the pairs that the change is over, not of all runs', () => {
    // All runs of this week comply less than the paired ones did; the change alone would put last week above 100%.
    const row = allPhasesRow({
      ...FALL,
      rmst_turns: 36,
      compliance_rate: 0.9667,
      wow_n_pairs: 24,
      wow_compliance_now: 0.6,
      wow_compliance_before: 0.9,
      wow_compliance_delta: -0.3,
      wow_compliance_ci_low: -0.36,
      wow_compliance_ci_high: -0.24,
      wow_compliance_p: 0.0001,
      wow_compliance_n_pairs: 30,
    });
    const [halfLife, compliance] = evaluateRules(evidence([row]), rules);
    expect(halfLife).toMatchObject({ value: 21, previous_value: 30, n: 24 });
    expect(halfLife!.message).toContain('RMST 30.0 -> 21.0 of 40 turns, -30.0%');
    expect(halfLife!.message).toContain('24 pairs');
    expect(compliance).toMatchObject({ value: 0.6, previous_value: 0.9, n: 30 });
    expect(compliance!.message).toContain('90.0% -> 60.0%, -30.0 points');
    expect(compliance!.message).toContain('30 pairs');
  });

  it('state the power of a drop from the same standard error as the weekly row', () => {
    // Four phases of two pairs; only in P0 do the pairs differ, so one degree of freedom stands behind the spread, not seven.
    const figures = weekOnWeek(...unevenWeeks(), { permutations: 99, seed: 'power' });
    const row = allPhasesRow({ ...figures });
    const open = {
      ...rules,
      half_life_drop: { ...rules.half_life_drop, min_drop_frac: 0 },
      compliance_drop: { ...rules.compliance_drop, min_drop_frac: 0 },
    };
    const alone = { size: 1, alpha: 0.05 };
    expect(figures.wow_rmst_df).toBe(1);
    expect(halfLifeDrop(row, open, alone)!.minimum_detectable_change).toBeCloseTo(figures.wow_rmst_mdc!, 5);
    expect(complianceDrop(row, open, alone)!.minimum_detectable_change).toBeCloseTo(
      figures.wow_compliance_mdc!,
      5,
    );
    // The family's level and the rule's threshold only ever ask for more.
    expect(halfLifeDrop(row, rules, alone)!.minimum_detectable_change).toBeGreaterThan(0.2);
    expect(halfLifeDrop(row, open, { size: 2, alpha: 0.025 })!.minimum_detectable_change).toBeGreaterThan(
      figures.wow_rmst_mdc!,
    );
  });

  it('never alert on a phase row', () => {
    expect(evaluateRules(evidence([phaseRow(FALL)]), rules)).toEqual([]);
  });

  it('are silent on a model that has no week before', () => {
    const young = allPhasesRow({
      wow_rmst_delta: null,
      wow_rmst_p: null,
      wow_compliance_delta: null,
      wow_compliance_p: null,
      wow_n_pairs: 0,
    });
    expect(evaluateRules(evidence([young]), rules)).toEqual([]);
  });
});

describe('judge disagreement', () => {
  const split = (frac: number) =>
    allPhasesRow({
      judge_split_frac: frac,
      judge_split_ci_low: frac - 0.02,
      judge_split_ci_high: frac + 0.02,
    });
  const baseline = executionSummary([split(0.1)], { execution_id: 'weekly-2026-W40' });

  it('fires above the level and above the accepted baseline, beyond doubt', () => {
    expect(evaluateRules(evidence([split(0.25)], { baseline }), rules)).toMatchObject([
      { rule: 'judge_disagreement', value: 0.25, previous_value: 0.1, change: 0.15, n: 1440 },
    ]);
  });

  it.each([
    ['a rise below the level', 0.03, 0.14],
    ['a high level that was accepted', 0.3, 0.33],
    ['a rise within noise', 0.13, 0.2],
  ])('does not fire at %s', (_, before, now) => {
    const accepted = executionSummary([split(before)], { execution_id: 'weekly-2026-W40' });
    expect(evaluateRules(evidence([split(now)], { baseline: accepted }), rules)).toEqual([]);
  });

  it('holds a young model against the baseline of all, and the first week against nothing', () => {
    const young = { ...split(0.3), model: 'newcomer' };
    expect(evaluateRules(evidence([young], { baseline }), rules)).toHaveLength(1);
    expect(evaluateRules(evidence([split(0.3)]), rules)).toEqual([]);
    const otherMeasure = { ...baseline, measure_sha256: 'f'.repeat(64) };
    expect(evaluateRules(evidence([split(0.3)], { baseline: otherMeasure }), rules)).toEqual([]);
  });
});

describe('canary deviation', () => {
  const steady = canary(Array.from({ length: 200 }, (_, i) => (i % 10 === 0 ? 7 : 9)));
  const at = (now: ReturnType<typeof canary>, before: ReturnType<typeof canary> | null) =>
    evidence([], {
      summary: executionSummary([], { canary: now.summary }),
      baseline:
        before === null
          ? null
          : executionSummary([], { execution_id: 'weekly-2026-W40', canary: before.summary }),
      canary_results: now.results,
      baseline_canary_results: before?.results ?? [],
    });

  it('fires on drift against the accepted baseline on the same items', () => {
    // Half the items fall by 2 points: 1 point on average, a tenth of the scale, in a level still near the experts.
    const drifted = canary(Array.from({ length: 200 }, (_, i) => (i % 10 === 0 ? 7 : i % 2 === 0 ? 9.4 : 9)));
    expect(evaluateRules(at(drifted, steady), rules)).toEqual([]);
    const kind = canary(Array.from({ length: 200 }, () => 9.4));
    const harsh = canary(Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 8.6 : 9)));
    const [alert] = evaluateRules(at(harsh, kind), rules);
    expect(alert).toMatchObject({
      rule: 'canary_deviation',
      model: 'sim-judge',
      change: -0.06,
      n: 200,
    });
    expect(alert!.ci_high).toBeLessThan(-0.05);
    expect(alert!.message).toContain('drift -6.0%');
    // A change of .06 of the scale is 0.6 of its 10 points.
    expect(alert!.minimum_detectable_change).toBeCloseTo(0.05, 2);
    expect(alert!.message).toContain('a true change of 0.5 points of 10 with');
  });

  it('fires on a level away from the experts, also without a baseline', () => {
    const far = canary(Array.from({ length: 50 }, () => 8.2));
    expect(evaluateRules(at(far, null), rules)).toMatchObject([{ rule: 'canary_deviation', value: 0.08 }]);
    expect(evaluateRules(at(steady, null), rules)).toEqual([]);
  });

  it('holds no judge against another judge or another golden set', () => {
    const other = canary(
      Array.from({ length: 200 }, () => 9.9),
      { golden_set: 'golden_set_v0' },
    );
    expect(evaluateRules(at(steady, other), rules)).toEqual([]);
  });

  it('finds drift without the experts’ whole marks, and tests no level where their own error is not known', () => {
    const unlabelled = (set: ReturnType<typeof canary>) => ({
      ...set,
      summary: { ...set.summary, mae_pts: null, bias_pts: null, experts_mutual_mae_pts: null },
    });
    const harsh = unlabelled(canary(Array.from({ length: 50 }, (_, i) => 5.85 + (i % 2) / 10)));
    const before = unlabelled(canary(Array.from({ length: 50 }, () => 8.9)));
    const [alert] = evaluateRules(at(harsh, before), rules);
    expect(alert).toMatchObject({ rule: 'canary_deviation', value: null, n: 50 });
    expect(alert!.message).toContain('not known');
    const far = canary(Array.from({ length: 50 }, () => 8.2));
    const unknown = { ...far, summary: { ...far.summary, experts_mutual_mae_pts: null } };
    expect(evaluateRules(at(unknown, null), rules)).toEqual([]);
  });

  it('passes over items without a verdict', () => {
    const patchy = canary(steady.results.map(({ judge_score }, i) => (i < 100 ? null : judge_score)));
    expect(evaluateRules(at(patchy, steady), rules)).toEqual([]);
    expect(evaluateRules(at(canary([null]), steady), rules)).toEqual([]);
  });
});

describe('coverage and cost', () => {
  it('fires below nine tenths of the planned runs, and names where they are missing', () => {
    const rows = [phaseRow({ model: 'dead', n_runs: 0 }), phaseRow()];
    expect(evaluateRules(evidence(rows), rules)).toMatchObject([
      { rule: 'coverage', model: null, value: 0.5, previous_value: 0.9, n: 72 },
    ]);
    expect(evaluateRules(evidence(rows), rules)[0]!.message).toContain('dead 36');
    const many = ['a', 'b', 'c', 'd', 'e'].map((model) => phaseRow({ model, n_runs: 0 }));
    expect(evaluateRules(evidence(many), rules)[0]!.message).toContain(
      'missing: a 36, b 36, c 36, 2 models more.',
    );
    expect(evaluateRules(evidence([phaseRow({ n_planned: 40, n_runs: 36 })]), rules)).toEqual([]);
  });

  it('fires for a model whose context overflows too often', () => {
    const rows = [phaseRow({ censored_by: [{ reason: 'context_overflow', n_runs: 4 }] })];
    expect(evaluateRules(evidence(rows), rules)).toMatchObject([
      { rule: 'coverage', model: 'drifter-20', value: 0.111111 },
    ]);
  });

  it('counts overflows that came before a run had turns enough to be scored', () => {
    const rows = [phaseRow({ n_planned: 24, n_runs: 18, n_failed: 6, n_overflow_failed: 6 })];
    expect(
      evaluateRules(evidence(rows), { ...rules, coverage: { ...rules.coverage, min_coverage_frac: 0.5 } }),
    ).toMatchObject([
      {
        rule: 'coverage',
        model: 'drifter-20',
        value: 0.25,
        n: 24,
        message: expect.stringContaining('overflowed in 6 of 24 runs (25.0%'),
      },
    ]);
    const dead = [phaseRow({ n_planned: 6, n_runs: 0, n_failed: 6, n_overflow_failed: 6 })];
    expect(evaluateRules(evidence(dead), rules)).toContainEqual(
      expect.objectContaining({ rule: 'coverage', model: 'drifter-20', value: 1, n: 6 }),
    );
  });

  it('fires above the budget', () => {
    const summary = executionSummary([], { spent_usd: 40.01 });
    expect(evaluateRules(evidence([], { summary }), rules)).toMatchObject([
      { rule: 'cost', value: 40.01, previous_value: 40 },
    ]);
  });
});

describe('alerts over the weeks', () => {
  const [fired] = evaluateRules(evidence([allPhasesRow(FALL)]), rules);
  const lastWeek: Alert = { ...fired!, week: '2026-W46', execution_id: 'weekly-2026-W46' };

  it('resolves an alert that does not fire any more, without claiming recovery', () => {
    const [alert, ...others] = evaluateRules(
      evidence([allPhasesRow({ wow_rmst_now_turns: 21, wow_rmst_before_turns: 21 })], {
        previous_alerts: [lastWeek],
      }),
      rules,
    );
    expect(others).toEqual([]);
    expect(alertSchema.parse(alert)).toMatchObject({ status: 'resolved', value: 21, rule: 'half_life_drop' });
    expect(alert!.message).toContain('Value before that alert: 30.00');
  });

  it('closes an alert of a model that was not measured, and says so', () => {
    expect(evaluateRules(evidence([], { previous_alerts: [lastWeek] }), rules)).toMatchObject([
      { status: 'resolved', value: null, message: expect.stringContaining('without evidence') },
    ]);
  });

  it('resolves once, and keeps an alert that fires again as firing', () => {
    expect(
      evaluateRules(evidence([], { previous_alerts: [{ ...lastWeek, status: 'resolved' }] }), rules),
    ).toEqual([]);
    const again = evaluateRules(evidence([allPhasesRow(FALL)], { previous_alerts: [lastWeek] }), rules);
    expect(again.map(({ status }) => status)).toEqual(['firing']);
  });

  it('mutes a rule for a model until a day, with the reason', () => {
    const mute = { rule: 'half_life_drop', model: 'drifter-20', reason: 'known change of prompt' } as const;
    const until = (day: string) => ({ ...rules, mutes: [{ ...mute, until: day }] });
    const [muted] = evaluateRules(evidence([allPhasesRow(FALL)]), until('2026-12-01T00:00:00Z'));
    expect(muted).toMatchObject({
      status: 'muted',
      message: expect.stringContaining('known change of prompt'),
    });
    expect(firing(evaluateRules(evidence([allPhasesRow(FALL)]), until('2026-11-16T03:00:00Z')))).toHaveLength(
      1,
    );
    const other = [allPhasesRow({ ...FALL, model: 'leading' })];
    expect(firing(evaluateRules(evidence(other), until('2026-12-01T00:00:00Z')))).toHaveLength(1);
  });
});
