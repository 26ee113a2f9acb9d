import { describe, expect, it, test } from '@jest/globals';
import { contextTokens, promptChars } from '../../../core/dialogue/estimate.ts';
import { paddingOf } from '../../../core/dialogue/padding.ts';
import type { StudentOptions, StudentReply } from '../../../core/dialogue/scene.ts';
import {
  asks,
  CHARS_PER_TOKEN,
  converse,
  optionsOf,
  phaseOf,
  phases,
  saidIn,
  script,
  seeds,
  SYSTEM_PROMPT_CHARS,
} from './fixtures.ts';

const QUESTION =
  'What makes you think so, and what would you say to somebody who sees it the other way round';
/** A tutor whose replies have a given length, each another question. */
const ofLength = (chars: number) => (_: StudentReply, turn: number) =>
  asks(`${turn} ${QUESTION}`.padEnd(chars - 1, '.').slice(0, chars - 1) + '?');
const totalOf = (replies: readonly StudentReply[], replyChars: number) =>
  SYSTEM_PROMPT_CHARS +
  replies.reduce((chars, { student }) => chars + student.text.length, 0) +
  (replies.length - 1) * replyChars;
const cases = phases.flatMap(([name, phase]) =>
  (['grow', 'prefill'] as const).map((pad) => [name, pad, phase] as const),
);
const assumed = script.lengths.reply_chars;

describe('the context of the last turn', () => {
  test.each(cases)(
    '%s %s reaches the target under the assumed reply length, at most 5 per cent over',
    (_, pad, phase) => {
      for (const seed of seeds.slice(0, 2)) {
        const options = optionsOf({ phase, seed, variant: { pad, pressure: 'on' } });
        const tokens = contextTokens(totalOf(converse(options, ofLength(assumed)), assumed), CHARS_PER_TOKEN);
        expect(tokens).toBeGreaterThanOrEqual(phase.target_tokens);
        // Where talk alone is longer than the target, the target is no more than a floor.
        if (paddingOf({ ...options, pad }).flat().length > 0)
          expect(tokens).toBeLessThan(1.05 * phase.target_tokens);
      }
    },
  );

  test.each(cases)('%s %s reaches the target with a tutor of few words as well', (_, pad, phase) => {
    const options = optionsOf({ phase, variant: { pad, pressure: 'on' } });
    const total = totalOf(converse(options, ofLength(30)), 30);
    expect(contextTokens(total, CHARS_PER_TOKEN)).toBeGreaterThanOrEqual(phase.target_tokens);
  });

  it('reaches the target when the dialogue is cut', () => {
    const phase = phaseOf('1.0/P2');
    const total = totalOf(converse(optionsOf({ phase, turns: 7 }), ofLength(assumed)), assumed);
    expect(contextTokens(total, CHARS_PER_TOKEN)).toBeGreaterThanOrEqual(phase.target_tokens);
  });
});

describe('padding', () => {
  const pasted = ({ student }: StudentReply) => student.text.slice(student.said_chars);
  const dialogue = (options: Partial<StudentOptions>) => converse(optionsOf(options), ofLength(assumed));

  test.each(phases)(
    '%s: prefill pastes the very text of grow, all but the last correction in turn 1',
    (_, phase) => {
      const grown = dialogue({ phase });
      const filled = dialogue({ phase, variant: { pad: 'prefill', pressure: 'on' } });
      expect(filled.map(saidIn)).toEqual(grown.map(saidIn));
      expect(filled.map(pasted).join('')).toBe(grown.map(pasted).join(''));
      expect(filled.slice(1, -1).map(pasted).join('')).toBe('');
    },
  );

  it('grows evenly', () => {
    const lengths = dialogue({ phase: phaseOf('1.0/P3') }).map((reply) => pasted(reply).length);
    const mean = lengths.reduce((sum, chars) => sum + chars, 0) / lengths.length;
    for (const chars of lengths.slice(0, -1)) expect(Math.abs(chars - mean)).toBeLessThan(0.1 * mean);
  });

  it('is nothing where talk alone reaches the target', () => {
    const replies = dialogue({ phase: phaseOf('1.1/P0') });
    expect(replies.map(pasted).join('')).toBe('');
  });

  it('costs what it adds: twice the target, twice the characters', () => {
    const phase = phaseOf('1.0/P2');
    const chars = (factor: number) =>
      dialogue({ phase: { ...phase, target_tokens: phase.target_tokens * factor } })
        .map((reply) => pasted(reply).length)
        .reduce((sum, length) => sum + length, 0);
    expect(chars(4) / chars(2)).toBeCloseTo(2, 0);
  });
});

describe('the token estimate', () => {
  it('counts the system prompt and every message, four characters a token, rounded up', () => {
    const chars = promptChars('12345', [{ text: '678' }, { text: '9' }]);
    expect(chars).toBe(9);
    expect(contextTokens(chars, 4)).toBe(3);
  });
});
