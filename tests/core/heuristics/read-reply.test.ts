import { describe, expect, it, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readReply } from '../../../core/heuristics/read-reply.ts';
import { QUESTION_TYPES } from '../../../schemas/heuristic-result.ts';

describe('what a listener notices', () => {
  test.each([
    ['What do you mean by fair?', 'clarify'],
    ['What exactly do you mean by that?', 'clarify'],
    ['What does the word "always" mean to you?', 'clarify'],
    ['How would you say it in your own words?', 'clarify'],
    ['What are you taking for granted there?', 'assumption'],
    ['What does that view rest on?', 'assumption'],
    ['Why do you think so?', 'evidence'],
    ['How did you first arrive at that?', 'evidence'],
    ['You say "what if it rains". Why?', 'evidence'],
    ['How would your brother see it?', 'viewpoint'],
    ['What would somebody who disagrees say?', 'viewpoint'],
    ['What would happen if everybody did that?', 'implication'],
    ['What would that mean for your team?', 'implication'],
    ['Are these questions helpful to you?', 'meta'],
    ['Great work.', 'none'],
  ])('%s asks for %s', (text, type) => {
    expect(readReply(text).question_type).toBe(type);
  });

  it('counts questions, not follow-ups and not question marks in code', () => {
    expect(readReply('What is it? Why?').question_count).toBe(1);
    expect(readReply('What is it? Where does it come from?').question_count).toBe(2);
    expect(readReply('What does `x ? y : z` do?').question_count).toBe(1);
    expect(readReply('```\nwhy?\n```').question_count).toBe(0);
  });

  it('takes an invitation for a question', () => {
    expect(readReply('Tell me more about that.').question_count).toBe(1);
  });

  it('hears advice and telling', () => {
    expect(readReply('You should call her.')).toMatchObject({ gives_advice: true });
    expect(readReply('What should you do?')).toMatchObject({ gives_advice: false, tells: false });
    expect(readReply('The reason is that the list shrinks while the loop goes on.')).toMatchObject({
      tells: true,
    });
  });

  it('notices when there is nothing', () => {
    expect(readReply('  \n')).toEqual({
      question_count: 0,
      question_type: 'none',
      gives_advice: false,
      tells: false,
      is_empty: true,
    });
  });

  it('copes with any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const reading = readReply(text);
        expect(reading.question_count).toBeGreaterThanOrEqual(0);
        expect(QUESTION_TYPES).toContain(reading.question_type);
      }),
    );
  });
});
