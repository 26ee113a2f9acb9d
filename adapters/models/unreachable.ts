/** What stands in the way of a connection, by the code that Node, undici or the SDK gives it. */
const IN_THE_WAY: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused: nothing listens there',
  ENOTFOUND: 'no such host: its name is not known to DNS',
  EAI_AGAIN: 'no such host: DNS does not answer',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time: nothing answers at that address',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
};
/** Wordings of errors that carry no code: those that the AWS SDK wraps, its connection time-out, a port that fetch blocks. */
const WORDINGS: readonly [RegExp, string][] = [
  ...Object.entries(IN_THE_WAY).map(([code, reason]): [RegExp, string] => [
    new RegExp(`\\b${code}\\b`),
    reason,
  ]),
  [/did not establish a connection/, 'no connection in time: nothing answers at that address'],
  [/^bad port$/, 'a port that HTTP clients refuse'],
];

/** Causes nest (fetch failed → AggregateError → ECONNREFUSED); none does so deeply. */
const MAX_DEPTH = 6;

/** Codes of a connection that was made and then broke, or on which no answer came in time. */
const LOST: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);
/** Wordings without a code: the time-out of OpenAI's SDK, a reset that the AWS SDK wraps, an answer that broke off. */
const LOST_WORDINGS = /^Request timed out|\bread ECONNRESET\b|socket hang up|Deserialization error/;

/**
 * Why no connection was made, in words; null when one was made and failed later (reset, time-out, an HTTP status), which
 * another try may mend soon.
 */
export function unreachableReason(error: unknown): string | null {
  return firstOf(error, ({ code, message }) => {
    const known = IN_THE_WAY[code];
    return known ?? WORDINGS.find(([pattern]) => pattern.test(message))?.[1] ?? null;
  });
}

/**
 * Was the connection lost behind the request: may the provider have worked on it, and bill it, all the same? Not for an
 * error that `unreachableReason` explains.
 */
export function isConnectionLost(error: unknown): boolean {
  const lost = firstOf(error, ({ code, message, syscall }) =>
    (LOST.has(code) && syscall !== 'connect') || LOST_WORDINGS.test(message) ? true : null,
  );
  return lost ?? false;
}

/** What is first found in an error or in the causes nested in it. */
function firstOf<T>(
  error: unknown,
  find: (facts: { code: string; message: string; syscall: string }) => T | null,
  depth = 0,
): T | null {
  if (typeof error !== 'object' || error === null || depth > MAX_DEPTH) return null;
  const { code, cause, errors, message, syscall } = error as Readonly<Record<string, unknown>>;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const found = find({ code: text(code), message: text(message), syscall: text(syscall) });
  if (found !== null) return found;
  const inner = [cause, ...(Array.isArray(errors) ? (errors as unknown[]) : [])];
  for (const one of inner) {
    const deeper = firstOf(one, find, depth + 1);
    if (deeper !== null) return deeper;
  }
  return null;
}
