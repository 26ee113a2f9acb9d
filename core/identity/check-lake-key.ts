import { ERROR, WRITE_ONCE_PREFIXES } from '../../schemas/names.ts';
import { NamedError } from '../errors.ts';

/**
 * One segment of a lake key: ASCII, never starting with a dot (names that do are a store's own, such as `.local/`), never
 * longer than the 255 bytes a file system holds. Letters beyond ASCII are refused because file systems disagree about their
 * normal form (macOS hands back another spelling than it was given), so one key could name two objects or none.
 */
const SEGMENT = /^[0-9A-Za-z_+@=,-][0-9A-Za-z_+@=,.-]{0,254}$/;
/** S3 holds keys of 1,024 bytes at most. */
const MAX_KEY_CHARS = 1024;

/** Refuses a key that some store could not hold, or that would lead outside the lake. Throws InvalidConfig. */
export function checkLakeKey(key: string): void {
  if (key.length > MAX_KEY_CHARS) refuse(key, `at most ${MAX_KEY_CHARS} characters`);
  for (const segment of key.split('/')) if (!SEGMENT.test(segment)) refuse(key, EXPECTED);
}

/** Refuses a key that may not be replaced: one under a write-once prefix. Throws InvalidConfig. */
export function checkDerivedKey(key: string): void {
  checkLakeKey(key);
  if (WRITE_ONCE_PREFIXES.some((prefix) => key.startsWith(prefix)))
    refuse(key, 'a derived key; objects under a write-once prefix are written with putIfAbsent');
}

/** Refuses a listing prefix that no key can start with; '' lists everything. Throws InvalidConfig. */
export function checkLakePrefix(prefix: string): void {
  if (prefix.length > MAX_KEY_CHARS) refuse(prefix, `at most ${MAX_KEY_CHARS} characters`);
  const segments = prefix.split('/');
  const last = segments.pop() ?? '';
  for (const segment of segments) if (!SEGMENT.test(segment)) refuse(prefix, EXPECTED);
  if (last !== '' && !SEGMENT.test(last)) refuse(prefix, EXPECTED);
}

const EXPECTED =
  'segments of 1-255 of 0-9 A-Z a-z _ + @ = , . - (none starting with a dot), separated by single slashes';

function refuse(key: string, expected: string): never {
  const shown = JSON.stringify(key.length > 120 ? `${key.slice(0, 120)}…` : key);
  throw new NamedError(ERROR.invalidConfig, `lake key ${shown}: expected ${expected}`, {
    hint: 'ids become parts of keys: rename the model, seed, variant or execution that holds this name',
  });
}
