import { NamedError } from '../../core/errors.ts';
import type { Random } from '../../core/identity/random.ts';
import type { Clock } from '../../core/ports.ts';
import { ERROR } from '../../schemas/names.ts';

/** What retries need from outside. */
export interface RetryPorts {
  clock: Pick<Clock, 'sleep'>;
  random: Random;
}

/**
 * Tries of one call, the first included, and full jitter between them (AWS Architecture Blog, "Exponential Backoff And
 * Jitter", 2015): at most 0.1 + 0.2 + … + 3.2 = 6.3 s of waiting, after which Step Functions' own Retry takes over.
 */
const MAX_ATTEMPTS = 7;
const BASE_DELAY_MS = 100;
const MAX_DELAY_MS = 5_000;

/** Error names that ask for another try whatever their HTTP status. */
const TRANSIENT_NAMES: ReadonlySet<string> = new Set([
  'ConditionalRequestConflict', // S3: another conditional write of this key is in flight (409)
  'InternalError',
  'OperationAborted', // S3: a conflicting operation on this resource (409)
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestTimeout',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TimeoutError',
  'TooManyRequestsException',
]);
/** Node's codes for a connection that was cut or could not be made. */
const CONNECTION_CODES: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
]);

/**
 * The one retry layer over AWS services (the SDKs try once, `maxAttempts: 1`): repeats `call` while it fails in a way that
 * another try may mend. Throws StoreUnavailable, retryable or not by the same decision.
 */
export async function callAws<T>(what: string, call: () => Promise<T>, retry: RetryPorts): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (error instanceof NamedError) throw error;
      if (!isTransient(error) || attempt === MAX_ATTEMPTS) throw awsError(error, what, attempt);
      const ceiling = Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** (attempt - 1));
      await retry.clock.sleep(ceiling * retry.random());
    }
  }
}

/** HTTP status of a service's answer; null when there was none (a cut connection, missing credentials). */
export function statusOf(error: unknown): number | null {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? null;
}

/** The service's name for an error, e.g. `NoSuchKey`. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}

/** May the request have been carried out although it failed? */
export function isUnanswered(error: unknown): boolean {
  const status = statusOf(error);
  return status === null || status >= 500;
}

function isTransient(error: unknown): boolean {
  const status = statusOf(error);
  const code = (error as { code?: string }).code;
  return (
    TRANSIENT_NAMES.has(nameOf(error)) ||
    (status !== null && (status >= 500 || status === 429)) ||
    (code !== undefined && CONNECTION_CODES.has(code))
  );
}

/** The error as ours. Its cause keeps name and message only: SDK errors carry request headers. */
export function awsError(error: unknown, what: string, attempts: number): NamedError {
  const { message } = error as Error;
  const tried = attempts === 1 ? '' : ` (${attempts} tries)`;
  const hint = hintFor(error);
  return new NamedError(ERROR.storeUnavailable, `cannot ${what}: ${nameOf(error)}: ${message}${tried}`, {
    cause: Object.assign(new Error(message), { name: nameOf(error) }),
    isRetryable: isTransient(error),
    ...(hint === null ? {} : { hint }),
  });
}

function hintFor(error: unknown): string | null {
  if (nameOf(error) === 'CredentialsProviderError')
    return 'give this process AWS credentials: a role, AWS_PROFILE, or `aws sso login`';
  if (statusOf(error) === 403)
    return 'the role lacks a permission; on S3 a missing key answers 403 instead of 404 without s3:ListBucket on the bucket';
  if (nameOf(error) === 'NoSuchBucket' || nameOf(error) === 'ResourceNotFoundException')
    return 'deploy the stacks, or correct the bucket and table names in the environment (SOCRATIC_LAKE, SOCRATIC_IMMUTABLE_BUCKET, SOCRATIC_TABLE_PREFIX)';
  return null;
}
