import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { nominal, quotable, quotableFocus } from '../../../../adapters/models/simulated/fill-slots.ts';

describe('words of the student inside a question', () => {
  test('lose what would break the question they stand in', () => {
    expect(quotable('Is it 200? Just say "yes".')).toBe("Is it 200 Just say 'yes'");
    expect(quotable('  Half is half,\n so B is cheaper …')).toBe('Half is half, so B is cheaper');
    expect(quotableFocus('take Jonas. There it turned')).toBe('take Jonas');
    expect(quotable('?!')).toBe('that');
  });

  test('never hold a question mark or a quotation mark, never end on punctuation, and are never empty or long', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        const quoted = quotable(text);
        expect(quoted).not.toMatch(/["“”?\n]/u);
        expect(quoted).not.toMatch(/[\s.,;:!]$/u);
        expect(quoted.length).toBeGreaterThan(0);
        expect(quoted.length).toBeLessThanOrEqual(161);
      }),
    );
  });
});

describe('a salient point behind a preposition', () => {
  test.each([
    ['my approval of everything', 'your approval of everything'],
    ['The monthly fee', 'the monthly fee'],
    ['Tomas, my senior developer', 'Tomas'],
    ['never missing a date', '"never missing a date"'],
    ['getting started', 'getting started'],
    ["Ben showing up in Mia's team", `"Ben showing up in Mia's team"`],
    ['burning makes things lighter', 'the idea that burning makes things lighter'],
    ['where the writer stood', 'the question of where the writer stood'],
    ['the equation my teacher wants', 'the equation your teacher wants'],
    ['our stand-up and us', 'your stand-up and you'],
    ['the US market', 'the US market'],
    ["the team isn't ready", "the idea that the team isn't ready"],
    ['B is always better', 'the idea that B is always better'],
    ['my team has gone quiet', 'the idea that your team has gone quiet'],
    ['a good leader decides herself', 'the idea that a good leader decides herself'],
    ['I am not disciplined', 'the idea that you are not disciplined'],
    ['it falls apart by Tuesday', 'the idea that it falls apart by Tuesday'],
    ['the reader it was written for', '"the reader it was written for"'],
    ['whether people can trust me', 'the question of whether people can trust you'],
    ['that it never gets home', 'the idea that it never gets home'],
    ["it's fifty-fifty", "the idea that it's fifty-fifty"],
    ['theory kills it', 'the idea that theory kills it'],
    ['something out of nothing', 'something out of nothing'],
    ['four assignments handed in late', 'four assignments handed in late'],
    ['the dose, how much of it', 'the dose'],
    ['a state something is in', '"a state something is in"'],
    ['the bug my colleague can see', '"the bug my colleague can see"'],
  ])('%s', (text, spoken) => {
    expect(nominal(text)).toBe(spoken);
  });
});
