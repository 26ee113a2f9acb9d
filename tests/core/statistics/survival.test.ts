import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { kaplanMeier } from '../../../core/statistics/kaplan-meier.ts';
import { logRank } from '../../../core/statistics/log-rank.ts';
import { rmst, rmstPseudoObservations } from '../../../core/statistics/rmst.ts';
import { observations, oracle } from './oracle.ts';

const run = fc.record({ turn: fc.integer({ min: 3, max: 40 }), is_event: fc.boolean() });
const runs = fc.array(run, { minLength: 1, maxLength: 40 });
const events = fc.array(fc.integer({ min: 3, max: 40 }), { minLength: 1, maxLength: 40 });

describe('Kaplan–Meier', () => {
  it.each(oracle.survival)('agrees with R survival on $name', (example) => {
    const curve = kaplanMeier(observations(example));
    expect(curve.points.map(({ turn }) => turn)).toEqual(example.times);
    expect(curve.points.map(({ at_risk }) => at_risk)).toEqual(example.at_risk);
    expect(curve.points.map((point) => point.events)).toEqual(example.events);
    curve.points.forEach((point, i) => {
      expect(point.survival).toBeCloseTo(example.survival[i]!, 10);
      // R writes the interval of S = 1 as 1–1 and carries it over censored turns.
      if (point.survival < 1 && point.survival > 0) {
        expect(point.ci_low).toBeCloseTo(example.ci_low[i]!, 8);
        expect(point.ci_high).toBeCloseTo(example.ci_high[i]!, 8);
      }
    });
    expect([curve.median, curve.median_ci_low, curve.median_ci_high]).toEqual([
      example.median,
      example.median_ci_low,
      example.median_ci_high,
    ]);
  });

  it('is the empirical survival where nobody is censored', () => {
    fc.assert(
      fc.property(events, (turns) => {
        const { points } = kaplanMeier(turns.map((turn) => ({ turn, is_event: true })));
        for (const { turn, survival } of points)
          expect(survival).toBeCloseTo(turns.filter((other) => other > turn).length / turns.length, 12);
      }),
    );
  });

  it('falls monotonically within its own interval', () => {
    fc.assert(
      fc.property(runs, (data) => {
        let last = 1;
        for (const { survival, ci_low, ci_high } of kaplanMeier(data).points) {
          expect(survival).toBeLessThanOrEqual(last);
          expect(ci_low ?? 0).toBeLessThanOrEqual(survival);
          expect(ci_high ?? 1).toBeGreaterThanOrEqual(survival);
          last = survival;
        }
      }),
    );
  });

  it('has no median where the curve stays above one half', () => {
    const curve = kaplanMeier([
      { turn: 5, is_event: true },
      { turn: 40, is_event: false },
      { turn: 40, is_event: false },
    ]);
    expect(curve.median).toBeNull();
    expect(curve.median_ci_high).toBeNull();
  });

  it('says nothing of no runs', () => {
    expect(kaplanMeier([])).toEqual({ points: [], median: null, median_ci_low: null, median_ci_high: null });
  });
});

describe('RMST', () => {
  it.each(oracle.survival)('agrees with R survival on $name', (example) => {
    const result = rmst(observations(example), example.tau)!;
    expect(result.rmst).toBeCloseTo(example.rmst, 9);
    expect(result.standard_error).toBeCloseTo(example.rmst_se, 9);
  });

  it.each(oracle.survival)('has the jackknife pseudo-observations of R on $name', (example) => {
    const pseudo = rmstPseudoObservations(observations(example), example.tau)!;
    pseudo.forEach((value, i) => expect(value).toBeCloseTo(example.pseudo[i]!, 8));
  });

  it('lies between 3 and the horizon', () => {
    fc.assert(
      fc.property(runs, (data) => {
        const result = rmst(data, 40);
        if (result === null) return;
        expect(result.rmst).toBeGreaterThanOrEqual(3);
        expect(result.rmst).toBeLessThanOrEqual(40 + 1e-9);
      }),
    );
  });

  it('is the mean of min(T, τ) where nobody is censored, and so are its pseudo-observations', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 3, max: 50 }), (turns, horizon) => {
        const data = turns.map((turn) => ({ turn, is_event: true }));
        const restricted = turns.map((turn) => Math.min(turn, horizon));
        const mean = restricted.reduce((sum, turn) => sum + turn, 0) / turns.length;
        expect(rmst(data, horizon)!.rmst).toBeCloseTo(mean, 9);
        expect(rmstPseudoObservations(data, horizon)).toEqual(restricted);
      }),
    );
  });

  it('does not fall when a run that failed holds out longer', () => {
    fc.assert(
      fc.property(events, fc.nat(), (turns, pick) => {
        const data = turns.map((turn) => ({ turn, is_event: true }));
        const later = data.map((one, i) => (i === pick % data.length ? { ...one, turn: one.turn + 1 } : one));
        expect(rmst(later, 40)!.rmst).toBeGreaterThanOrEqual(rmst(data, 40)!.rmst - 1e-12);
      }),
    );
  });

  it('is unknown where every run still alive was lost before the horizon', () => {
    const lost = [
      { turn: 5, is_event: true },
      { turn: 12, is_event: false },
    ];
    expect(rmst(lost, 40)).toBeNull();
    expect(rmstPseudoObservations(lost, 40)).toBeNull();
    expect(rmst([], 40)).toBeNull();
    expect(rmst([...lost, { turn: 40, is_event: false }], 40)).not.toBeNull();
  });

  it('gives a censored run its expected share, between its own time and the horizon', () => {
    const data = [8, 12, 20, 30].map((turn) => ({ turn, is_event: true }));
    const pseudo = rmstPseudoObservations([...data, { turn: 15, is_event: false }], 40)!;
    expect(pseudo[4]).toBeGreaterThan(15);
    expect(pseudo[4]).toBeLessThan(40);
  });

  it('refuses a horizon without room for a moving average', () => {
    expect(() => rmst([{ turn: 3, is_event: true }], 2)).toThrow(RangeError);
  });
});

describe('log-rank test', () => {
  it.each(oracle.log_rank)('agrees with R survdiff on $name', (example) => {
    const all = observations(example);
    const result = logRank(
      all.filter((_, i) => example.group[i] === 0),
      all.filter((_, i) => example.group[i] === 1),
    )!;
    expect(result.observed).toBe(example.observed[0]);
    expect(result.expected).toBeCloseTo(example.expected[0]!, 9);
    expect(result.chi_square).toBeCloseTo(example.chi_square, 9);
    expect(result.p).toBeCloseTo(example.p, 9);
  });

  it('finds nothing between groups without an event', () => {
    const held = [{ turn: 40, is_event: false }];
    expect(logRank(held, held)).toBeNull();
  });
});
