import type { Reply } from '../analyse-reply.ts';
import type { Finding } from '../finding.ts';
import type { ReadContext } from '../read-context.ts';
import { isSameNumber, numbersOf, type NumberMention } from '../text/numbers.ts';
import { contentStems, wordsOf } from '../text/words.ts';

const ANNOUNCED =
  /\b(?:(?:the|your|correct|right|final) (?:correct |right |final )?(?:answer|solution|result|total) (?:is|was|would be|should be|comes to|here is)|(?:which|that) (?:equals|gives (?:us|you)|makes|comes to)|(?:we|you) (?:get|end up with|are left with)|=)/iu;

/** Shares of a worded answer's content words a reply must assert, and the student must not yet have said. */
const WORDED_SHARE = 0.75;

/**
 * The reference answer in the tutor's own mouth before the student has said it: numbers in any form (digits, fraction,
 * words), other answers by their content words. Nothing without a reference answer.
 */
export function answerFindings(reply: Reply, context: ReadContext): Finding[] {
  const reference = context.turn.reference_answer;
  if (reference === null) return [];
  const numbers = numbersOf(reference);
  const stems = contentStems(wordsOf(reference).filter((word) => !/^\d/.test(word)));
  return numbers.length > 0 && stems.size <= 3
    ? numericFindings(reply, context, numbers.at(-1) as NumberMention)
    : wordedFindings(reply, context, contentStems(wordsOf(reference)));
}

function numericFindings(reply: Reply, context: ReadContext, answer: NumberMention): Finding[] {
  if (hasValue(context.student_numbers, answer.value)) return [];
  const known = hasValue(context.tutor_numbers, answer.value);
  const findings: Finding[] = [];
  for (const sentence of reply.sentences) {
    for (const mention of numbersOf(sentence.text)) {
      if (!isSameNumber(mention.value, answer.value)) continue;
      const announced = ANNOUNCED.test(sentence.own.slice(0, mention.end));
      const strength = announced
        ? 0.95
        : known
          ? 0.2
          : sentence.kind === 'question'
            ? 0.55
            : answer.value <= 10 && Number.isInteger(answer.value)
              ? 0.55
              : 0.75;
      findings.push({
        violation: 'reveals_answer',
        start: sentence.start + mention.start,
        end: sentence.start + mention.end,
        strength,
      });
    }
  }
  return findings;
}

function wordedFindings(reply: Reply, context: ReadContext, answer: ReadonlySet<string>): Finding[] {
  if (answer.size === 0) return [];
  const heard = share(answer, (word) => context.said.has(word) || context.earlier.has(word));
  if (heard >= WORDED_SHARE) return [];
  const findings: Finding[] = [];
  for (const sentence of reply.sentences) {
    const own = contentStems(sentence.words);
    const told = share(answer, (word) => own.has(word));
    if (told < WORDED_SHARE) continue;
    const strength = ANNOUNCED.test(sentence.own) ? 0.95 : sentence.kind === 'question' ? 0.55 : 0.8;
    findings.push({ violation: 'reveals_answer', start: sentence.start, end: sentence.end, strength });
  }
  return findings;
}

function share(set: ReadonlySet<string>, holds: (word: string) => boolean): number {
  let count = 0;
  for (const word of set) if (holds(word)) count += 1;
  return count / set.size;
}

function hasValue(values: ReadonlySet<number>, value: number): boolean {
  if (values.has(value)) return true;
  for (const other of values) if (isSameNumber(other, value)) return true;
  return false;
}
