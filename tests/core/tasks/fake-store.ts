import { NamedError } from '../../../core/errors.ts';
import { checkDerivedKey, checkLakeKey, checkLakePrefix } from '../../../core/identity/check-lake-key.ts';
import { sha256Hex } from '../../../core/identity/hash.ts';
import type { ObjectStore } from '../../../core/ports.ts';
import { ERROR } from '../../../schemas/names.ts';

export type Lake = Map<string, Uint8Array>;

/** What befalls one operation: the store is away for it; or the process dies before it, or after it took effect. */
export type Fate = 'unavailable' | 'dies before' | 'dies after';

/** The process is gone: nothing that is done with the store afterwards has an effect. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** A store in memory that fails by plan. Several stores over one lake are several processes. */
export class FakeStore implements ObjectStore {
  readonly lake: Lake;
  /** Operations so far, each `<name> <key>`. */
  readonly operations: string[] = [];
  /** Fate of the nth operation (0-based). */
  fates: ReadonlyMap<number, Fate>;
  #isDead = false;

  constructor(lake: Lake = new Map(), fates: ReadonlyMap<number, Fate> = new Map()) {
    this.lake = lake;
    this.fates = fates;
  }

  get(key: string): Promise<Uint8Array | null> {
    checkLakeKey(key);
    return this.#do(`get ${key}`, () => this.lake.get(key) ?? null);
  }

  putIfAbsent(key: string, body: Uint8Array | string): Promise<'written' | 'exists'> {
    checkLakeKey(key);
    return this.#do(`putIfAbsent ${key}`, () => {
      if (this.lake.has(key)) return 'exists';
      this.lake.set(key, bytesOf(body));
      return 'written';
    });
  }

  put(key: string, body: Uint8Array | string): Promise<void> {
    checkDerivedKey(key);
    return this.#do(`put ${key}`, () => {
      this.lake.set(key, bytesOf(body));
    });
  }

  async *list(prefix: string): AsyncIterable<{ key: string; size_bytes: number }> {
    checkLakePrefix(prefix);
    const keys = await this.#do(`list ${prefix}`, () =>
      [...this.lake.keys()].filter((key) => key.startsWith(prefix)).sort(),
    );
    for (const key of keys) yield { key, size_bytes: this.lake.get(key)!.length };
  }

  async #do<T>(operation: string, effect: () => T): Promise<T> {
    if (this.#isDead) throw new Killed(operation);
    const fate = this.fates.get(this.operations.length);
    this.operations.push(operation);
    await Promise.resolve();
    if (fate === 'unavailable') throw new NamedError(ERROR.storeUnavailable, `${operation}: try again`);
    if (fate === 'dies before') return this.#die(operation);
    const result = effect();
    return fate === 'dies after' ? this.#die(operation) : result;
  }

  #die(operation: string): never {
    this.#isDead = true;
    throw new Killed(operation);
  }
}

/** A lake of its own with the same objects. */
export function copyOf(lake: Lake): Lake {
  return new Map(lake);
}

/** SHA-256 of every object by key: two lakes are equal where these are. */
export function hashesOf(lake: Lake): Record<string, string> {
  return Object.fromEntries([...lake.keys()].sort().map((key) => [key, sha256Hex(lake.get(key)!)]));
}

/** Objects under a prefix as text, sorted by key. */
export function textsOf(lake: Lake, prefix: string): Record<string, string> {
  const found = [...lake].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(found.map(([key, bytes]) => [key, new TextDecoder().decode(bytes)]));
}

function bytesOf(body: Uint8Array | string): Uint8Array {
  return typeof body === 'string' ? new TextEncoder().encode(body) : body.slice();
}
