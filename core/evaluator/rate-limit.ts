/** Clients remembered at once; the one longest silent is forgotten first. */
const MAX_CLIENTS = 1000;
const MINUTE_MS = 60_000;

/**
 * A token bucket a client: `per_minute` requests at once, refilled evenly.
 * @returns a function of client and time (monotonic ms) that takes one token: null, or the seconds until there is one.
 */
export function createRateLimit(per_minute: number): (client: string, nowMs: number) => number | null {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return (client, nowMs) => {
    const known = buckets.get(client) ?? { tokens: per_minute, atMs: nowMs };
    const tokens = Math.min(per_minute, known.tokens + ((nowMs - known.atMs) * per_minute) / MINUTE_MS);
    buckets.delete(client);
    buckets.set(client, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs });
    if (buckets.size > MAX_CLIENTS) buckets.delete(buckets.keys().next().value!);
    return tokens >= 1 ? null : Math.ceil(((1 - tokens) * MINUTE_MS) / per_minute / 1000);
  };
}
