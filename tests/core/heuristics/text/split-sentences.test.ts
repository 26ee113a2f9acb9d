import { describe, expect, it, test } from '@jest/globals';
import * as fc from 'fast-check';
import { splitSentences } from '../../../../core/heuristics/text/split-sentences.ts';

const split = (text: string): string[] =>
  splitSentences(text).map(({ start, end }) => text.slice(start, end));

describe('sentences', () => {
  test.each([
    ['One. Two? Three!', ['One.', 'Two?', 'Three!']],
    ['It is 3.5 metres. Why?', ['It is 3.5 metres.', 'Why?']],
    ['Use it, e.g. here. Ok?', ['Use it, e.g. here.', 'Ok?']],
    ['Ask Dr. Smith. Ok?', ['Ask Dr. Smith.', 'Ok?']],
    ['He said "Why?" and left.', ['He said "Why?"', 'and left.']],
    ['1. First\n2. Second', ['1. First', '2. Second']],
    ['Really?! No…  Yes.', ['Really?!', 'No…', 'Yes.']],
    ['好吗？好。', ['好吗？', '好。']],
    ['our number gets 10 added to it What is 10 + 4?', ['our number gets 10 added to it', 'What is 10 + 4?']],
    ['—\n…\n', []],
  ])('of %j', (text, expected) => {
    expect(split(text)).toEqual(expected);
  });

  it('lie in order inside the text, do not overlap and lose no letter', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const spans = splitSentences(text);
        let last = 0;
        for (const { start, end } of spans) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          last = end;
        }
        expect(last).toBeLessThanOrEqual(text.length);
        const letters = (part: string): number => part.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
        expect(spans.reduce((sum, { start, end }) => sum + letters(text.slice(start, end)), 0)).toBe(
          letters(text),
        );
      }),
    );
  });
});
