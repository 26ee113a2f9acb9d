import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { piecesOf } from '../../dashboard/src/format/spans.ts';

const LONE_SURROGATE = /\p{Surrogate}/u;

it('cuts a reply at the borders of violations, overlapping ones too', () => {
  expect(
    piecesOf('Do it. Clear?', [
      { violation: 'directive', start: 0, end: 6 },
      { violation: 'advice', start: 3, end: 6 },
      { violation: 'closed_question', start: 7, end: 13 },
    ]),
  ).toEqual([
    { text: 'Do ', violations: ['directive'] },
    { text: 'it.', violations: ['directive', 'advice'] },
    { text: ' ', violations: [] },
    { text: 'Clear?', violations: ['closed_question'] },
  ]);
});

it('leaves spans of the whole reply (0–0) and those outside the text to the caller', () => {
  expect(piecesOf('Hm.', [{ violation: 'no_question', start: 0, end: 0 }])).toEqual([
    { text: 'Hm.', violations: [] },
  ]);
  expect(piecesOf('', [{ violation: 'empty', start: 4, end: 9 }])).toEqual([]);
});

it('loses no character of any text, and cuts no surrogate pair', () => {
  const span = fc.record({
    violation: fc.constantFrom('advice', 'telling'),
    start: fc.integer({ min: -5, max: 60 }),
    end: fc.integer({ min: -5, max: 60 }),
  });
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.array(span, { maxLength: 5 }),
      (text, spans) => {
        const pieces = piecesOf(text, spans);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
        for (const piece of pieces) expect(piece.text).not.toMatch(LONE_SURROGATE);
      },
    ),
  );
});
