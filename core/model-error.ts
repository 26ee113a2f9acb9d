import type { SkipReason } from '../schemas/planned-run.ts';
import { redact } from './redact.ts';

export type ModelErrorKind =
  | 'throttled' // our quota: 429
  | 'unavailable' // their capacity: 5xx, reset, time-out
  | 'unreachable' // no connection: refused, no such host, no route, certificate
  | 'access' // 403, missing key, use-case form
  | 'eol' // retired model
  | 'context_overflow' // prompt longer than the window
  | 'invalid' // a request the provider refuses and always will
  | 'aborted';

const RETRYABLE: readonly ModelErrorKind[] = ['throttled', 'unavailable', 'unreachable'];

/** A model call failed. `isRetryable` is decided here, once, from the kind that the adapter read off the provider's answer. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly kind: ModelErrorKind;
  readonly isRetryable: boolean;
  /** Provider's Retry-After, milliseconds; null when it named none. */
  readonly retryAfterMs: number | null;
  /** Calls made before giving up; the retry layer counts them. */
  readonly attempts: number;
  /** The request was sent and no answer came (time-out, reset): the provider may have worked on it, and bill it. */
  readonly isUnanswered: boolean;

  constructor(
    kind: ModelErrorKind,
    message: string,
    options: {
      cause?: unknown;
      retryAfterMs?: number | null;
      attempts?: number;
      isUnanswered?: boolean;
    } = {},
  ) {
    // A provider's own words may hold the key it was called with.
    super(redact(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.isRetryable = RETRYABLE.includes(kind);
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.attempts = options.attempts ?? 1;
    this.isUnanswered = options.isUnanswered ?? false;
  }

  /** The plan's skip reason for a model that can never be called this week, else null. */
  get skipReason(): SkipReason | null {
    return this.kind === 'access' || this.kind === 'eol' ? this.kind : null;
  }
}
