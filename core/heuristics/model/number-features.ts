import type { TurnReading } from '../read-turn.ts';

/** A number right behind these is offered as a result. */
const RESULT_BEFORE =
  /(?:=|\bis|\bequals?|\bget|\bgives?|\bgot|\bare|\bmakes|\bbe|\btotal(?: of)?|\banswer|\bto|\bof) *[$€£]?$/iu;
/** Characters before a number that are looked at for such a word. */
const LOOK_BACK_CHARS = 14;

/** Numbers the tutor states or asks about: given before or brought in, as a result or not; and the reference answer. */
export function numberFeatures({ reply, context, numbers, answer }: TurnReading): Record<string, number> {
  const counts = { stated: 0, asked: 0, results: 0, new_results: 0 };
  const new_stated = new Set<number>();
  const new_asked = new Set<number>();
  const student_stated = new Set<number>();
  const student_asked = new Set<number>();
  let ends_on_new = 0;
  let index = 0;
  for (const { value, start } of numbers) {
    while (index + 1 < reply.sentences.length && (reply.sentences[index]?.end ?? 0) <= start) index += 1;
    const isAsked = reply.sentences[index]?.kind === 'question';
    const isStudents = context.student_numbers.has(value);
    const isNew = !isStudents && !context.tutor_numbers.has(value);
    const isResult = RESULT_BEFORE.test(before(reply.visible, start));
    counts[isAsked ? 'asked' : 'stated'] += 1;
    if (isResult) counts.results += 1;
    if (isResult && isNew) counts.new_results += 1;
    if (isNew) (isAsked ? new_asked : new_stated).add(value);
    if (isStudents) (isAsked ? student_asked : student_stated).add(value);
    ends_on_new = isNew ? 1 : 0;
  }
  const unreferenced = answer.has_reference ? 0 : 1;
  const named = answer.mentions;
  const isFresh = !answer.said_by_student && !answer.said_by_tutor;
  const isStated = named.some(({ sentence }) => sentence.kind !== 'question');
  return {
    numbers_stated: Math.log1p(counts.stated),
    numbers_asked: Math.log1p(counts.asked),
    numbers_results: Math.log1p(counts.results),
    numbers_new_stated: Math.log1p(new_stated.size),
    numbers_new_asked: Math.log1p(new_asked.size),
    numbers_new_results: Math.log1p(counts.new_results),
    numbers_student_stated: Math.log1p(student_stated.size),
    numbers_student_asked: Math.log1p(student_asked.size),
    ends_on_new_number: ends_on_new,
    unreferenced_new_results: unreferenced * Math.log1p(counts.new_results),
    unreferenced_new_stated: unreferenced * Math.log1p(new_stated.size),
    unreferenced_ends_on_new: unreferenced * ends_on_new,
    answer_known: flag(answer.has_reference),
    answer_stated: flag(isStated),
    answer_asked: flag(named.some(({ sentence }) => sentence.kind === 'question')),
    answer_absent: flag(answer.has_reference && named.length === 0),
    answer_by_student: flag(answer.said_by_student),
    answer_by_tutor: flag(answer.said_by_tutor),
    answer_fresh_stated: flag(isStated && isFresh),
    answer_announced: flag(named.some(({ is_announced }) => is_announced)),
    answer_as_result: flag(named.some(({ start }) => RESULT_BEFORE.test(before(reply.visible, start)))),
    answer_last: flag(named.some(({ is_last }) => is_last)),
  };
}

function before(text: string, start: number): string {
  return text.slice(Math.max(0, start - LOOK_BACK_CHARS), start);
}

function flag(value: boolean): number {
  return value ? 1 : 0;
}
