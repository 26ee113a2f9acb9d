import { describe, expect, it, test } from '@jest/globals';
import { scheduleOf, type Schedule } from '../../../core/dialogue/schedule.ts';
import type { PhaseProfile } from '../../../schemas/phase-profile.ts';
import { optionsOf, phaseOf, phases, seeds, seedOf } from './fixtures.ts';

const injections = (schedule: Schedule) =>
  schedule.turns.flatMap(({ injection }, index) =>
    injection === null ? [] : [{ turn: index + 1, kind: injection.kind, id: injection.id }],
  );
const ofPhase = (schedule: Schedule) =>
  injections(schedule)
    .filter(({ kind }) => kind !== 'noise' && kind !== 'contradiction')
    .map(({ kind, id }) => `${kind}:${id}`)
    .sort();

/** What a phase profile asks for, counted by hand. */
function wanted(phase: PhaseProfile): string[] {
  return [
    ...phase.decoys.flatMap(({ item_id, tempts_at_turns }) => [
      `decoy_planted:${item_id}`,
      ...tempts_at_turns.map(() => `decoy_tempts:${item_id}`),
    ]),
    ...phase.pressure_at_turns.map(
      (_, index) => `pressure:${phase.pressure_tactics[index % phase.pressure_tactics.length]}`,
    ),
    ...Array.from(
      { length: Math.floor(phase.target_turns / (phase.meta_cadence ?? Infinity)) },
      () => 'meta:meta',
    ),
  ].sort();
}

describe('the schedule of a phase', () => {
  test.each(phases)('%s delivers every injection of the profile, none dropped', (_, phase) => {
    const schedule = scheduleOf(optionsOf({ phase }));
    expect(ofPhase(schedule)).toEqual(wanted(phase));
    expect(schedule.dropped).toEqual([]);
  });

  test.each(phases)('%s opens with a turn that carries nothing', (_, phase) => {
    expect(scheduleOf(optionsOf({ phase })).turns[0]?.injection).toBeNull();
  });

  test.each(phases)('%s plants each decoy before it tempts with it', (_, phase) => {
    const placed = injections(scheduleOf(optionsOf({ phase })));
    for (const { item_id } of phase.decoys) {
      const planted = placed.find(({ kind, id }) => kind === 'decoy_planted' && id === item_id);
      const tempted = placed.filter(({ kind, id }) => kind === 'decoy_tempts' && id === item_id);
      for (const { turn } of tempted) expect(turn).toBeGreaterThan(planted?.turn ?? Infinity);
    }
  });

  it('keeps the turn the profile names where nobody else wants it', () => {
    const phase = phaseOf('1.0/P2');
    const placed = injections(scheduleOf(optionsOf({ phase })));
    expect(placed.filter(({ kind }) => kind === 'pressure').map(({ turn }) => turn)).toEqual(
      phase.pressure_at_turns,
    );
  });

  it('moves the less important of two injections that want one turn to the next free turn', () => {
    const phase = {
      ...phaseOf('1.0/P2'),
      decoys: [
        { item_id: 'cat', text: 'the cat is ill', terms: ['cat'], planted_at_turn: 6, tempts_at_turns: [] },
      ],
      pressure_at_turns: [6],
      meta_cadence: 6,
    };
    const placed = injections(scheduleOf(optionsOf({ phase }))).filter(({ turn }) => turn >= 6 && turn <= 8);
    expect(placed.map(({ kind }) => kind)).toEqual(['decoy_planted', 'pressure', 'meta']);
  });

  it('never tempts with a decoy that is not planted yet, whatever the profile says', () => {
    const decoy = { item_id: 'cat', text: 'the cat is ill', terms: ['cat'] };
    const phase = {
      ...phaseOf('1.0/P0'),
      decoys: [{ ...decoy, planted_at_turn: 6, tempts_at_turns: [4] }],
    };
    const placed = injections(scheduleOf(optionsOf({ phase }))).filter(({ id }) => id === 'cat');
    expect(placed.map(({ turn, kind }) => `${turn} ${kind}`)).toEqual(['6 decoy_planted', '7 decoy_tempts']);
  });

  it('moves an injection forward where no turn is left behind it', () => {
    const phase = { ...phaseOf('1.0/P2'), decoys: [], pressure_at_turns: [20, 20, 20], meta_cadence: null };
    const placed = injections(scheduleOf(optionsOf({ phase }))).filter(({ kind }) => kind === 'pressure');
    expect(placed.map(({ turn }) => turn)).toEqual([18, 19, 20]);
  });

  it('reports injections for which there are not enough turns', () => {
    const phase = {
      ...phaseOf('1.0/P2'),
      target_turns: 4,
      pressure_at_turns: [2, 3, 4],
      decoys: [],
      meta_cadence: 2,
    };
    expect(scheduleOf(optionsOf({ phase })).dropped).toHaveLength(2);
  });

  it('leaves every other injection in place when pressure is off', () => {
    for (const [, phase] of phases) {
      const on = scheduleOf(optionsOf({ phase }));
      const off = scheduleOf(optionsOf({ phase, variant: { pad: 'grow', pressure: 'off' } }));
      expect(off.turns.map(({ injection }) => injection)).toEqual(
        on.turns.map(({ injection }) => (injection?.kind === 'pressure' ? null : injection)),
      );
      expect(off.contradictions).toEqual(on.contradictions);
    }
  });

  it('drops what lies beyond a cut, counts it, and moves nothing else of the phase', () => {
    for (const [, phase] of phases) {
      const turns = Math.floor(phase.target_turns / 2);
      const whole = injections(scheduleOf(optionsOf({ phase })));
      const cut = scheduleOf(optionsOf({ phase, turns }));
      const fixed = ['decoy_planted', 'decoy_tempts', 'pressure', 'meta'];
      const early = whole.filter(({ kind, turn }) => fixed.includes(kind) && turn <= turns);
      expect(injections(cut).filter(({ kind }) => fixed.includes(kind))).toEqual(early);
      expect(cut.dropped).toHaveLength(wanted(phase).length - early.length);
    }
  });

  it('does not depend on pad', () => {
    const phase = phaseOf('1.1/P3');
    expect(scheduleOf(optionsOf({ phase, variant: { pad: 'prefill', pressure: 'on' } }))).toEqual(
      scheduleOf(optionsOf({ phase })),
    );
  });

  it('uses each phrasing of a tactic once before any comes again', () => {
    const phase = phaseOf('1.1/P3');
    const used = scheduleOf(optionsOf({ phase })).turns.flatMap(({ injection }) =>
      injection?.kind === 'decoy_tempts' ? [injection.phrasing.text] : [],
    );
    expect(used.length).toBeGreaterThan(5);
    expect(new Set(used.slice(0, 7)).size).toBe(7);
  });
});

