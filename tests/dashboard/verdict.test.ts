import { describe, expect, it } from '@jest/globals';
import { causeOf } from '../../dashboard/src/format/cause.ts';
import { declineText, declineWord } from '../../dashboard/src/format/decline.ts';
import { changeText, verdictOf } from '../../dashboard/src/format/verdict.ts';
import { alert, trendRow, trendWeek } from './fixtures.ts';

const week = trendWeek();
const before = trendWeek({ execution_id: 'e1', week: '2026-W46' });
const fallen = trendRow({
  model: 'drifter',
  wow_rmst_delta: -0.33,
  wow_rmst_ci_low: -0.4,
  wow_rmst_ci_high: -0.2,
});
const risen = trendRow({
  model: 'climber',
  wow_rmst_delta: 0.2,
  wow_rmst_ci_low: 0.1,
  wow_rmst_ci_high: 0.3,
});

describe('the verdict of a week', () => {
  it('is calm where no interval leaves 0 out, and says how small a change would have been found', () => {
    const verdict = verdictOf(week, before, [trendRow()], []);
    expect(verdict).toMatchObject({ tone: 'calm', headline: 'Nothing changed this week.', changes: [] });
    expect(verdict.detail).toContain('15%');
  });

  it('names the models whose alert fired, and only those', () => {
    const verdict = verdictOf(week, before, [fallen, risen, trendRow()], [alert()]);
    expect(verdict.tone).toBe('worse');
    expect(verdict.headline).toBe('drifter lost half\u2011life.');
    expect(verdict.changes.map(({ model, is_alert }) => [model, is_alert])).toEqual([
      ['drifter', true],
      ['climber', false],
    ]);
  });

  it('names a change with its interval, compliance in points', () => {
    const change = {
      model: 'm',
      variant: 'main',
      delta: -0.34,
      ci_low: -0.48,
      ci_high: -0.21,
      is_alert: true,
    };
    expect(changeText({ ...change, metric: 'half-life' })).toBe('half-life −34% (95% CI −48% to −21%)');
    expect(changeText({ ...change, metric: 'compliance' })).toBe('compliance −34 points (95% CI −48 to −21)');
  });

  it('counts models where their names would fill the page', () => {
    const names = ['a', 'b', 'c', 'd'];
    const rows = names.map((model) => ({ ...risen, model }));
    expect(verdictOf(week, before, rows, []).headline).toBe('Nothing got worse; 4 models moved up.');
  });

  it('does not call a single interval a change when no alert fired', () => {
    const verdict = verdictOf(week, before, [fallen, risen], []);
    expect(verdict.tone).toBe('calm');
    expect(verdict.headline).toBe('Nothing changed enough to raise an alert.');
  });

  it('takes a muted or resolved alert for none', () => {
    for (const status of ['muted', 'resolved'] as const)
      expect(verdictOf(week, before, [fallen], [alert({ status })]).tone).toBe('calm');
  });

  it('says good news as such', () => {
    expect(verdictOf(week, before, [risen], [])).toMatchObject({
      tone: 'better',
      headline: 'Nothing got worse; climber moved up.',
    });
  });

  it('puts a moved judge before everything but a model alert, and beside one', () => {
    const canary = alert({ rule: 'canary_deviation', model: null });
    expect(verdictOf(week, before, [trendRow()], [canary]).headline).toContain('The judge moved');
    expect(verdictOf(week, before, [fallen], [alert(), canary]).detail).toContain(
      'drifted on the golden set',
    );
  });

  it('compares nothing across a change of measure, nor in the first week', () => {
    const other = trendWeek({ execution_id: 'e1', measure_sha256: 'b'.repeat(64) });
    expect(verdictOf(week, other, [trendRow()], []).headline).toContain('The measure changed');
    expect(verdictOf(week, null, [trendRow()], []).headline).toContain('First week');
  });

  it('says when alerts have not been checked', () => {
    expect(verdictOf(week, before, [trendRow()], null).detail).toContain('not been checked');
  });
});

describe('the words for a decline', () => {
  it('are used only where the interval leaves 0 out and the decline is as large as counts', () => {
    const decline = (
      decline_pts: number | null,
      decline_ci_low: number | null,
      decline_ci_high: number | null,
      is_declining = false,
    ) => ({
      decline_pts,
      decline_ci_low,
      decline_ci_high,
      is_declining,
    });
    expect(declineWord(decline(2, -0.1, 4))).toBe('steady');
    expect(declineWord(decline(0.2, 0.1, 0.3))).toBe('steady');
    expect(declineText(decline(2, -0.1, 4))).toBe('no decline shown');
    expect(declineText(decline(2, 1, 3, true))).toBe('declines by 2.0 points');
    expect(declineText(decline(-2, -3, -1))).toBe('rises by 2.0 points');
    expect(declineWord(decline(null, null, null))).toBe('unknown');
  });
});

describe('what stands beside a change', () => {
  const phaseRow = (phase: 'P0' | 'P1' | 'all', delta: number, telling: number) => ({
    model: 'drifter',
    variant: 'main',
    phase,
    wow_rmst_delta: delta,
    wow_rmst_ci_low: delta - 0.05,
    wow_rmst_ci_high: delta + 0.05,
    wow_compliance_delta: 0,
    wow_compliance_ci_low: -1,
    wow_compliance_ci_high: 1,
    violations_per_100_turns: [
      { violation: 'telling' as const, per_100: telling },
      { violation: 'closed_question' as const, per_100: 5 },
    ],
  });
  const change = {
    model: 'drifter',
    variant: 'main',
    metric: 'half-life' as const,
    delta: -0.3,
    ci_low: -0.4,
    ci_high: -0.2,
    is_alert: true,
  };

  it('is the phase that moved most with it and the violation that grew there', () => {
    const now = [phaseRow('P0', -0.1, 4), phaseRow('P1', -0.5, 30), phaseRow('all', -0.3, 17)];
    const old = [phaseRow('P0', 0, 3), phaseRow('P1', 0, 6), phaseRow('all', 0, 4)];
    expect(causeOf(change, now, old)).toEqual({
      phase: 'P1',
      violation: { name: 'telling', before: 6, now: 30 },
    });
  });

  it('is nothing where no phase moved beyond its interval and no rate by one in a hundred', () => {
    expect(causeOf(change, [phaseRow('P0', -0.01, 3.5)], [phaseRow('P0', 0, 3)])).toEqual({
      phase: null,
      violation: null,
    });
  });
});
