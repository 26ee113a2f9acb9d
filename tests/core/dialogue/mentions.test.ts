import { describe, expect, it, test } from '@jest/globals';
import { mentionsAny, namesSide } from '../../../core/dialogue/mentions.ts';
import { contentStems, wordsOf } from '../../../core/heuristics/text/words.ts';

describe('naming a matter', () => {
  const names = mentionsAny(['approve', 'sign off', "can't judge", 'team=[]']);

  test.each([
    ['Do you approve?', true],
    ['She approved it.', true],
    ['What does Sign off mean?', true],
    ['They can’t judge it.', true],
    ['the default team=[] again', true],
    ['Is there approval?', false],
    ['disapprove', false],
    ['sign and off', false],
  ])('%s: %s', (text, expected) => {
    expect(names(text)).toBe(expected);
  });
});

describe('naming one side of a contradiction', () => {
  const first = {
    text: 'A good leader makes the important decisions herself.',
    terms: ['decisions herself'],
  };
  const second = { text: 'My best boss let me decide.', terms: ['best boss'] };
  const isFirst = namesSide(first, second, { least_words: 2, least_frac: 0.34 });
  const named = (text: string) => isFirst(text, contentStems(wordsOf(text)));

  it('is done by one of its terms', () => {
    expect(named('So the decisions herself, you say?')).toBe(true);
  });

  it('is done by a paraphrase that holds enough of its own words', () => {
    expect(named('You said that a leader takes what is important on herself.')).toBe(true);
  });

  it('is not done by a single word or by the words of the other side', () => {
    expect(named('What is a leader for you?')).toBe(false);
    expect(named('And your boss let you decide?')).toBe(false);
  });
});
