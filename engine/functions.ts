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

/** JSONata's own limit of the range operator (error D2014 of the library). */
const MAX_RANGE = 10_000_000;

/** JSONata fills in the message of a D3137 from the error itself. */
function evaluationError(message: string): Error {
  return Object.assign(new Error(message), { code: 'D3137' });
}

/** A version 4 UUID out of a source of random numbers. */
export function uuid(random: () => number): string {
  const bytes = Buffer.from(Array.from({ length: 16 }, () => Math.floor(random() * 256)));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** `$partition(array, size)`: chunks of a whole size; nothing for a size below one. */
function partition(values: unknown[] | undefined, size: number | undefined): unknown[][] | undefined {
  if (values === undefined || size === undefined) return undefined;
  const whole = Math.trunc(size);
  if (whole < 1) return undefined;
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
  if (length > MAX_RANGE)
    throw evaluationError(`The range has ${length} elements, at most ${MAX_RANGE} are allowed`);
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

/** `$parse(text)`: the JSON value of a text. */
function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw evaluationError('Invalid JSON');
  }
}

/**
 * Gives an expression the functions Step Functions adds to JSONata and takes away what it lacks (`$eval`); time and
 * chance come from the ports instead of the host. Wrong argument types end in T0410, as on AWS, by the signatures.
 */
export function registerFunctions(expression: jsonata.Expression, ports: FunctionPorts): void {
  expression.registerFunction('partition', partition, '<an:a>');
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
