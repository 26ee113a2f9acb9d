import type { Json } from './json.ts';
import { jsonBytes, MAX_PAYLOAD_BYTES, MAX_VARIABLES_BYTES } from './limits.ts';
import { StateError } from './state-error.ts';

/**
 * The workflow variables of one scope: the machine, a branch or an inline iteration. Inner scopes read the outer ones
 * and cannot assign to them (the check refuses equal names); they are gone when the scope ends.
 */
export class Scope {
  readonly #values = new Map<string, Json>();
  readonly #outer: Scope | undefined;
  #bytes = 0;

  constructor(outer?: Scope) {
    this.#outer = outer;
  }

  /** All visible variables by name. */
  snapshot(): Record<string, Json> {
    return { ...this.#outer?.snapshot(), ...Object.fromEntries(this.#values) };
  }

  /**
   * Stores the values of one Assign together.
   * @throws StateError `States.DataLimitExceeded` when a variable, the Assign or all variables are too big
   */
  assign(values: Readonly<Record<string, Json>>): void {
    let added = 0;
    for (const [name, value] of Object.entries(values)) {
      const bytes = jsonBytes(value);
      added += bytes;
      if (bytes > MAX_PAYLOAD_BYTES || added > MAX_PAYLOAD_BYTES) {
        throw new StateError(
          'States.DataLimitExceeded',
          `The variable '${name}' exceeds the size limit of variables.`,
        );
      }
    }
    const replaced = Object.keys(values).reduce((sum, name) => {
      const old = this.#values.get(name);
      return old === undefined ? sum : sum + jsonBytes(old);
    }, 0);
    this.#bytes += added - replaced;
    if (this.#totalBytes() > MAX_VARIABLES_BYTES) {
      throw new StateError(
        'States.DataLimitExceeded',
        'The variables of the execution exceed their total size limit.',
      );
    }
    for (const [name, value] of Object.entries(values)) this.#values.set(name, value);
  }

  #totalBytes(): number {
    return this.#bytes + (this.#outer === undefined ? 0 : this.#outer.#totalBytes());
  }
}
