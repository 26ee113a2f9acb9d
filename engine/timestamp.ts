const OFFSET_DATE_TIME =
  /^(\d{4}-\d{2}-(\d{2}))T((\d{2}):\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?(Z|[+-](?:[01]\d):[0-5]\d)$/;

/**
 * Milliseconds since 1970 of an ISO-8601 date-time with `T` and an offset, to the nanosecond; undefined for other text,
 * also for days a month does not have.
 */
export function parseTimestamp(text: string): number | undefined {
  const match = OFFSET_DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [, date, day, time, hour, fraction = '', offset] = match;
  if (Number(hour) > 23) return undefined;
  const ms = Date.parse(
    `${date}T${time}${(time ?? '').length === 5 ? ':00' : ''}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`,
  );
  // Date.parse rolls 30 February over into March.
  const days = new Date(`${date}T00:00:00Z`);
  return Number.isNaN(ms) || Number.isNaN(days.getTime()) || days.getUTCDate() !== Number(day)
    ? undefined
    : ms;
}
