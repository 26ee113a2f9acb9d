import type { Reply } from '../analyse-reply.ts';
import { ramp, type Finding } from '../finding.ts';
import type { ReadContext } from '../read-context.ts';

/** Words that point back at what was just said without repeating it. */
const POINTS_BACK =
  /\b(?:that|this|those|these|it|they|them|you (?:just )?(?:said|say|mentioned)|(?:you|do) mean|your (?:code|program|function|solution|answer|argument|claim|idea|view|example|text|draft|work|approach|reasoning|words|reading))\b/iu;

/** Praise or courtesy and nothing else. */
export function praiseFindings(reply: Reply): Finding[] {
  const { sentences } = reply;
  const first = sentences[0];
  const last = sentences.at(-1);
  if (first === undefined || last === undefined) return [];
  const isBare =
    sentences.every(({ kind }) => kind === 'praise' || kind === 'courtesy') &&
    sentences.some(({ kind }) => kind === 'praise');
  return isBare ? [{ violation: 'praise_only', start: first.start, end: last.end, strength: 1 }] : [];
}

/** How a reply relates to what was said before it; counts of distinct content stems. */
export interface Uptake {
  content: number;
  /** Also in the student's last message. */
  repeated: number;
  /** Not in the last message, but earlier in the dialogue or in the goal. */
  related: number;
  /** Uses a word that points back ("that", "your"), or quotes code that both have before them. */
  points_back: boolean;
}

export function uptakeOf(reply: Reply, context: ReadContext): Uptake {
  const own = new Set<string>();
  for (const { stems } of reply.sentences) for (const word of stems) own.add(word);
  let repeated = 0;
  let related = 0;
  for (const word of own) {
    if (context.said.has(word)) repeated += 1;
    else if (context.earlier.has(word) || context.tutor.has(word) || context.goal.has(word)) related += 1;
  }
  const points_back = reply.has_code || reply.sentences.some(({ text }) => POINTS_BACK.test(text));
  return { content: own.size, repeated, related, points_back };
}

/**
 * A reply with matter of its own that shares nothing with what was said before. The more the student has said, the less
 * that is chance; pointing back ("that", shared code) speaks against it.
 */
export function ignoringFindings(reply: Reply, context: ReadContext, uptake: Uptake): Finding[] {
  const first = reply.sentences[0];
  const last = reply.sentences.at(-1);
  if (first === undefined || last === undefined || uptake.repeated + uptake.related > 0) return [];
  const clear = Math.min(ramp(context.said.size, 1, 8), ramp(uptake.content, 0, 4));
  const strength = clear * (uptake.points_back ? 0.3 : 0.75);
  return strength > 0 ? [{ violation: 'ignores_student', start: first.start, end: last.end, strength }] : [];
}
