import { describe, expect, it } from '@jest/globals';
import { scheduleOf } from '../../../core/dialogue/schedule.ts';
import { scenarioOf } from '../../../core/dialogue/turn-scenario.ts';
import { converse, optionsOf, phaseOf, TUTORS } from './fixtures.ts';

describe('the scenario of a turn', () => {
  const options = optionsOf({ phase: phaseOf('1.0/P2') });
  const schedule = scheduleOf(options);
  const replies = converse(options, TUTORS.naming);
  const scenarios = replies.map(({ student }, index) => scenarioOf(schedule, student, index + 1));

  it('says what the hints said while the dialogue ran', () => {
    scenarios.forEach((scenario, index) => {
      const hints = replies[index]?.hints;
      expect(scenario.is_meta).toBe(hints?.is_meta);
      expect(scenario.is_decoy_tempting).toBe(hints?.decoy !== null);
      expect(scenario.injected).toEqual(hints?.injected);
      expect(scenario.move).toBe(hints?.move);
    });
  });

  it('has the latest contradiction from the turn of its second side on', () => {
    const [first, second] = schedule.contradictions;
    expect(scenarios[(first?.second_at_turn ?? 0) - 2]?.contradiction).toBeNull();
    expect(scenarios[(first?.second_at_turn ?? 0) - 1]?.contradiction).toEqual({
      slot: first?.slot,
      first_terms: first?.first_terms,
      second_terms: first?.second_terms,
      stated_at_turn: first?.second_at_turn,
    });
    expect(scenarios.at(-1)?.contradiction?.slot).toBe(second?.slot);
  });

  it('names a tempting decoy among the active ones', () => {
    for (const { is_decoy_tempting, active_decoys } of scenarios)
      if (is_decoy_tempting) expect(active_decoys.length).toBeGreaterThan(0);
    expect(scenarios.some(({ is_decoy_tempting }) => is_decoy_tempting)).toBe(true);
  });

  it('knows nothing but move and injection of a dialogue made elsewhere', () => {
    expect(scenarioOf(null, { move: null, injected: null }, 3)).toEqual({
      active_decoys: [],
      is_decoy_tempting: false,
      is_meta: false,
      contradiction: null,
      move: null,
      injected: null,
    });
  });
});
