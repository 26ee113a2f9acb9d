import { describe, expect, it, test } from '@jest/globals';
import * as fc from 'fast-check';
import { dateOf, instantMs, isoWeekOf, scheduledAtOf, shiftWeek } from '../../../core/identity/iso-week.ts';

const at = (date: string) => `${date}T12:00:00Z`;

/** The week of a day by walking to its Thursday with the platform's calendar: shares nothing with the code under test. */
function weekByCalendar(day: Date): string {
  const thursday = new Date(day);
  while (thursday.getUTCDay() !== 4) {
    const back = (day.getUTCDay() + 6) % 7 > 3;
    thursday.setUTCDate(thursday.getUTCDate() + (back ? -1 : 1));
  }
  const year = thursday.getUTCFullYear();
  let week = 0;
  for (
    const walk = new Date(thursday);
    walk.getUTCFullYear() === year;
    walk.setUTCDate(walk.getUTCDate() - 7)
  )
    week += 1;
  return `${String(year).padStart(4, '0')}-W${String(week).padStart(2, '0')}`;
}

describe('the ISO week of an instant', () => {
  // ISO 8601 examples (Wikipedia, "ISO week date") and year ends of the years the benchmark lives in.
  test.each([
    ['1977-01-01', '1976-W53'],
    ['1977-01-02', '1976-W53'],
    ['1977-12-31', '1977-W52'],
    ['1978-01-01', '1977-W52'],
    ['1978-01-02', '1978-W01'],
    ['1979-12-30', '1979-W52'],
    ['1979-12-31', '1980-W01'],
    ['1980-12-28', '1980-W52'],
    ['1980-12-29', '1981-W01'],
    ['1981-12-31', '1981-W53'],
    ['1982-01-03', '1981-W53'],
    ['2008-12-29', '2009-W01'],
    ['2010-01-03', '2009-W53'],
    ['2024-12-30', '2025-W01'],
    ['2026-11-16', '2026-W47'],
    ['2026-12-28', '2026-W53'],
    ['2027-01-01', '2026-W53'],
    ['2027-01-03', '2026-W53'],
    ['2027-01-04', '2027-W01'],
    ['2000-02-29', '2000-W09'],
    ['1900-03-01', '1900-W09'],
    ['2100-03-01', '2100-W09'],
    ['0001-01-01', '0001-W01'],
    ['9999-12-31', '9999-W52'],
  ])('of %s is %s', (date, week) => {
    expect(isoWeekOf(at(date))).toBe(week);
  });

  it('turns at Monday midnight UTC, not a second before', () => {
    expect(isoWeekOf('2026-11-22T23:59:59Z')).toBe('2026-W47');
    expect(isoWeekOf('2026-11-22T23:59:59.999999999Z')).toBe('2026-W47');
    expect(isoWeekOf('2026-11-23T00:00:00Z')).toBe('2026-W48');
  });

  it('agrees with the calendar of the platform on every day from year 1 to 9999', () => {
    const days = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(days, (day) => {
        const instant = day.toISOString();
        expect(isoWeekOf(instant)).toBe(weekByCalendar(day));
        expect(dateOf(instant)).toBe(instant.slice(0, 10));
        expect(instantMs(instant)).toBe(day.getTime());
      }),
      { numRuns: 400 },
    );
  });

  it('agrees with it on each day around every new year of four centuries', () => {
    for (let year = 1900; year < 2300; year += 1) {
      for (let offset = -4; offset <= 4; offset += 1) {
        const day = new Date(Date.UTC(year, 0, 1 + offset, 3));
        expect(isoWeekOf(day.toISOString())).toBe(weekByCalendar(day));
      }
    }
  });
});

