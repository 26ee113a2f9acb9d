import type { MaterialScript } from '../../schemas/student-script.ts';
import type { Random } from '../identity/random.ts';

/** Days and clock times of pasted documents; they only go forward. */
export interface Calendar {
  /** "Tuesday 4 March" */
  date(): string;
  /** "Tuesday" */
  weekday(): string;
  /** "18:42", some minutes after the last one of this document. */
  nextTime(): string;
  /** The same day or a later one, another hour. */
  nextDocument(): void;
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS: readonly (readonly [string, number])[] = [
  ['January', 31],
  ['February', 28],
  ['March', 31],
  ['April', 30],
  ['May', 31],
  ['June', 30],
  ['July', 31],
  ['August', 31],
  ['September', 30],
  ['October', 31],
  ['November', 30],
  ['December', 31],
];
const DAYS_A_YEAR = 365;
/** Documents begin between eight and seven; clock times stop short of midnight. */
const FIRST_MINUTE = 8 * 60;
const LAST_START_MINUTE = 19 * 60;
const LAST_MINUTE = 23 * 60 + 55;

/** A calendar of common years that starts on `first_day` (1 is 1 January). */
export function createCalendar(
  start: Pick<MaterialScript, 'first_day' | 'first_weekday' | 'new_day_frac'>,
  random: Random,
): Calendar {
  let day = 0;
  let minute = 0;
  const weekday = () => WEEKDAYS[(start.first_weekday + day) % 7] ?? '';
  const date = () => {
    let rest = (start.first_day - 1 + day) % DAYS_A_YEAR;
    for (const [month, days] of MONTHS) {
      if (rest < days) return `${weekday()} ${rest + 1} ${month}`;
      rest -= days;
    }
    throw new RangeError('calendar: a day beyond the year');
  };
  return {
    date,
    weekday,
    nextTime() {
      minute = Math.min(LAST_MINUTE, minute + 1 + Math.floor(random() * 5));
      return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
    },
    nextDocument() {
      if (random() < start.new_day_frac) day += 1 + Math.floor(random() * 2);
      minute = FIRST_MINUTE + Math.floor(random() * (LAST_START_MINUTE - FIRST_MINUTE));
    },
  };
}
