import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type jsonata from 'jsonata';

import { javaRandomDouble } from './java-random.ts';

/** What the functions need from outside. */
export interface FunctionPorts {
  readonly now: () => number;
  readonly random: () => number;
}

/** `$hash` names as AWS spells them, and what node:crypto calls them. */
const HASHES: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** Numbers `$range` gives on AWS before its memory limit stops it. */
const MAX_RANGE = 360_145;
/** Every string of a JSON text; a key has its colon in the first group. */
const STRINGS = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/** JSONata fills in the message of a D3137 from the error itself. */
function evaluationError(message: string): Error {
  return Object.assign(new Error(message), { code: 'D3137' });
}

/** The error of an expression that builds too big a value, in the words of AWS. */
export function memoryError(): Error {
  return new Error('Expression evaluation memory limit exceeded: Check for excessive memory usage');
}

/** A version 4 UUID out of a source of random numbers. */
export function uuid(random: () => number): string {
  const bytes = Buffer.from(Array.from({ length: 16 }, () => Math.floor(random() * 256)));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/**
 * `$partition(array, size)`: chunks of a whole size, one chunk without a size, nothing for the size 0 or an empty array.
 */
function partition(values: unknown, size?: number): unknown[][] | undefined {
  if (values === undefined) return undefined;
  if (!Array.isArray(values)) {
    throw Object.assign(new Error(), { code: 'T0412', index: 1, token: 'partition', type: undefined });
  }
  const whole = Math.trunc(size ?? values.length);
  if (whole < 0) throw evaluationError('Second argument must be zero or greater');
  if (whole === 0 || values.length === 0) return undefined;
  return Array.from({ length: Math.ceil(values.length / whole) }, (_, index) =>
    values.slice(index * whole, (index + 1) * whole),
  );
}

/**
 * `$range(first, last, step)` with whole numbers, both ends included. The result is a JSONata sequence, so that a
 * single number comes back bare, as recorded on AWS: `$range(1, 9, 9)` is `1`.
 */
function range(first?: number, last?: number, step?: number): number[] | undefined {
  if (first === undefined || last === undefined || step === undefined) return undefined;
  const start = Math.trunc(first);
  const delta = Math.trunc(step);
  if (delta === 0) return undefined;
  const length = Math.max(0, Math.floor((Math.trunc(last) - start) / delta) + 1);
  if (length > MAX_RANGE) throw memoryError();
  const values = Array.from({ length }, (_, index) => start + index * delta);
  return Object.defineProperty(values, 'sequence', { enumerable: false, value: true });
}

/** `$hash(text, algorithm)`: lower-case hexadecimal digest. */
function hash(text: string | undefined, algorithm: string | undefined): string | undefined {
  if (text === undefined || algorithm === undefined) return undefined;
  const name = HASHES[algorithm];
  if (name === undefined) throw evaluationError(`Invalid hash algorithm ${JSON.stringify(algorithm)}`);
  return createHash(name).update(text, 'utf8').digest('hex');
}

/** `$parse(text)`: the JSON value of a text. As on AWS, no key comes twice and no number is beyond a double. */
function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  let members = -1; // the whole value is shown as a member too
  try {
    const value: unknown = JSON.parse(text, function (this: unknown, _key, member: unknown) {
      if (!Array.isArray(this)) members += 1;
      if (member === Infinity || member === -Infinity) throw new RangeError('beyond a double');
      return member;
    });
    const keys = [...text.matchAll(STRINGS)].filter(([, colon]) => colon !== undefined);
    if (keys.length === members) return value;
  } catch {
    // Told below.
  }
  throw evaluationError('Invalid JSON');
}

/**
 * Gives an expression the functions Step Functions adds to JSONata and takes away what it lacks (`$eval`); time and
 * chance come from the ports instead of the host. Wrong argument types end in T0410, as on AWS, by the signatures.
 */
export function registerFunctions(expression: jsonata.Expression, ports: FunctionPorts): void {
  expression.registerFunction('partition', partition, '<xn?:a>');
  expression.registerFunction('range', range, '<nnn?:a>');
  expression.registerFunction('hash', hash, '<ss:s>');
  expression.registerFunction('parse', parse, '<s:x>');
  expression.registerFunction('uuid', () => uuid(ports.random), '<:s>');
  expression.registerFunction(
    'random',
    (seed?: number) => (seed === undefined ? ports.random() : javaRandomDouble(seed)),
    '<n?:n>',
  );
  expression.registerFunction('millis', () => ports.now(), '<:n>');
  expression.registerFunction(
    'now',
    function (this: jsonata.Focus, picture?: string, timezone?: string) {
      const fromMillis = this.environment.lookup('fromMillis');
      return fromMillis.implementation.call(this, ports.now(), picture, timezone);
    },
    '<s?s?:s>',
  );
  expression.assign('eval', undefined);
}
