/** A number in a text: its value and where it stands (UTF-16, end exclusive). */
export interface NumberMention {
  value: number;
  start: number;
  end: number;
}

const DIGITS = /(?<![\p{L}\d.])(?:(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?:\s?\/\s?(\d+))?(?![\d/])|(\.\d+))/gu;

/**
 * Numbers of a text in order: digits (1,200 · 12.50 · .5), fractions (3/4) and words (twelve, twenty-five, two hundred
 * and six, three quarters, half). "one" alone is not counted: it is mostly a pronoun. 24/4 is a division: both numbers
 * count, its result does not. Linear; never throws.
 */
export function numbersOf(text: string): NumberMention[] {
  const found: NumberMention[] = [];
  for (const match of text.matchAll(DIGITS)) {
    const start = match.index;
    const end = start + match[0].length;
    const value = Number(`${(match[1] ?? '').replaceAll(',', '')}${match[2] ?? match[4] ?? ''}`);
    if (match[3] === undefined) found.push({ value, start, end });
    else pushRatio(found, value, Number(match[3]), start, end);
  }
  return WORDED_HINT.test(text)
    ? [...found, ...wordedNumbersOf(text)].sort((a, b) => a.start - b.start)
    : found;
}

function pushRatio(
  found: NumberMention[],
  numerator: number,
  denominator: number,
  start: number,
  end: number,
): void {
  const ratio = numerator / denominator;
  if (denominator !== 0 && !Number.isInteger(ratio)) found.push({ value: ratio, start, end });
  else found.push({ value: numerator, start, end }, { value: denominator, start, end });
}

const SMALL = new Map<string, number>([
  ...'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'
    .split(' ')
    .map((word, value): [string, number] => [word, value]),
  ...'twenty thirty forty fifty sixty seventy eighty ninety'
    .split(' ')
    .map((word, index): [string, number] => [word, (index + 2) * 10]),
]);
const SCALES = new Map([
  ['hundred', 100],
  ['thousand', 1000],
  ['million', 1_000_000],
]);
const PARTS = 'half third quarter fifth sixth seventh eighth ninth tenth';
const DENOMINATORS = new Map<string, number>([
  ...PARTS.split(' ').flatMap((word, index): [string, number][] => [
    [word, index + 2],
    [`${word}s`, index + 2],
  ]),
  ['halves', 2],
  ['fourth', 4],
  ['fourths', 4],
  ['hundredth', 100],
  ['hundredths', 100],
]);
const WORDED_HINT = new RegExp(`\\b(?:${[...SMALL.keys()].join('|')}|half)`, 'i');
const WORD = /[a-z]+/gi;

/** A number being read: "two hundred" so far. */
interface Partial {
  total: number;
  /** Below the last thousand or million. */
  current: number;
  start: number;
  end: number;
  /** The last word read. */
  last: string;
}

function wordedNumbersOf(text: string): NumberMention[] {
  const found: NumberMention[] = [];
  let open: Partial | null = null;
  for (const match of text.matchAll(WORD)) {
    const word = match[0].toLowerCase();
    const start = match.index;
    if (open !== null && !/^[\s-]$/.test(text.slice(open.end, start))) open = close(found, open);
    const denominator = DENOMINATORS.get(word);
    if (denominator !== undefined && (open !== null || denominator === 2)) {
      const numerator = open === null ? 1 : open.total + open.current;
      found.push({ value: numerator / denominator, start: open?.start ?? start, end: start + word.length });
      open = null;
    } else if (continues(open, word)) {
      open = extend(open, word, start);
    } else {
      close(found, open);
      open = SMALL.has(word) ? extend(null, word, start) : null;
    }
  }
  close(found, open);
  return found;
}

/** May `word` go on the number read so far (thirty + five, two + hundred, hundred + and)? */
function continues(open: Partial | null, word: string): boolean {
  if (open === null) return SMALL.has(word);
  const value = SMALL.get(word);
  if (value === undefined) return SCALES.has(word) || (word === 'and' && SCALES.has(open.last));
  const below = open.current % 100;
  return below === 0 ? open.last !== 'zero' : below >= 20 && below % 10 === 0 && value > 0 && value < 10;
}

function extend(open: Partial | null, word: string, start: number): Partial {
  const end = start + word.length;
  const value = SMALL.get(word);
  if (open === null) return { total: 0, current: value ?? 0, start, end, last: word };
  const scale = SCALES.get(word);
  if (scale === undefined) return { ...open, current: open.current + (value ?? 0), end, last: word };
  if (scale === 100) return { ...open, current: open.current * 100, end, last: word };
  return { ...open, total: open.total + open.current * scale, current: 0, end, last: word };
}

function close(found: NumberMention[], open: Partial | null): null {
  if (open === null) return null;
  const value = open.total + open.current;
  const isPronoun = value === 1 && open.last === 'one';
  if (!isPronoun) found.push({ value, start: open.start, end: open.end });
  return null;
}

/** Equal but for rounding in floating point: 0.5 and 1/2 are, 34.72 and 34.7 are not. */
export function isSameNumber(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
}