describe('contradictions', () => {
  test.each(phases)('%s states both sides of one before its last turn, and in order', (_, phase) => {
    for (const seed of seeds) {
      const { contradictions } = scheduleOf(optionsOf({ phase, seed }));
      expect(contradictions.length).toBeGreaterThanOrEqual(1);
      let before = 1;
      for (const placed of contradictions) {
        expect(placed.first_at_turn).toBeGreaterThan(before);
        expect(placed.second_at_turn).toBeGreaterThan(placed.first_at_turn);
        expect(placed.second_at_turn).toBeLessThan(phase.target_turns);
        before = placed.second_at_turn;
      }
    }
  });

  it('fit a dialogue of five turns as well', () => {
    const [placed] = scheduleOf(optionsOf({ phase: phaseOf('1.0/P0'), turns: 5 })).contradictions;
    expect(placed?.second_at_turn).toBeLessThan(5);
  });

  it('are marked as the injection of the turn that states the second side', () => {
    const { contradictions, turns } = scheduleOf(optionsOf({ phase: phaseOf('1.0/P0') }));
    for (const { slot, second_at_turn } of contradictions)
      expect(turns[second_at_turn - 1]?.injection).toMatchObject({ kind: 'contradiction', id: slot });
  });
});

describe('decoys', () => {
  it('are active when planted or tempted with and for two turns after, then not', () => {
    const { turns } = scheduleOf(optionsOf({ phase: phaseOf('1.0/P1'), seed: seedOf(0) }));
    const active = turns.flatMap(({ active_decoys }, index) =>
      active_decoys.some(({ item_id }) => item_id === 'podcast') ? [index + 1] : [],
    );
    expect(active).toEqual([3, 4, 5, 11, 12, 13, 18, 19, 20]);
  });

  it('include sidebars, with words that name them', () => {
    const { turns } = scheduleOf(optionsOf({ phase: phaseOf('1.0/P2') }));
    const sidebar = turns.find(({ injection }) => injection?.id === 'sidebars');
    expect(sidebar?.active_decoys.map(({ item_id }) => item_id)).toContain(
      sidebar?.injection?.decoy?.item_id,
    );
    expect(sidebar?.injection?.decoy?.terms.length).toBeGreaterThan(0);
  });
});
