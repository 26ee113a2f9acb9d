import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { createCsdTracker, type CsdTurn } from '../../../../core/metrics/csd/csd-tracker.ts';
import { weighCsd } from '../../../../core/metrics/csd/weigh-csd.ts';
import { CSD_DIMENSIONS, csdSubscoresSchema } from '../../../../schemas/csd-subscores.ts';
import { QUESTION_TYPES } from '../../../../schemas/heuristic-result.ts';
import { STUDENT_MOVES } from '../../../../schemas/seed.ts';
import { heuristicOf, play, RUBRIC, seedOf } from './fixtures/play.ts';
import { FRACTIONS, ROTA } from './fixtures/scripts.ts';
import { createSound } from './fixtures/tutors.ts';

/** A dialogue made elsewhere: no seed, no scenario, no moves. */
function track(...exchanges: [said: string, reply: string][]) {
  const tracker = createCsdTracker({ seed: null, rubric: RUBRIC });
  const subscores = exchanges.map(([said, tutor_text], index) =>
    tracker.next({
      turn_index: index + 1,
      said,
      move: null,
      tutor_text,
      heuristic: heuristicOf(said, tutor_text, tutor_text.includes('?') ? 'evidence' : 'none'),
      scenario: null,
    }),
  );
  return { subscores, summary: tracker.summary() };
}

describe('a dimension that does not apply', () => {
  it('is null in a dialogue made elsewhere where nothing says what was a decoy or a contradiction, with the reason', () => {
    const { subscores, summary } = track(
      [
        'My rota is fair because everybody has the same number of weekends.',
        'What makes the rota fair to Maria?',
      ],
      ['She never complains about the rota.', 'How else might she show what she thinks of it?'],
    );
    for (const turn of subscores) expect(turn).toMatchObject({ rhd: null, ch: null, ma: null });
    expect(subscores[0]).toMatchObject({ nvt: null });
    for (const name of ['cr', 'st', 'ap', 'tc'] as const) expect(subscores[0]![name]).not.toBeNull();
    expect(summary.null_reasons).toMatchObject({ cr: null, rhd: expect.any(String), ch: expect.any(String) });
    expect(summary.covered_weight).toBeCloseTo(0.75, 9);
  });

  it('has no part in the total: the same sub-scores weigh the same whatever else is missing', () => {
    const { csd } = weighCsd(
      { cr: 0.5, st: 1, rhd: null, ap: null, nvt: null, tc: null, ch: null, ma: null },
      RUBRIC,
    );
    expect(csd).toBeCloseTo(0.75, 9);
    expect(
      weighCsd({ cr: null, st: null, rhd: null, ap: null, nvt: null, tc: null, ch: null, ma: null }, RUBRIC),
    ).toEqual({ csd: null, covered_weight: 0 });
  });

  it('is null all over before the first turn, and where the tutor opens to an empty student', () => {
    const { summary } = track();
    expect(summary).toMatchObject({
      csd: null,
      covered_weight: 0,
      salience_recall_at_3: null,
      thread_depths: [],
    });
    expect(Object.values(summary.null_reasons).every((reason) => reason !== null)).toBe(true);
    const { subscores } = track(['', 'What brings you here today?']);
    expect(Object.values(subscores[0]!).every((value) => value === null)).toBe(true);
  });

  it('makes run values means over applicable turns only', () => {
    const { turns, summary } = play(ROTA, createSound());
    for (const name of CSD_DIMENSIONS) {
      const values = turns.map(({ subscores }) => subscores[name]).filter((value) => value !== null);
      expect(values.length).toBeLessThanOrEqual(turns.length);
      expect(summary.subscores[name]).toBeCloseTo(
        values.reduce((sum, value) => sum + value, 0) / values.length,
        9,
      );
    }
    expect(summary.covered_weight).toBeCloseTo(1, 9);
  });
});

/** A word of letters that stands for a number. */
const spell = (number: number): string =>
  number
    .toString(26)
    .replaceAll(/[0-9]/g, (digit) => 'qrstuvwxyz'[Number(digit)] as string)
    .padStart(5, 'k');

