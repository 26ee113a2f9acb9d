const DAY_MS = 86_400_000;

/**
 * Milliseconds of a UTC ISO-8601 instant, years 0001–9999. Pure: no clock, no time zone. Throws RangeError on anything
 * else, days and hours that the calendar does not have included.
 */
export function instantMs(instant: string): number {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?Z$/.exec(instant);
  if (match === null)
    throw new RangeError(`expected a UTC instant such as 2026-11-16T03:00:00Z, got "${instant}"`);
  const [, y, mo, d, h, mi, s, fraction] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string | undefined,
  ];
  const days = daysFromCivil(Number(y), Number(mo), Number(d));
  // A day that does not exist (30 February) comes back as another one.
  if (y === '0000' || civilFromDays(days) !== `${y}-${mo}-${d}` || h > '23' || mi > '59' || s > '59')
    throw new RangeError(`expected an instant that the calendar has, got "${instant}"`);
  const ms = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000);
  return days * DAY_MS + Number(h) * 3_600_000 + Number(mi) * 60_000 + Number(s) * 1000 + ms;
}

/** UTC date YYYY-MM-DD of an instant. */
export function dateOf(instant: string): string {
  return dateOfMs(instantMs(instant));
}

/** UTC date YYYY-MM-DD of a Unix time in milliseconds. */
export function dateOfMs(timeMs: number): string {
  return civilFromDays(Math.floor(timeMs / DAY_MS));
}

/** ISO 8601 week with the ISO year, e.g. 2027-01-01 is in 2026-W53: the week belongs to the year of its Thursday. */
export function isoWeekOf(instant: string): string {
  const day = Math.floor(instantMs(instant) / DAY_MS);
  const thursday = day - weekdayOf(day) + 3;
  const year = Number(civilFromDays(thursday).slice(0, 4));
  const week = Math.floor((thursday - daysFromCivil(year, 1, 1)) / 7) + 1;
  return `${String(year).padStart(4, '0')}-W${String(week).padStart(2, '0')}`;
}

/** Monday 03:00 UTC of an ISO week: when the benchmark is scheduled. Throws RangeError when the year has no such week. */
export function scheduledAtOf(week: string): string {
  const match = /^(\d{4})-W(\d{2})$/.exec(week);
  if (match === null) throw new RangeError(`expected an ISO week such as 2026-W47, got "${week}"`);
  const fourth = daysFromCivil(Number(match[1]), 1, 4);
  const monday = fourth - weekdayOf(fourth) + (Number(match[2]) - 1) * 7;
  const instant = `${civilFromDays(monday)}T03:00:00Z`;
  if (isoWeekOf(instant) !== week) throw new RangeError(`${match[1]} has no week ${match[2]}`);
  return instant;
}

/** The ISO week `count` weeks after (before, when negative) another. */
export function shiftWeek(week: string, count: number): string {
  const day = instantMs(scheduledAtOf(week)) / DAY_MS + count * 7;
  return isoWeekOf(`${civilFromDays(Math.floor(day))}T03:00:00Z`);
}

/** Monday = 0 … Sunday = 6; day 0 (1970-01-01) was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** Days since 1970-01-01 (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  );
}

function civilFromDays(days: number): string {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const doe = z - era * 146_097;
  const yoe = Math.floor(
    (doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365,
  );
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const day = doy - Math.floor((153 * mp + 2) / 5) + 1;
  const month = mp + (mp < 10 ? 3 : -9);
  const year = yoe + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
