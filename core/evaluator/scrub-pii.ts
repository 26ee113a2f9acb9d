export interface Scrubbed {
  text: string;
  /** How many of each kind were taken out. */
  removed: { email: number; phone: number; card: number };
}

/** Bounded everywhere, so that hostile text costs linear time. */
const EMAIL =
  /(?<![\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-])[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,5}\p{L}{2,24}/gu;
/** 13 to 19 digits, as cards have (ISO/IEC 7812), in groups or not. */
const CARD = /(?<![\d.])\d(?:[ -]?\d){12,18}(?!\d)/g;
/** Digit groups with the marks that people put between them in telephone numbers. */
const PHONE =
  /(?<![\p{L}\d.,])(?:\+|00)?(?:\(\d{1,5}\)[ ./-]?)?\d{1,12}(?:[ ./-]{1,2}\(?\d{1,12}\)?){0,6}(?![\p{L}\d])/gu;

/**
 * Takes e-mail addresses, payment card numbers (13–19 digits that pass Luhn's check, ISO/IEC 7812-1) and telephone numbers
 * out of a text, each replaced by what it was. Numbers of a calculation, dates and grouped thousands stay. Scrubbing twice
 * changes nothing.
 */
export function scrubPii(text: string): Scrubbed {
  const removed = { email: 0, phone: 0, card: 0 };
  const scrubbed = text
    .replaceAll(EMAIL, () => {
      removed.email += 1;
      return '[e-mail removed]';
    })
    .replaceAll(CARD, (found) => {
      if (!passesLuhn(found.replaceAll(/\D/g, ''))) return found;
      removed.card += 1;
      return '[card number removed]';
    })
    .replaceAll(PHONE, (found) => {
      if (!isPhone(found)) return found;
      removed.phone += 1;
      return '[phone number removed]';
    });
  return { text: scrubbed, removed };
}

/** Luhn's check digit: doubling every second digit from the right, the sum is a multiple of ten. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = digit * 2;
    sum += i % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return digits.length > 0 && sum % 10 === 0;
}

/** E.164 allows 15 digits; national numbers have 7 at least. */
const MAX_DIGITS = 15;
const MIN_DIGITS = 7;
/** Without a mark of its own (+, 00, brackets, a leading 0), so many digits are more likely a telephone number than a sum. */
const PLAIN_DIGITS = 9;

function isPhone(found: string): boolean {
  const digits = found.replaceAll(/\D/g, '');
  if (digits.length < MIN_DIGITS || digits.length > MAX_DIGITS || isDate(found)) return false;
  if (/^(?:\+|00)|\(/.test(found)) return true;
  if (isGroupedThousands(found)) return false;
  const groups = found.split(/[ ./-]+/);
  // North American local form, 555-0123, and forms with a trunk 0.
  if (/^\d{3}-\d{4}$/.test(found)) return true;
  if (digits.startsWith('0') && groups.length > 1) return true;
  return digits.length >= PLAIN_DIGITS && (groups.length >= 3 || digits.length >= 10) && !/^\d+$/.test(found)
    ? true
    : /^\d{10,11}$/.test(found);
}

function isDate(found: string): boolean {
  return /^\d{4}[-./]\d{1,2}[-./]\d{1,2}$|^\d{1,2}[-./]\d{1,2}[-./]\d{4}$/.test(found);
}

/** "1 250 000" or "1.250.000": a number, whatever else it may be. */
function isGroupedThousands(found: string): boolean {
  return /^[1-9]\d{0,2}(?:([ .])\d{3})(?:\1\d{3}){0,3}$/.test(found);
}
