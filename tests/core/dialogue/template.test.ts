import { describe, expect, it, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createDeck } from '../../../core/dialogue/deck.ts';
import { prepareScript } from '../../../core/dialogue/prepare-script.ts';
import { shortName } from '../../../core/dialogue/prepare-seed.ts';
import {
  parseTemplate,
  renderTemplate,
  slotsOf,
  withoutStop,
  withStop,
} from '../../../core/dialogue/template.ts';
import { withTypos } from '../../../core/dialogue/noise.ts';
import { randomFrom } from '../../../core/identity/random.ts';
import { script } from './fixtures.ts';

const render = (text: string, draw: number) =>
  renderTemplate(
    parseTemplate(text),
    () => draw,
    (slot) => slot.toUpperCase(),
  );

describe('a template', () => {
  it('fills slots and takes one side of each alternative, nested ones too', () => {
    expect(render('[a {x}|b [c|d]] e', 0)).toBe('a X e');
    expect(render('[a {x}|b [c|d]] e', 0.9)).toBe('b d e');
    expect(render('x[| y] z', 0)).toBe('x z');
  });

  it('knows the slots of all its sides', () => {
    expect([...slotsOf(parseTemplate('{a} [{b}|[{c}|d]]'))].sort()).toEqual(['a', 'b', 'c']);
  });

  test.each(['[a|b', 'a {b', 'a] b'])('that is not closed is refused: %s', (text) => {
    expect(() => parseTemplate(text)).toThrow(SyntaxError);
  });

  it('with a slot that nothing fills is refused, and the message names it', () => {
    const broken = { ...script, asides: ['Hello {nobody}.', ...script.asides] };
    expect(() => prepareScript(broken)).toThrow(/\{nobody\}/);
  });

  test.each([
    ['yes', 'yes.'],
    ['yes.', 'yes.'],
    ['"yes?"', '"yes?"'],
    ['(yes)', '(yes).'],
  ])('ends as a sentence: %s → %s', (text, ended) => {
    expect(withStop(text)).toBe(ended);
    expect(withoutStop('yes. ')).toBe('yes');
  });
});

describe('a deck', () => {
  it('deals every item once before any comes again', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(), { minLength: 1, maxLength: 20 }), fc.string(), (items, seed) => {
        const deck = createDeck(items, randomFrom(seed));
        for (let round = 0; round < 3; round += 1) {
          const dealt = items.map(() => deck.deal());
          expect([...dealt].sort()).toEqual([...items].sort());
        }
      }),
    );
  });

  it('deals in an order of chance', () => {
    const items = Array.from({ length: 20 }, (_, index) => index);
    const orderOf = (seed: string) => {
      const deck = createDeck(items, randomFrom(seed));
      return items.map(() => deck.deal());
    };
    expect(orderOf('a')).toEqual(orderOf('a'));
    expect(orderOf('a')).not.toEqual(orderOf('b'));
  });

  it('deals what is accepted, and null where nothing is', () => {
    const deck = createDeck([1, 2, 3, 4], randomFrom('x'));
    expect(deck.deal((item) => item > 3)).toBe(4);
    expect(deck.deal((item) => item > 9)).toBeNull();
    expect(createDeck([], randomFrom('x')).deal()).toBeNull();
  });
});

describe('slips of the keyboard', () => {
  const text = 'Yesterday Priya approved everything before lunch, without looking twice.';

  it('hit about the share asked for, and neither names nor protected words', () => {
    const random = randomFrom('typos');
    let changed = 0;
    for (let time = 0; time < 200; time += 1) {
      const noisy = withTypos(text, 0.2, random, (word) => word === 'approved');
      expect(noisy).toContain('Priya approved');
      expect(noisy).toContain('Yesterday');
      expect(noisy.split(' ')).toHaveLength(text.split(' ').length);
      changed += noisy.split(' ').filter((word, index) => word !== text.split(' ')[index]).length;
    }
    const longWords = 6; // everything, before, lunch, without, looking, twice
    expect(changed / (200 * longWords)).toBeGreaterThan(0.12);
    expect(changed / (200 * longWords)).toBeLessThan(0.25);
  });

  it('leave a text alone at share 0', () => {
    expect(withTypos(text, 0, randomFrom('x'), () => false)).toBe(text);
  });
});

describe('a name in passing', () => {
  test.each([
    ['Tomas Wieland', 'Tomas'],
    ['Dr Hruby', 'Dr Hruby'],
    ['Katka from the print shop', 'Katka'],
    ['the agent Mr Wrona', 'Mr Wrona'],
    ["Ola's mother", "Ola's mother"],
    ['Mira, seven', 'Mira'],
    ['the caretaker', 'the caretaker'],
  ])('%s → %s', (person, name) => {
    expect(shortName(person)).toBe(name);
  });
});
