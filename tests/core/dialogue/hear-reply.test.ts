import { describe, expect, it, test } from '@jest/globals';
import { hearReply, lastQuestion, takeUp, type Listener } from '../../../core/dialogue/hear-reply.ts';
import { prepareScript } from '../../../core/dialogue/prepare-script.ts';
import type { ReplyReading } from '../../../core/heuristics/read-reply.ts';
import { asks, script } from './fixtures.ts';

const prepared = prepareScript(script);
const listener = (changes: Partial<Listener> = {}): Listener => ({
  prepared,
  isKnown: () => true,
  isSideMatter: () => false,
  open: [],
  recentQuestions: [],
  ...changes,
});
const actOf = (text: string, changes: Partial<ReplyReading> = {}, heard: Partial<Listener> = {}) =>
  hearReply(asks(text, changes).reading, text, listener(heard)).act;

describe('hearing a reply', () => {
  test.each<[string, string, Partial<ReplyReading>]>([
    ['nothing', '', { is_empty: true, question_count: 0 }],
    ['advice', 'You should rest. Why not?', { gives_advice: true }],
    ['telling', 'The answer is four.', { tells: true, question_count: 0 }],
    ['no_question', 'I see.', { question_count: 0 }],
    ['many_questions', 'Why? How? Since when?', { question_count: 3 }],
    ['closed_question', 'You said that. Is that always so?', { question_type: 'assumption' }],
    ['closed_question', 'If nobody decides, do they learn?', { question_type: 'implication' }],
    ['evidence', 'How do you know that?', { question_type: 'evidence' }],
    ['other', 'And how about that?', { question_type: 'none' }],
  ])('takes it for %s: %s', (act, text, reading) => {
    expect(actOf(text, reading)).toBe(act);
  });

  it('notices a contradiction before anything else but silence', () => {
    const open = [{ slot: 'a', isNamed: (text: string) => text.includes('both') }];
    expect(actOf('You should see that you said both.', { gives_advice: true }, { open })).toBe(
      'contradiction_named',
    );
    expect(actOf('', { is_empty: true }, { open })).toBe('nothing');
  });

  it('takes a question without a known word for off topic, but never one of general words alone', () => {
    const heard = { isKnown: () => false };
    expect(actOf('Which purple giraffes swim through marmalade?', {}, heard)).toBe('off_topic');
    expect(actOf('What makes you think that is different?', {}, heard)).toBe('evidence');
  });

  it('takes a question about a side matter for off topic, unless it comes back to the subject', () => {
    const isSideMatter = (question: string) => question.includes('bicycle');
    expect(actOf('What is that bicycle like?', {}, { isSideMatter, isKnown: () => false })).toBe('off_topic');
    expect(
      actOf(
        'Apart from the bicycle, what of the team?',
        {},
        { isSideMatter, isKnown: (stem) => stem === 'team' },
      ),
    ).toBe('evidence');
  });

  it('never takes a question about the process for off topic', () => {
    const meta = { question_type: 'meta' as const };
    expect(actOf('Which purple giraffes swim through marmalade?', meta, { isKnown: () => false })).toBe(
      'meta',
    );
  });

  it('notices the question it heard a moment ago, whatever stands before it', () => {
    const recentQuestions = ['what would change'];
    expect(actOf('I hear you. What would change?', {}, { recentQuestions })).toBe('repeated_question');
  });
});

describe('the words taken up', () => {
  const generic = prepared.genericWords;
  test.each([
    ['What makes you say "nobody asked me"', 'nobody asked me'],
    ['What would your sister say about the late reports', 'late reports'],
    ['How do you know that', null],
    ['Why, then, is quality, for you, control', 'quality'],
  ])('%s → %s', (question, words) => {
    expect(takeUp(question, generic)).toBe(words);
  });

  it('come from the last question, not from what stands around it', () => {
    expect(lastQuestion('You said A. What is B? Take your time.')).toBe('What is B');
    expect(lastQuestion('Just a statement.\nAnd another')).toBe('And another');
  });
});
