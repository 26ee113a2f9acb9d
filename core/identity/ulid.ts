/** Crockford base 32, as the ULID specification uses it. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * The ULID of a time and 80 bits of randomness given as hex (https://github.com/ulid/spec). Deterministic, so that
 * planning the same execution twice gives the same run ids.
 * @param timeMs Unix time, 0 … 2^48−1 milliseconds.
 * @param randomHex at least 20 hex digits; the first 20 (80 bits) count.
 */
export function ulidFrom(timeMs: number, randomHex: string): string {
  if (!Number.isInteger(timeMs) || timeMs < 0 || timeMs >= 2 ** 48)
    throw new RangeError(`ulid: expected a time in 0 … 2^48−1 ms, got ${timeMs}`);
  if (!/^[0-9a-f]{20}/.test(randomHex)) throw new RangeError('ulid: expected at least 20 hex digits');
  let bits = (BigInt(timeMs) << 80n) | BigInt(`0x${randomHex.slice(0, 20)}`);
  let text = '';
  for (let i = 0; i < 26; i += 1) {
    text = ALPHABET[Number(bits & 31n)] + text;
    bits >>= 5n;
  }
  return text;
}

/** First digit 0–7: 26 digits hold 130 bits, a ULID has 128. */
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** The time of a ULID, Unix milliseconds. Throws RangeError when the text is none. */
export function ulidTimeMs(ulid: string): number {
  if (!ULID.test(ulid)) throw new RangeError(`expected a ULID, got "${ulid}"`);
  let time = 0;
  for (const digit of ulid.slice(0, 10)) time = time * 32 + ALPHABET.indexOf(digit);
  return time;
}
