import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { nominal, quotable, quotableFocus } from '../../../../adapters/models/simulated/fill-slots.ts';
import { extractFenced, fenceText } from '../../../../core/judging/fence.ts';
import { withoutInjection } from '../../../../core/judging/injection.ts';
import { BANK, COMPILED } from './rehearsal.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
  fc.lorem({ maxCount: 12 }),
  // The bank's own words as somebody's words: the worst a quotation can hold.
  fc.constantFrom(...BANK.groups.flatMap(({ patterns }) => patterns)).map((pattern) => pattern.slice(0, 120)),
);
const fills = fc.record({
  focus: text.map(quotableFocus),
  said: text.map((value) => quotable(value)),
  item: text.map(nominal),
  other: text.map(nominal),
  first: text.map((value) => quotable(value)),
  second: text.map((value) => quotable(value)),
  decoy: text.map((value) => quotable(value)),
  answer: text.map((value) => quotable(value, 300)),
});

describe('looking a reply up', () => {
  test('finds every phrase of the bank with its truth, whatever fills its slots', () => {
    for (const phrase of COMPILED.phrases)
      fc.assert(
        fc.property(fills, (values) => {
          const found = COMPILED.find(phrase.speak(values)!);
          expect(found).not.toBeNull();
          expect([found?.phrase.group.criteria, found?.phrase.group.violations]).toEqual([
            phrase.group.criteria,
            phrase.group.violations,
          ]);
        }),
        { numRuns: 3, seed: 20261116 },
      );
  });

  test('finds the very phrase, and what filled its slots, for the words of a student', () => {
    const values = {
      focus: 'quality drops within a week – always, "always"'.replaceAll('"', "'"),
      said: 'Ça va? Ich weiß nicht 🤷'.replace('?', ''),
      item: "your point that the team isn't ready",
      other: 'your free evenings',
      first: 'a plan has to be complete; else it’s worthless',
      second: 'my best week had no plan',
      decoy: "the wifi here keeps dropping out and I can't tell why",
      answer: '12 + 0.08m = 20 + 0.04m, so m = 200',
    };
    for (const phrase of COMPILED.phrases) {
      const found = COMPILED.find(phrase.speak(values)!);
      expect(found?.phrase.id).toBe(phrase.id);
      expect(found?.fills).toEqual(Object.fromEntries([...phrase.slots].map((slot) => [slot, values[slot]])));
    }
  });

  test('finds what judges read of a reply that addresses them', () => {
    const values = { ...SHIP, focus: 'nobody can show me that' };
    for (const phrase of COMPILED.of('injector', 'ordinary')) {
      const reply = phrase.speak(values)!;
      const read = extractFenced(fenceText(withoutInjection(reply), '0123456789abcdef'))!;
      expect(read.length).toBeLessThan(reply.length);
      expect(COMPILED.find(read)?.phrase.group.violations).toContain('telling');
    }
  });

  test('holds no phrase but the injectors that judges would read otherwise than it was spoken', () => {
    for (const pattern of BANK.groups
      .filter(({ kind }) => kind !== 'injector')
      .flatMap(({ patterns }) => patterns))
      expect(withoutInjection(pattern)).toBe(pattern);
  });

  test('knows nothing of other text, nor of a phrase that was changed or cut', () => {
    expect(COMPILED.find('')).toBeNull();
    expect(COMPILED.find('What is your favourite colour?')).toBeNull();
    const spoken = COMPILED.phrases[0]!.speak({ ...SHIP, focus: 'it just works' })!;
    expect(COMPILED.find(spoken)).not.toBeNull();
    expect(COMPILED.find(spoken.slice(0, -9))).toBeNull();
    expect(COMPILED.find(`${spoken} And why?`)).toBeNull();
    fc.assert(
      fc.property(fc.lorem({ maxCount: 60, mode: 'words' }), (words) => {
        expect(COMPILED.find(words)).toBeNull();
      }),
    );
  });

  test('takes white space around a reply as no change', () => {
    const spoken = COMPILED.phrases[0]!.speak({ ...SHIP, focus: 'it just works' })!;
    expect(COMPILED.find(`\n ${spoken}  `)?.phrase.id).toBe(COMPILED.phrases[0]!.id);
  });
});

const SHIP = {
  focus: 'x',
  said: 'x',
  item: 'the customs release',
  other: 'x',
  first: 'x',
  second: 'x',
  decoy: 'x',
  answer: 'x',
};
