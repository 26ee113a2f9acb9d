import { Buffer } from 'node:buffer';

import type { Json } from './json.ts';
import { StateError } from './state-error.ts';

/** Bytes of UTF-8 JSON text in an input, an output, a task's reply or one variable: 256 KiB, a hard quota of AWS. */
export const MAX_PAYLOAD_BYTES = 262_144;
/** Bytes of all variables of one execution together (AWS: 10 MiB). */
export const MAX_VARIABLES_BYTES = 10 * 1024 * 1024;
/** Events in the history of one Standard execution, a hard quota of AWS. */
const MAX_HISTORY_EVENTS = 25_000;
/** Iterations an INLINE Map runs at once, whatever MaxConcurrency says. */
export const MAX_INLINE_CONCURRENCY = 40;
/** Child executions a DISTRIBUTED Map runs at once, whatever MaxConcurrency says. */
export const MAX_DISTRIBUTED_CONCURRENCY = 10_000;
/** Items an ItemReader hands on at most. */
export const MAX_ITEMS = 100_000_000;
/** Characters of JSON text in the Overrides of ecs:runTask (ECS API, TaskOverride). */
export const MAX_ECS_OVERRIDES_CHARACTERS = 8_192;
/** Seconds in TimeoutSeconds, HeartbeatSeconds, Seconds, IntervalSeconds. */
export const MAX_SECONDS = 99_999_999;

/** UTF-8 bytes of a value's JSON text. */
export function jsonBytes(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/**
 * Refuses a value over the payload quota.
 * @throws StateError `States.DataLimitExceeded`
 */
export function checkPayload(value: Json, what: string): void {
  // Every character takes at most 3 bytes of UTF-8 per UTF-16 unit; most values are cleared without counting bytes.
  const text = JSON.stringify(value);
  if (text.length * 3 <= MAX_PAYLOAD_BYTES) return;
  if (Buffer.byteLength(text) > MAX_PAYLOAD_BYTES) throw dataLimitExceeded(what);
}

/** The error of a value that is too big; the text follows the one AWS records for a task's reply. */
export function dataLimitExceeded(what: string): StateError {
  return new StateError(
    'States.DataLimitExceeded',
    `${what} returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}

const FORBIDDEN_IN_NAME = /[\s?*<>{}[\]"#%\\^|~`$&,;:/\p{Cc}]/u;

/** Says what is wrong with an execution name (StartExecution: 1 to 80 characters, some forbidden), or undefined. */
export function executionNameProblem(name: string): string | undefined {
  if (name.length < 1 || name.length > 80) return `has ${name.length} characters, 1 to 80 are allowed`;
  const found = FORBIDDEN_IN_NAME.exec(name);
  return found ? `contains ${JSON.stringify(found[0])}, which AWS refuses in names` : undefined;
}

/** Counts the events of one execution's history; the numbers are those AWS shows as event ids. */
export class History {
  #events = 0;

  /** The id of the latest event. */
  get latest(): number {
    return this.#events;
  }

  /**
   * Records events and returns the id of the last.
   * @throws StateError `States.Runtime`, which nothing catches, past the quota
   */
  add(count = 1): number {
    this.#events += count;
    if (this.#events > MAX_HISTORY_EVENTS) {
      throw new StateError(
        'States.Runtime',
        `The execution reached the maximum number of history events (${MAX_HISTORY_EVENTS}).`,
      );
    }
    return this.#events;
  }
}
