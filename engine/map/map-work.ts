import type { MapState } from '../definition.ts';
import type { Json } from '../json.ts';
import { jsonBytes, dataLimitExceeded, MAX_PAYLOAD_BYTES } from '../limits.ts';
import type { Visit } from '../run.ts';

/** One try of a Map state, its fields evaluated. */
export interface MapWork {
  readonly state: MapState;
  readonly visit: Visit;
  readonly items: readonly Json[];
  /** 0 and undefined: as many as the mode allows. */
  readonly maxConcurrency: number | undefined;
  readonly toleratedCount: number | undefined;
  readonly toleratedPercentage: number | undefined;
  /** The input of an item's iteration, evaluated when it starts, so that thousands of inputs are never held at once. */
  readonly childInput: (index: number) => Promise<Json>;
  readonly retryCount: number;
}

/** Starts work for 0 … count-1 in order, at most `limit` at once; after a rejection nothing more starts. */
export async function forEachLimited(
  count: number,
  limit: number,
  signal: AbortSignal,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (next < count && !failed) {
      signal.throwIfAborted();
      const index = next;
      next += 1;
      try {
        await work(index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, count) }, worker));
}

/** MaxConcurrency within what the mode allows. */
export function concurrency(maxConcurrency: number | undefined, most: number): number {
  return maxConcurrency === undefined || maxConcurrency === 0 ? most : Math.min(maxConcurrency, most);
}

/**
 * Collects a Map's results in item order. Beyond the payload quota the Map is bound to fail, so nothing more is kept:
 * memory stays bounded however many items there are.
 */
export class ResultArray {
  #results: Json[] = [];
  #bytes = 2; // the brackets

  set(index: number, result: Json): void {
    this.#bytes += jsonBytes(result) + (index === 0 ? 0 : 1);
    if (this.#bytes > MAX_PAYLOAD_BYTES) this.#results = [];
    else this.#results[index] = result;
  }

  /** @throws StateError `States.DataLimitExceeded` */
  finish(what: string): Json[] {
    if (this.#bytes > MAX_PAYLOAD_BYTES) throw dataLimitExceeded(what);
    return this.#results;
  }
}
