import { describe, expect, it } from '@jest/globals';
import { mentionsAny } from '../../../core/dialogue/mentions.ts';
import { createSalience } from '../../../core/dialogue/salience.ts';

const itemOf = (item_id: string, weight: number) => ({
  item: { item_id, text: `my ${item_id}`, terms: [item_id], kind: 'entity' as const, weight },
  isMentioned: mentionsAny([item_id]),
});
const open = () =>
  createSalience([itemOf('plan', 1), itemOf('team', 2), itemOf('date', 1)], { decay_per_turn: 0.5 });
const idsAt = (salience: ReturnType<typeof open>, turn: number) =>
  salience.alive(turn).map(({ item_id }) => item_id);

describe('salient items', () => {
  it('come by weight while none was mentioned', () => {
    expect(idsAt(open(), 1)[0]).toBe('team');
  });

  it('are alive once mentioned, in any common form of their words', () => {
    const salience = open();
    expect(salience.mention('We planned it twice.', 1)).toEqual([]);
    expect(salience.mention('The plans failed.', 1)).toEqual(['my plan']);
    expect(idsAt(salience, 1)).toEqual(['plan']);
  });

  it('fade with age and rise with repetition', () => {
    const salience = open();
    salience.mention('team', 1);
    salience.mention('plan', 3);
    expect(idsAt(salience, 3)).toEqual(['plan', 'team']); // 1 against 2 · 0.5²
    salience.mention('team', 4);
    expect(idsAt(salience, 4)).toEqual(['team', 'plan']);
    salience.mention('plan', 6);
    salience.mention('plan', 7);
    expect(idsAt(salience, 7)).toEqual(['plan', 'team']);
  });

  it('can be listed all, with the turn of their last mention', () => {
    const salience = open();
    salience.mention('date', 5);
    expect(salience.every(6).map(({ item_id, last_turn }) => [item_id, last_turn])).toEqual([
      ['date', 5],
      ['team', 0],
      ['plan', 0],
    ]);
  });
});
