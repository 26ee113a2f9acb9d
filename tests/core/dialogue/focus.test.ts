import { describe, expect, it, test } from '@jest/globals';
import { focusOf } from '../../../core/dialogue/focus.ts';

const of = (text: string, phrases: string[] = [], items: string[] = []) =>
  focusOf({ text, phrases, items, isSalient: () => false });

describe('the focus of a message', () => {
  test.each([
    ["A plan has to be complete or it's worthless.", 'a plan has to be complete'],
    ['To be honest, my best boss let me decide, and so on.', 'my best boss let me decide'],
    [
      'All right, Tomas waited two days for my sign off on a button colour.',
      'Tomas waited two days for my sign off',
    ],
  ])('of "%s" is a clause or words of it that can be quoted: %s', (text, focus) => {
    expect(of(text)).toBe(focus);
  });

  it('does not cut a denial from its reason', () => {
    expect(of("I can't say the print shop works because of a system.", [], ['the print shop'])).not.toMatch(
      /works$/,
    );
  });

  it('is no question of the student', () => {
    expect(of('Why does it feel like work? My planning takes two hours.')).toBe(
      'my planning takes two hours',
    );
  });

  it('prefers what the words were built around, cut where it is too long', () => {
    expect(of('Look at it.', ['the four apps of this year and why each of them was dropped'])).toBe(
      'the four apps of this year',
    );
  });

  it('falls back to the salient item spoken of', () => {
    expect(of('It is what it is.', [], ['my planning on Sundays'])).toBe('my planning on Sundays');
  });

  it('prefers the clause that speaks of a salient item', () => {
    const text = 'the old tram rattled, my plans fell over';
    expect(focusOf({ text, phrases: [], items: [], isSalient: (clause) => clause.includes('plans') })).toBe(
      'my plans fell over',
    );
  });
});
