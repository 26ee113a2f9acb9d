import type { Json } from '../json.ts';

/** What a stubbed task does at one call. */
export type StubOutcome =
  { readonly return: Json } | { readonly error: string; readonly cause?: string } | { readonly hang: true };

/** A state machine, an input, stubs for what is outside, and what AWS does with them. */
export interface AslCase {
  readonly name: string;
  readonly definition: unknown;
  readonly input: Json;
  /** By Resource the outcomes in call order, the last repeats; under `s3` the objects by `bucket/key`. */
  readonly stubs: Readonly<Record<string, readonly StubOutcome[] | Readonly<Record<string, string>>>>;
  readonly expected: {
    readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'INVALID_DEFINITION';
    readonly output?: Json;
    /** Absent in a FAILED case: the execution has no error name. */
    readonly error?: string;
    readonly error_any_of?: readonly string[];
    /** Text of AWS; a difference is noted, not judged. */
    readonly cause?: string;
    /** Arguments of every call, without FunctionName. */
    readonly calls?: readonly { readonly resource: string; readonly arguments: Json }[];
    /** States entered by the execution itself, not by children of a Distributed Map. */
    readonly path?: readonly string[];
    /** How often states were entered. */
    readonly entered?: Readonly<Record<string, number>>;
    /** Waits before retries, before jitter. */
    readonly waits_seconds?: readonly number[];
  };
}

/** How the engine did on a case. A refusal (NotImplemented) is honest, a different answer is wrong. */
export interface Verdict {
  readonly name: string;
  readonly verdict: 'passed' | 'refused' | 'wrong';
  readonly reasons: readonly string[];
  /** Differences that do not count, such as another cause text. */
  readonly notes: readonly string[];
}
