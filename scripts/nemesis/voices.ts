import { sha256Hex } from '../../core/identity/hash.ts';
import { CRITERION_NAMES } from '../../schemas/common.ts';

/** What the tutors behind the provider say: most of it asks, some of it tells, so that half-lives end and scores differ. */
const REPLIES = [
  'What makes you say that?',
  'You said it follows. What would have to be true for it not to?',
  'Which part of that are you least sure of, and why?',
  'Suppose a friend saw it the other way. What might they be seeing that you are not?',
  'How did you get from the first point to the second?',
  'What happens to your rule if you try it on a case at the edge?',
  'Think of the last time it went otherwise. What was different then?',
  'The answer is simply that you should plan your week on Sunday evening and stick to it.',
  "Don't you think you should rest more?",
  'Let me explain. There are three causes, and the second one matters most here.',
  'What would count as evidence for it? And what against?',
  'Good. What does that leave open?',
];

/** A text's number in [0, n): the same text, the same number. */
export function numberOf(text: string, n: number): number {
  return Number.parseInt(sha256Hex(text).slice(0, 8), 16) % n;
}

/** A tutor's reply to a conversation; `sample` is what a temperature adds. */
export function tutorReply(conversation: string, sample: string): string {
  return REPLIES[numberOf(`${conversation}#${sample}`, REPLIES.length)]!;
}

/**
 * A judge's answer to a question, in the order of its asks. One in eight first answers is not JSON, one in twenty stays
 * unreadable (the secondary judge's turn), one in thirty is a refusal: always the same ones, a bad answer is never re-rolled.
 */
export function judgeReply(question: string, ask: number): { text: string; refusal?: string } {
  const fate = numberOf(`fate:${question}`, 120);
  if (fate < 4) return { text: '', refusal: 'I would rather not mark this.' };
  if (fate < 10) return { text: `{"rationale": "cut off in the mid` };
  if (fate < 25 && ask === 1) return { text: 'Certainly! A fine question, I would say 8 out of 10.' };
  const mark = (name: string) => 2 + numberOf(`${name}:${question}`, 4);
  const criteria = Object.fromEntries(CRITERION_NAMES.map((name) => [name, { mark: mark(name), quote: '' }]));
  return { text: JSON.stringify({ rationale: 'As marked.', criteria, violations: [] }) };
}
