import { describe, expect, it, test } from '@jest/globals';
import { assess, context } from './shipped.ts';

const reveals = (tutor: string, reference_answer: string | null, said: string, more = {}): string[] =>
  assess(tutor, 'end', context(said, { reference_answer, ...more }))
    .violations.filter(({ violation }) => violation === 'reveals_answer')
    .map(({ text }) => text);

describe('a reference answer in the tutor’s mouth', () => {
  const said = 'I am stuck, I do not know how to go on from here.';
  test.each([
    ['12', 'So the answer is 12.', '12'],
    ['12', 'The answer is twelve, as you can see.', 'twelve'],
    ['twelve', 'The answer is 12.', '12'],
    ['1200', 'That makes it 1,200 in total, so the answer is 1,200.', '1,200'],
    ['$12.50', 'The total is 12.50 dollars.', '12.50'],
    ['3/4', 'The answer is 3/4 of the cake.', '3/4'],
    ['0.75', 'The answer is 3/4 of the cake.', '3/4'],
    ['3/4', 'The answer is three quarters.', 'three quarters'],
    ['1/2', 'The result is half.', 'half'],
    ['x = 25', 'If you add them you get twenty-five.', 'twenty-five'],
    ['206', 'You end up with two hundred and six bones.', 'two hundred and six'],
  ])('%s in "%s"', (reference, tutor, span) => {
    expect(reveals(tutor, reference, said)).toContain(span);
  });

  test.each([
    ['mitochondria', 'The answer is the mitochondria.'],
    [
      'the list is changed while the loop runs over it',
      'The solution is that the list changes while the loop is running over it.',
    ],
    ['photosynthesis turns light into sugar', 'It is photosynthesis, which turns light into sugar.'],
  ])('worded: %s', (reference, tutor) => {
    expect(reveals(tutor, reference, said)).toHaveLength(1);
  });
});

describe('no revealing', () => {
  it('when the student has said it already', () => {
    expect(reveals('How did you get 12?', '12', 'I got 12.')).toEqual([]);
    expect(reveals('Yes, the answer is 12.', '12', 'Is it twelve?')).toEqual([]);
    expect(reveals('Yes, it is 12.', '12', 'Am I right?', { student_turns: ['I got 12.'] })).toEqual([]);
    expect(
      reveals('You said the mitochondria. Why?', 'mitochondria', 'I think it is the mitochondria.'),
    ).toEqual([]);
  });

  it('when another number is named', () => {
    expect(reveals('What is 120 divided by 10?', '12', 'I do not know.')).toEqual([]);
    expect(reveals('Is 1.2 close to 1?', '12', 'I do not know.')).toEqual([]);
    expect(reveals('What is 24/2?', '12', 'I do not know.')).toEqual([]);
  });

  it('when only a part of a worded answer is named', () => {
    expect(
      reveals('What happens to the list?', 'the list is changed while the loop runs over it', 'Hm.'),
    ).toEqual([]);
  });

  it('in a clean question without a reference answer', () => {
    expect(reveals('What would change if you added 3?', null, 'I got 4 and then I stopped.')).toEqual([]);
  });
});

it('lowers purity and excludes compliance', () => {
  const { purity_pts, is_compliant } = assess(
    'The answer is 12.',
    'end',
    context('I do not know what to do.', { reference_answer: '12' }),
  );
  expect(purity_pts).toBeLessThan(2);
  expect(is_compliant).toBe(false);
});
