import type { Reply } from '../analyse-reply.ts';
import type { Finding } from '../finding.ts';
import type { ReadContext } from '../read-context.ts';
import { contentStems } from '../text/words.ts';

/** Words that point back at what was just said without repeating it. */
const POINTS_BACK =
  /\b(?:that|this|those|these|it|they|them|there|so|your|you said|you mentioned|mean|then|here|such)\b/iu;

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

/** Shares of what the student said that a reply takes up. */
export interface Uptake {
  /** Content stems of the last message that the reply repeats, count. */
  repeated: number;
  /** The same as a share of the reply's content stems, 0–1. */
  share_of_reply: number;
  /** Stems shared with the dialogue and the goal, count. */
  related: number;
  points_back: boolean;
  content_words: number;
}

export function uptakeOf(reply: Reply, context: ReadContext): Uptake {
  const own = contentStems(reply.words);
  let repeated = 0;
  let related = 0;
  for (const word of own) {
    const isSaid = context.said.has(word);
    if (isSaid) repeated += 1;
    if (isSaid || context.earlier.has(word) || context.tutor.has(word) || context.goal.has(word))
      related += 1;
  }
  return {
    repeated,
    related,
    share_of_reply: own.size === 0 ? 0 : repeated / own.size,
    points_back: reply.sentences.some(({ text }) => POINTS_BACK.test(text)),
    content_words: own.size,
  };
}

/** A reply with matter of its own that neither repeats nor points back at anything the student said. */
export function ignoringFindings(reply: Reply, context: ReadContext, uptake: Uptake): Finding[] {
  const first = reply.sentences[0];
  if (first === undefined || context.said.size < 3 || uptake.content_words < 3 || uptake.related > 0)
    return [];
  return [
    {
      violation: 'ignores_student',
      start: first.start,
      end: reply.sentences.at(-1)?.end ?? first.end,
      strength: uptake.points_back ? 0.3 : 0.7,
    },
  ];
}