const anyTurn = fc.record({
  said: fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.lorem()),
  tutor_text: fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.lorem().map((words) => `${words}?`),
    fc.constantFrom('', '?', '???', 'Why?', '为什么？', '”?“', '\u2028', '𝒲𝒽𝓎?', 'ß'.repeat(50)),
  ),
  move: fc.option(fc.oneof(fc.constantFrom(...STUDENT_MOVES), fc.string())),
  type: fc.constantFrom(...QUESTION_TYPES),
  is_meta: fc.boolean(),
  is_decoy_tempting: fc.boolean(),
  terms: fc.array(fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('lorem', 'ipsum dolor')), {
    maxLength: 3,
  }),
  has_contradiction: fc.boolean(),
});

describe('the tracker', () => {
  it('gives values from 0 to 1 or null on any text, with and without a scenario', () => {
    fc.assert(
      fc.property(fc.array(anyTurn, { maxLength: 14 }), fc.boolean(), (turns, hasScenario) => {
        const tracker = createCsdTracker({ seed: hasScenario ? seedOf(FRACTIONS) : null, rubric: RUBRIC });
        for (const [index, turn] of turns.entries()) {
          const input: CsdTurn = {
            turn_index: index + 1,
            said: turn.said,
            move: turn.move,
            tutor_text: turn.tutor_text,
            heuristic: heuristicOf(turn.said, turn.tutor_text, turn.type),
            scenario: hasScenario
              ? {
                  active_decoys: [{ item_id: 'd', text: turn.said, terms: turn.terms }],
                  is_decoy_tempting: turn.is_decoy_tempting,
                  is_meta: turn.is_meta,
                  contradiction: turn.has_contradiction
                    ? {
                        slot: 's',
                        first_terms: turn.terms,
                        second_terms: ['lorem'],
                        stated_at_turn: index + 1,
                      }
                    : null,
                  move: null,
                  injected: null,
                }
              : null,
          };
          csdSubscoresSchema.parse(tracker.next(input));
        }
        const { csd, covered_weight, subscores, salience_recall_at_3, thread_depths } = tracker.summary();
        csdSubscoresSchema.parse(subscores);
        for (const value of [csd, covered_weight, salience_recall_at_3]) {
          if (value !== null) expect(value >= 0 && value <= 1).toBe(true);
        }
        expect(thread_depths.every((depth) => Number.isInteger(depth) && depth > 0)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('gives the same dialogue the same values, whatever was tracked before', () => {
    const first = play(ROTA, createSound());
    play(FRACTIONS, createSound());
    expect(play(ROTA, createSound()).turns.map(({ subscores }) => subscores)).toEqual(
      first.turns.map(({ subscores }) => subscores),
    );
  });

  it('does the same work per turn in a dialogue ten times as long, and holds no more than its bounds', () => {
    const short = play(ROTA, createSound(), 2).work;
    const long = play(ROTA, createSound(), 20).work;
    expect(long.words_read).toBeLessThanOrEqual(12 * short.words_read);
    expect(long.comparisons).toBeLessThanOrEqual(12 * short.comparisons);
    expect(long.entries_held).toBeLessThanOrEqual(1.2 * short.entries_held);
  });

  it('counts the words of both sides, so that a word in every message weighs little', () => {
    const held = (tutor_text: string) => {
      const tracker = createCsdTracker({ seed: null, rubric: RUBRIC });
      const heuristic = heuristicOf('', tutor_text, 'other');
      tracker.next({ turn_index: 1, said: 'Rota.', move: null, tutor_text, heuristic, scenario: null });
      return tracker.work().entries_held;
    };
    expect(held('Violins hum.')).toBe(held('') + 2);
  });

  it('holds a bounded vocabulary however many new words come', () => {
    const tracker = createCsdTracker({ seed: null, rubric: RUBRIC });
    const turn = (index: number) => {
      const words = Array.from({ length: 60 }, (_, word) => `the ${spell(60 * index + word)}`).join(' ');
      tracker.next({
        turn_index: index,
        said: words,
        move: null,
        tutor_text: `What about ${words}?`,
        heuristic: heuristicOf('', '', 'other'),
        scenario: null,
      });
      return tracker.work().entries_held;
    };
    for (let index = 1; index <= 100; index += 1) turn(index);
    const held = turn(101);
    for (let index = 102; index <= 140; index += 1) expect(turn(index)).toBeLessThanOrEqual(held);
  });
});
