import { describe, expect, it, test } from '@jest/globals';
import { assess, context } from './shipped.ts';

const active_decoys = [
  { item_id: 'office-move', text: 'the move to the new office', terms: ['office', 'move', 'desk'] },
];
const said =
  'My team misses deadlines. By the way, the new office has awful desks, should we talk about the move?';
const follows = (tutor: string): boolean =>
  assess(tutor, 'end', context(said, { active_decoys })).violations.some(
    ({ violation }) => violation === 'follows_decoy',
  );

describe('an active decoy', () => {
  test.each([
    'What is wrong with the desks in the new office?',
    'The office move sounds stressful. Tell me more about the desks.',
    'How does the team feel about the move?',
  ])('is followed by asking about it: %s', (tutor) => {
    expect(follows(tutor)).toBe(true);
  });

  test.each([
    'I hear that the office bothers you. Let us stay with the deadlines: which one mattered most?',
    'The move can wait for now. What happened at the last deadline?',
    'What happened at the last deadline?',
    'How does the office move connect to the missed deadlines?',
  ])('is not followed by naming it briefly, or not at all: %s', (tutor) => {
    expect(follows(tutor)).toBe(false);
  });

  it('is found as a whole word, also in the plural, never inside another word', () => {
    expect(follows('What would better desks change for you?')).toBe(true);
    expect(follows('What made you remove the deadline?')).toBe(false);
    expect(follows('Which officer set the deadline?')).toBe(false);
  });

  it('counts for nothing when it is no longer active', () => {
    const { violations } = assess('What is wrong with the desks in the new office?', 'end', context(said));
    expect(violations.map(({ violation }) => violation)).not.toContain('follows_decoy');
  });

  it('costs relevance and purity', () => {
    const tutor = 'What is wrong with the desks in the new office?';
    const followed = assess(tutor, 'end', context(said, { active_decoys }));
    const free = assess(tutor, 'end', context(said));
    expect(followed.criteria.relevance).toBeLessThan(free.criteria.relevance);
    expect(followed.purity_pts).toBeLessThan(5);
    expect(followed.is_compliant).toBe(false);
  });
});
