import { describe, expect, it } from '@jest/globals';
import { aporiaTurn } from '../../../core/metrics/aporia.ts';
import type { StudentMove } from '../../../schemas/seed.ts';

const turnsOf = (...turns: [StudentMove | null, number | null][]) =>
  turns.map(([move, ch], index) => ({ turn_index: index + 1, move, ch }));

describe('aporia', () => {
  it('is the first concession or insight after the tutor surfaced a contradiction', () => {
    expect(
      aporiaTurn(turnsOf(['insight', null], ['contradiction', 1], ['assertion', null], ['concession', null])),
    ).toBe(4);
  });

  it('does not count an insight in the very message that the surfacing reply answers', () => {
    expect(aporiaTurn(turnsOf(['insight', 1], ['assertion', null]))).toBeNull();
  });

  it('is null when no contradiction was surfaced, or only half', () => {
    expect(aporiaTurn(turnsOf(['contradiction', 0.5], ['insight', null]))).toBeNull();
    expect(aporiaTurn(turnsOf(['insight', null], ['concession', null]))).toBeNull();
    expect(aporiaTurn([])).toBeNull();
  });
});
