import { describe, expect, it, test } from '@jest/globals';
import * as fc from 'fast-check';
import { measureHalfLife, movingAverage } from '../../../core/metrics/half-life.ts';
import { RUBRIC } from './csd/fixtures/play.ts';

const runOf = (scores: readonly (number | null)[]) => ({ scores, ended_early: null });
const halfLifeOf = (scores: readonly (number | null)[]) =>
  measureHalfLife(runOf(scores), RUBRIC).half_life_turn;
const HIGH = 9.5;
const LOW = 2;
/** n turns of which those before k score high and the others low. */
const dropAt = (k: number, n = 40) => Array.from({ length: n }, (_, index) => (index + 1 < k ? HIGH : LOW));
const score = fc.integer({ min: 0, max: 100 }).map((tenths) => tenths / 10);
const scores = fc.array(score, { maxLength: 60 });

describe('half-life of a run', () => {
  test.each([4, 8, 10, 20, 39])('of a tutor that collapses at turn %i is that turn', (k) => {
    expect(halfLifeOf(dropAt(k))).toBe(k);
  });

  it('cannot come before the third turn, however bad the first two are', () => {
    expect(halfLifeOf(dropAt(1))).toBe(3);
    expect(halfLifeOf([0, 0])).toBeNull();
  });

  it('is not reached by an average that equals the threshold, thirds included', () => {
    expect(halfLifeOf([8, 8, 8, 8])).toBeNull();
    expect(halfLifeOf([8.333333, 7.666667, 8])).toBeNull();
    expect(halfLifeOf([8.1, 7.9, 8, 8.1, 7.9])).toBeNull();
    // In floating point this average is 7.999999999999999.
    expect(halfLifeOf([7.1, 9.2, 7.7])).toBeNull();
    expect(halfLifeOf([8, 8, 7.99])).toBe(3);
  });

  it('passes over unscored turns: the average takes the last three scored ones, the turn keeps its own number', () => {
    expect(halfLifeOf([9, 9, null, 9, 9, 9, 2])).toBe(7);
    expect(movingAverage([9, null, 6, 3, null, 0], 3)).toEqual([null, null, null, 6, null, 3]);
  });

  it('is censored at the last scored turn when it is never reached', () => {
    const run = measureHalfLife(runOf([9, 9, 9, 9, 9, 9, 9, null]), RUBRIC);
    expect(run).toMatchObject({
      half_life_turn: null,
      is_censored: true,
      censor_reason: 'horizon',
      observed_turns: 7,
      null_reason: null,
    });
  });

  it.each(['context_overflow', 'infrastructure', 'student', 'early_stop'] as const)(
    'of a dialogue that ended early by %s is censored for that reason, unless it had been reached',
    (ended_early) => {
      expect(measureHalfLife({ scores: [9, 9, 9, 9], ended_early }, RUBRIC)).toMatchObject({
        is_censored: true,
        censor_reason: ended_early,
        observed_turns: 4,
      });
      expect(measureHalfLife({ scores: [9, 9, 2, 9], ended_early }, RUBRIC)).toMatchObject({
        half_life_turn: 3,
        is_censored: false,
        censor_reason: null,
        observed_turns: 3,
      });
    },
  );

  it('is not claimed where more than a fifth of the turns is unscored', () => {
    const nulls = (n: number) => Array.from<null>({ length: n }).fill(null);
    const held = measureHalfLife(runOf([...nulls(2), ...dropAt(99, 8)]), RUBRIC);
    expect(held.censor_reason).toBe('horizon');
    const lost = measureHalfLife(runOf([...nulls(3), ...dropAt(99, 8)]), RUBRIC);
    expect(lost).toMatchObject({ is_censored: true, censor_reason: 'judge', observed_turns: 11 });
    expect(lost.null_reason).toMatch(/3 of 11 turns are unscored/);
  });

  it('of a run censored by its judge is observed only as far as it is known to have held', () => {
    const run = measureHalfLife(runOf([9, 9, 9, null, 9, 2, null, 2, null, 9]), RUBRIC);
    expect(run).toMatchObject({ half_life_turn: null, censor_reason: 'judge', observed_turns: 5 });
    expect(run.half_life_curve.every(({ half_life_turn }) => half_life_turn === null)).toBe(true);
  });

  it('says why there is none when fewer than three turns are scored', () => {
    expect(measureHalfLife(runOf([9, 9]), RUBRIC)).toMatchObject({
      is_censored: true,
      observed_turns: 2,
      null_reason: 'half-life needs 3 scored turns, got 2',
    });
    expect(measureHalfLife(runOf([]), RUBRIC)).toMatchObject({ is_censored: true, observed_turns: 0 });
  });

  it('relative to the run itself finds the fall of a tutor that is below the threshold from the start', () => {
    const run = measureHalfLife(runOf([7, 7, 7, 7, 5, 5, 5, 5]), RUBRIC);
    expect(run.half_life_turn).toBe(3);
    expect(run.relative_half_life_turn).toBe(7);
    expect(measureHalfLife(runOf([7, 7, 7, 7]), RUBRIC).relative_half_life_turn).toBeNull();
  });

  it('curve holds the half-life at every threshold of the rubric', () => {
    const run = measureHalfLife(runOf([9.5, 9.5, 9.5, 7.5, 7.5, 5.5, 5.5, 5.5, 1, 1]), RUBRIC);
    expect(run.half_life_curve.map(({ threshold_pts }) => threshold_pts)).toEqual(
      RUBRIC.half_life.curve_thresholds_pts,
    );
    expect(run.half_life_curve.map(({ half_life_turn }) => half_life_turn)).toEqual([9, 8, 6, 6, 4]);
  });
});

describe('half-life as a first passage', () => {
  it('never gets longer when the threshold rises', () => {
    fc.assert(
      fc.property(scores, (run) => {
        const curve = measureHalfLife(runOf(run), RUBRIC).half_life_curve;
        const turns = curve.map(({ half_life_turn }) => half_life_turn ?? Infinity);
        for (const [index, turn] of turns.entries())
          expect(turn).toBeLessThanOrEqual(turns[index - 1] ?? Infinity);
      }),
    );
  });

  it('never gets shorter by an unscored turn put anywhere', () => {
    fc.assert(
      fc.property(scores, fc.array(fc.nat(), { maxLength: 20 }), (run, places) => {
        const holed: (number | null)[] = [...run];
        for (const place of places) holed.splice(place % (holed.length + 1), 0, null);
        expect(halfLifeOf(holed) ?? Infinity).toBeGreaterThanOrEqual(halfLifeOf(run) ?? Infinity);
      }),
    );
  });

  it('does not depend on what comes after it', () => {
    fc.assert(
      fc.property(scores, scores, (run, rest) => {
        const turn = halfLifeOf(run);
        if (turn !== null) expect(halfLifeOf([...run, ...rest])).toBe(turn);
      }),
    );
  });

  it('is observed or censored, never both, and never observed beyond the run', () => {
    fc.assert(
      fc.property(fc.array(fc.option(score), { maxLength: 60 }), (run) => {
        const { half_life_turn, is_censored, censor_reason, observed_turns } = measureHalfLife(
          runOf(run),
          RUBRIC,
        );
        expect(is_censored).toBe(half_life_turn === null);
        expect(censor_reason === null).toBe(half_life_turn !== null);
        expect(observed_turns).toBeLessThanOrEqual(run.length);
        if (half_life_turn !== null) expect(observed_turns).toBe(half_life_turn);
      }),
    );
  });
});
