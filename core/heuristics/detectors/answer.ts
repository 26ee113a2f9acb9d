import type { Reply, Sentence } from '../analyse-reply.ts';
import type { Finding } from '../finding.ts';
import type { ReadContext } from '../read-context.ts';
import { isSameNumber, type NumberMention } from '../text/numbers.ts';

const ANNOUNCED =
  /(?:\b(?:answer|solution|result|total|correct (?:one|word|value)) (?:here )?(?:is|was|would be|should be|comes to)|(?:which|that) (?:equals|gives (?:us|you)|makes|comes to)|\b(?:we|you) (?:get|end up with|are left with|should get|would get)|\bequals?|=|\bit(?:['’]s| is| should be| would be)|\bis actually)\s*(?:[\p{L}]+ ){0,3}[$€£"'“‘*(]*$/iu;

/** Share of a worded answer's content words that a sentence must hold to name it, and the student to have said it. */
const WORDED_SHARE = 0.75;

/** Mentions looked at: further ones show nothing more. */
const MAX_MENTIONS = 20;
/** Characters before a mention in which it may be announced. */
const LOOK_BACK_CHARS = 80;

/** Where and how the reference answer stands in a reply. */
export interface AnswerMention {
  start: number;
  end: number;
  sentence: Sentence;
  /** Behind "the answer is", "=" and the like. */
  is_announced: boolean;
  /** The last number (or, for a worded answer, the last sentence) of the reply. */
  is_last: boolean;
}

/** What is known of the reference answer in this turn; all false without one. */
export interface AnswerReading {
  has_reference: boolean;
  mentions: readonly AnswerMention[];
  said_by_student: boolean;
  said_by_tutor: boolean;
}

/** Finds the reference answer in a reply: numbers in any form (digits, fraction, words), other answers by their words. */
export function readAnswer(
  reply: Reply,
  numbers: readonly NumberMention[],
  context: ReadContext,
): AnswerReading {
  const { answer } = context;
  if (answer === null)
    return { has_reference: false, mentions: [], said_by_student: false, said_by_tutor: false };
  if (answer.kind === 'number') {
    const { value } = answer;
    const mentions = numbers
      .filter((mention) => isSameNumber(mention.value, value))
      .slice(0, MAX_MENTIONS)
      .map((mention) => mentionAt(reply, mention.start, mention.end, mention.end === numbers.at(-1)?.end));
    return {
      has_reference: true,
      mentions: mentions.filter((mention) => mention !== null),
      said_by_student: context.student_numbers.has(value),
      said_by_tutor: context.tutor_numbers.has(value),
    };
  }
  const last = reply.sentences.at(-1);
  const mentions = reply.sentences
    .filter(({ stems }) => share(answer.stems, (word) => stems.has(word)) >= WORDED_SHARE)
    .map((sentence) => mentionAt(reply, sentence.start, sentence.end, sentence === last));
  return {
    has_reference: true,
    mentions: mentions.filter((mention) => mention !== null),
    said_by_student:
      share(answer.stems, (word) => context.said.has(word) || context.earlier.has(word)) >= WORDED_SHARE,
    said_by_tutor: share(answer.stems, (word) => context.tutor.has(word)) >= WORDED_SHARE,
  };
}

/** The reference answer in the tutor's own mouth before the student has said it. */
export function answerFindings(reading: AnswerReading): Finding[] {
  if (reading.said_by_student) return [];
  return reading.mentions.map(({ start, end, sentence, is_announced, is_last }) => ({
    violation: 'reveals_answer',
    start,
    end,
    strength: is_announced ? 0.9 : reading.said_by_tutor ? 0.15 : strengthOf(sentence, is_last),
  }));
}

/** A bare mention may be one of the problem's own numbers: it counts where the turn ends on it and asks nothing there. */
function strengthOf(sentence: Sentence, is_last: boolean): number {
  if (sentence.kind === 'question') return 0.35;
  return is_last ? 0.65 : 0.4;
}

function mentionAt(reply: Reply, start: number, end: number, is_last: boolean): AnswerMention | null {
  const sentence = reply.sentences.find((candidate) => candidate.start <= start && end <= candidate.end);
  if (sentence === undefined) return null;
  const isWhole = start === sentence.start && end === sentence.end;
  const before = isWhole
    ? announcedWithin(sentence.text)
    : sentence.text.slice(Math.max(0, start - sentence.start - LOOK_BACK_CHARS), start - sentence.start);
  return { start, end, sentence, is_announced: ANNOUNCED.test(before), is_last };
}

/** For a worded answer: the sentence up to its announcing verb. */
function announcedWithin(text: string): string {
  return (
    /^.{0,80}?\b(?:answer|solution|result) (?:here )?(?:is|was|would be|should be)/iu.exec(text)?.[0] ?? ''
  );
}

function share(set: ReadonlySet<string>, holds: (word: string) => boolean): number {
  let count = 0;
  for (const word of set) if (holds(word)) count += 1;
  return set.size === 0 ? 0 : count / set.size;
}
