import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { readTranscript } from '../../../core/metrics/external-dialogue.ts';
import { TRANSCRIPT_ROLES } from '../../../schemas/transcript.ts';

const read = (messages: unknown, rest: object = {}) => readTranscript({ messages, ...rest }, 'chats.jsonl:7');
const said = (...pairs: [role: string, text: string][]) => pairs.map(([role, text]) => ({ role, text }));

describe('a dialogue made elsewhere', () => {
  it('becomes turns of a student message and a reply, whatever the roles are called', () => {
    const { dialogue } = readTranscript(
      {
        messages: [
          { role: 'user', content: 'It is 7.' },
          { role: 'assistant', content: 'How do you know?' },
          { role: 'student', text: 'I counted.' },
          { role: 'teacher', text: 'What did you count?' },
          { role: 'student', text: 'Fingers.' },
          { role: 'tutor', text: 'Whose?' },
        ],
      },
      'x',
    );
    expect(dialogue?.turns).toEqual([
      { turn_index: 1, said: 'It is 7.', tutor_text: 'How do you know?' },
      { turn_index: 2, said: 'I counted.', tutor_text: 'What did you count?' },
      { turn_index: 3, said: 'Fingers.', tutor_text: 'Whose?' },
    ]);
  });

  it('joins neighbours of one role', () => {
    const { dialogue } = read(said(['student', 'a'], ['user', 'b'], ['tutor', 'c'], ['teacher', 'd']));
    expect(dialogue?.turns).toEqual([{ turn_index: 1, said: 'a\nb', tutor_text: 'c\nd' }]);
  });

  it('gives a tutor who opens a first turn with an empty student', () => {
    const { dialogue } = read(said(['tutor', 'Hello?'], ['student', 'Hi'], ['tutor', 'What brings you?']));
    expect(dialogue?.turns.map((turn) => turn.said)).toEqual(['', 'Hi']);
  });

  it('drops a last student message and says so', () => {
    const { dialogue } = read(said(['student', 'a'], ['tutor', 'b'], ['student', 'c']));
    expect(dialogue).toMatchObject({ has_unanswered_message: true, turns: [{ said: 'a', tutor_text: 'b' }] });
    expect(read(said(['student', 'a'])).dialogue).toMatchObject({ turns: [], has_unanswered_message: true });
    expect(read(said(['student', 'a'], ['tutor', 'b'])).dialogue?.has_unanswered_message).toBe(false);
  });

  it('keeps the name and the reference answer where there is one', () => {
    const { dialogue } = read(said(['tutor', 'a']), {
      dialogue_id: 'd1',
      meta: { reference_answer: '70', problem: 'ignored' },
      labels: 'ignored',
    });
    expect(dialogue).toMatchObject({ dialogue_id: 'd1', reference_answer: '70' });
    expect(read(said(['tutor', 'a'])).dialogue).toMatchObject({ dialogue_id: null, reference_answer: null });
  });

  it.each([
    [
      'an unknown role',
      said(['narrator', 'You are…']),
      /^chats\.jsonl:7: messages\[0\]\.role: expected .*student.*, got "narrator"$/,
    ],
    [
      'a message without words',
      [{ role: 'user' }],
      /messages\[0\]\.text: expected `text` or `content`, got nothing/,
    ],
    [
      'two different texts',
      [{ role: 'user', text: 'a', content: 'b' }],
      /messages\[0\]\.content: expected the same words/,
    ],
    [
      'words that are no string',
      [{ role: 'user', content: [{ type: 'text' }] }],
      /messages\[0\]\.content\[0\]\.text: expected string, got nothing/,
    ],
    ['no messages', [], /messages: expected .*got \[\]/],
    ['no list', 'hello', /messages: expected array, got "hello"/],
  ])('is refused with the place and what was expected: %s', (_name, messages, problem) => {
    const { dialogue, problems } = read(messages);
    expect(dialogue).toBeNull();
    expect(problems.join('\n')).toMatch(problem);
  });

  it.each([null, 3, 'text', []])('is refused when the line is %p', (line) => {
    expect(readTranscript(line, 'chats.jsonl:1').problems[0]).toMatch(/^chats\.jsonl:1: \(root\): expected /);
  });

  it('loses no word of the tutor and numbers the turns from 1', () => {
    const message = fc.record({ role: fc.constantFrom(...TRANSCRIPT_ROLES), text: fc.string() });
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 30 }), (messages) => {
        const turns = read(messages).dialogue!.turns;
        const isTutor = ({ role }: { role: string }) => role !== 'student' && role !== 'user';
        expect(turns.map((turn) => turn.tutor_text).join('\n')).toBe(
          messages
            .filter(isTutor)
            .map(({ text }) => text)
            .join('\n'),
        );
        expect(turns.map((turn) => turn.turn_index)).toEqual(turns.map((_, index) => index + 1));
      }),
    );
  });
});
