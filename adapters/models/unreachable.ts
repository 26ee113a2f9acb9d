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

/**
 * Why no connection was made, in words; null when one was made and failed later (reset, time-out, an HTTP status), which
 * another try may mend soon.
 */
export function unreachableReason(error: unknown, depth = 0): string | null {
  if (typeof error !== 'object' || error === null || depth > MAX_DEPTH) return null;
  const { code, cause, errors, message } = error as {
    code?: unknown;
    cause?: unknown;
    errors?: unknown;
    message?: unknown;
  };
  const known = typeof code === 'string' ? IN_THE_WAY[code] : undefined;
  if (known !== undefined) return known;
  const worded =
    typeof message === 'string' ? WORDINGS.find(([pattern]) => pattern.test(message)) : undefined;
  if (worded !== undefined) return worded[1];
  const inner = [cause, ...(Array.isArray(errors) ? (errors as unknown[]) : [])];
  for (const one of inner) {
    const reason = unreachableReason(one, depth + 1);
    if (reason !== null) return reason;
  }
  return null;
}