describe('the scheduled time of a week', () => {
  it('is Monday 03:00 UTC', () => {
    expect(scheduledAtOf('2026-W47')).toBe('2026-11-16T03:00:00Z');
    expect(scheduledAtOf('2026-W53')).toBe('2026-12-28T03:00:00Z');
    expect(scheduledAtOf('2025-W01')).toBe('2024-12-30T03:00:00Z');
    expect(scheduledAtOf('0001-W01')).toBe('0001-01-01T03:00:00Z');
    expect(scheduledAtOf('9999-W52')).toBe('9999-12-27T03:00:00Z');
  });

  it('and the week of that time are inverse', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1, max: 52 }), (year, number) => {
        const week = `${String(year).padStart(4, '0')}-W${String(number).padStart(2, '0')}`;
        const instant = scheduledAtOf(week);
        expect(isoWeekOf(instant)).toBe(week);
        expect(new Date(instant).getUTCDay()).toBe(1);
      }),
    );
  });

  it('exists for week 53 exactly in the years that end or, leaping, begin such that they have one', () => {
    for (let year = 1900; year < 2300; year += 1) {
      // A year has 53 weeks when 1 January or 31 December is a Thursday.
      const has53 = [new Date(Date.UTC(year, 0, 1)), new Date(Date.UTC(year, 11, 31))].some(
        (day) => day.getUTCDay() === 4,
      );
      const ask = () => scheduledAtOf(`${year}-W53`);
      if (has53) expect(isoWeekOf(ask())).toBe(`${year}-W53`);
      else expect(ask).toThrow(new RangeError(`${year} has no week 53`));
    }
  });

  test.each(['2026-W00', '2026-W54', '2026-W99', '2026-47', '2026-w47', 'W47', '', ' 2026-W47', '2026-W471'])(
    'of "%s" is refused',
    (week) => {
      expect(() => scheduledAtOf(week)).toThrow(RangeError);
    },
  );
});

describe('weeks later and earlier', () => {
  test.each([
    ['2026-W47', 1, '2026-W48'],
    ['2026-W53', 1, '2027-W01'],
    ['2027-W01', -1, '2026-W53'],
    ['2025-W52', 1, '2026-W01'],
    ['2026-W12', -12, '2025-W52'],
    ['2026-W47', 0, '2026-W47'],
  ])('%s and %i weeks is %s', (week, count, expected) => {
    expect(shiftWeek(week, count)).toBe(expected);
  });

  it('are counted in steps of seven days', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1990, max: 2100 }),
        fc.integer({ min: 1, max: 52 }),
        fc.integer({ min: -600, max: 600 }),
        (year, number, count) => {
          const week = `${year}-W${String(number).padStart(2, '0')}`;
          const shifted = shiftWeek(week, count);
          expect(instantMs(scheduledAtOf(shifted)) - instantMs(scheduledAtOf(week))).toBe(
            count * 7 * 86_400_000,
          );
          expect(shiftWeek(shifted, -count)).toBe(week);
        },
      ),
    );
  });

  it('beyond the calendar are refused', () => {
    expect(() => shiftWeek('9999-W52', 1)).toThrow(RangeError);
    expect(() => shiftWeek('0001-W01', -60)).toThrow(RangeError);
  });
});

describe('instants', () => {
  it('keep every millisecond', () => {
    for (let ms = 0; ms < 1000; ms += 1) {
      const fraction = String(ms).padStart(3, '0');
      expect(instantMs(`1970-01-01T00:00:00.${fraction}Z`)).toBe(ms);
    }
    expect(instantMs('1970-01-01T00:00:00.5Z')).toBe(500);
    expect(instantMs('1970-01-01T00:00:00.001999999Z')).toBe(1);
  });

  test.each([
    '2026-11-16',
    '2026-11-16T03:00:00',
    '2026-11-16T03:00:00+00:00',
    '2026-11-16T03:00Z',
    '2026-11-16T03:00:00.Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-11-00T00:00:00Z',
    '2026-11-16T24:00:00Z',
    '2026-11-16T03:60:00Z',
    '2026-11-16T03:00:61Z',
    '0000-01-01T00:00:00Z',
    'now',
    '',
  ])('that are none are refused: "%s"', (text) => {
    expect(() => instantMs(text)).toThrow(RangeError);
    expect(() => dateOf(text)).toThrow(RangeError);
    expect(() => isoWeekOf(text)).toThrow(RangeError);
  });
});
