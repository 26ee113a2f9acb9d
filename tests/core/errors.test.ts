import { describe, expect, it, test } from '@jest/globals';
import { NamedError } from '../../core/errors.ts';
import { ModelError, type ModelErrorKind } from '../../core/model-error.ts';
import { isWorthAnotherTry } from '../../core/tasks/worth-another-try.ts';
import { ERROR } from '../../schemas/names.ts';

describe('a failed model call', () => {
  // Facts of the providers: a quota and an outage pass, the rest stays (spec 5.3, 8–15).
  const kinds: [ModelErrorKind, boolean, string | null, boolean][] = [
    ['throttled', true, null, true],
    ['unavailable', true, null, true],
    ['access', false, 'access', false],
    ['eol', false, 'eol', false],
    ['context_overflow', false, null, false],
    ['invalid', false, null, false],
    ['aborted', false, null, true],
  ];
  test.each(kinds)('%s: retryable %p, skip reason %p, worth another try of the task %p', (...row) => {
    const [kind, isRetryable, skipReason, isWorth] = row;
    const error = new ModelError(kind, 'the words of the provider');
    expect(error).toMatchObject({ name: 'ModelError', kind, isRetryable, skipReason, attempts: 1 });
    expect(isWorthAnotherTry(error)).toBe(isWorth);
  });

  it('carries the cause, the wait asked for and the calls made', () => {
    const cause = new Error('ECONNRESET');
    expect(new ModelError('unavailable', 'reset', { cause, retryAfterMs: 1500, attempts: 4 })).toMatchObject({
      cause,
      retryAfterMs: 1500,
      attempts: 4,
    });
    expect(new ModelError('invalid', 'no')).toMatchObject({ retryAfterMs: null });
  });
});

describe('a named error', () => {
  test.each(Object.values(ERROR))('%s says whether another try may mend it', (name) => {
    const isRetryable = name === 'RetryableError' || name === 'StoreUnavailable';
    const error = new NamedError(name, 'what and where');
    expect(error).toMatchObject({ name, isRetryable, hint: null, message: 'what and where' });
    expect(isWorthAnotherTry(error)).toBe(isRetryable);
  });

  it('may be said to stay although its name usually passes; a store that is away is still no result of the run', () => {
    const error = new NamedError(ERROR.storeUnavailable, 'disk full', {
      isRetryable: false,
      hint: 'free some',
    });
    expect(error).toMatchObject({ isRetryable: false, hint: 'free some' });
    expect(isWorthAnotherTry(error)).toBe(true);
    expect(isWorthAnotherTry(new NamedError(ERROR.retryable, 'given up', { isRetryable: false }))).toBe(
      false,
    );
  });
});

describe('work that was stopped', () => {
  it('is worth another try, a mistake is not', () => {
    const stopped = Object.assign(new Error('drained'), { name: 'AbortError' });
    expect(isWorthAnotherTry(stopped)).toBe(true);
    expect(isWorthAnotherTry(new TypeError('x is undefined'))).toBe(false);
    expect(isWorthAnotherTry('thrown text')).toBe(false);
  });
});
