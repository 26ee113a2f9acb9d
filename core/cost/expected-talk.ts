import type { CostAssumptions } from '../../schemas/cost-assumptions.ts';
import { scheduleOf, type ScheduleOptions } from '../dialogue/schedule.ts';

/**
 * Characters that the student is expected to say over a dialogue, pasted material apart: the opening statement, then a beat
 * of the seed a turn and what stands around it. That is more where the turn carries an injection of the schedule; a
 * contradiction is said in place of a beat and adds nothing. (Padding is laid out with a figure of its own,
 * core/dialogue/padding.ts: it belongs to the measure, this one only to the bill.)
 */
export function expectedTalkChars(
  options: ScheduleOptions,
  { said_extra_chars }: Pick<CostAssumptions, 'said_extra_chars'>,
): number {
  const { beats, student_statement } = options.seed;
  const beat = beats.reduce((chars, one) => chars + one.text.length, 0) / beats.length;
  const answers = scheduleOf(options).turns.slice(1);
  return answers.reduce(
    (chars, { injection }) =>
      chars +
      beat +
      (injection === null || injection.kind === 'contradiction'
        ? said_extra_chars.plain
        : said_extra_chars.injected),
    student_statement.length,
  );
}
