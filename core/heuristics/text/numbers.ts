const UNITS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const SMALL = new Map<string, number>([
  ...UNITS.map((word, value): [string, number] => [word, value]),
  ...TENS.map((word, index): [string, number] => [word, (index + 2) * 10]),
]);
const DENOMINATORS = new Map<string, number>([
  ['half', 2],
  ['halves', 2],
  ['third', 3],
  ['thirds', 3],
  ['quarter', 4],
  ['quarters', 4],
  ['fourth', 4],
  ['fourths', 4],
  ['fifth', 5],
  ['fifths', 5],
  ['sixth', 6],
  ['sixths', 6],
  ['seventh', 7],
  ['sevenths', 7],
  ['eighth', 8],
  ['eighths', 8],
  ['ninth', 9],
  ['ninths', 9],
  ['tenth', 10],
  ['tenths', 10],
  ['hundredth', 100],
  ['hundredths', 100],
]);

/** A number in a text: its value and where it stands. */
export interface NumberMention {
  value: number;
  start: number;
  end: number;
  /** Written in words ("twelve", "three quarters"). */
  is_worded: boolean;
}

const DIGITS =
  /(?<![\p{L}\d.])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?:\s?\/\s?(\d+))?(?![\d/])|(?<![\p{L}\d])(\.\d+)/gu;
const WORDED = /[a-z]+(?:-[a-z]+)*/gi;

/**
 * Numbers of a text, in digits (1,200 · 12.50 · 3/4 · .5) and in words (twelve, twenty-five, two hundred, three quarters,
 * half). "one" alone is not counted: it is mostly a pronoun. Linear; never throws.
 */
export function numbersOf(text: string): NumberMention[] {
  const found: NumberMention[] = [];
  for (const match of text.matchAll(DIGITS)) {
    const whole = Number(`${(match[1] ?? '').replaceAll(',', '')}${match[2] ?? match[4] ?? ''}`);
    const denominator = match[3] === undefined ? 1 : Number(match[3]);
    if (denominator === 0 || !Number.isFinite(whole)) continue;
    found.push({
      value: whole / denominator,
      start: match.index,
      end: match.index + match[0].length,
      is_worded: false,
    });
    if (match[3] !== undefined) {
      found.push({ value: whole, start: match.index, end: match.index + match[0].length, is_worded: false });
    }
  }
  readWorded(text, found);
  return found;
}

function readWorded(text: string, found: NumberMention[]): void {
  let open: { total: number; current: number; start: number; end: number; words: string[] } | null = null;
  const close = (): void => {
    if (open !== null && !(open.words.length === 1 && open.words[0] === 'one')) {
      found.push({ value: open.total + open.current, start: open.start, end: open.end, is_worded: true });
    }
    open = null;
  };
  for (const match of text.matchAll(WORDED)) {
    const from = match.index;
    if (open !== null && text.slice(open.end, from).trim() !== '') close();
    let offset = from;
    for (const part of match[0].toLowerCase().split('-')) {
      const end = offset + part.length;
      const value = SMALL.get(part);
      const denominator = DENOMINATORS.get(part);
      if (value !== undefined) {
        if (
          open !== null &&
          !(
            open.current % 100 === 0 ||
            (open.current % 10 === 0 && value < 10 && value > 0 && open.current % 100 >= 20)
          )
        )
          close();
        open ??= { total: 0, current: 0, start: offset, end, words: [] };
        open.current += value;
        open.end = end;
        open.words.push(part);
      } else if ((part === 'hundred' || part === 'thousand' || part === 'million') && open !== null) {
        const scale = part === 'hundred' ? 100 : part === 'thousand' ? 1000 : 1_000_000;
        if (scale === 100) open.current *= 100;
        else {
          open.total += open.current * scale;
          open.current = 0;
        }
        open.end = end;
        open.words.push(part);
      } else if (denominator !== undefined) {
        const share: { total: number; current: number; start: number; end: number; words: string[] } | null =
          open;
        const numerator = share === null ? 1 : share.total + share.current;
        if (share !== null || denominator === 2) {
          found.push({
            value: numerator / denominator,
            start: share === null ? offset : share.start,
            end,
            is_worded: true,
          });
        }
        open = null;
      } else if (!(part === 'and' && open !== null && open.words.at(-1) === 'hundred')) {
        close();
      } else {
        open.end = end;
      }
      offset = end + 1;
    }
  }
  close();
}

/** Equal up to rounding in the text: 34.72 and 34.7 differ, 0.5 and 1/2 do not. */
export function isSameNumber(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
}
