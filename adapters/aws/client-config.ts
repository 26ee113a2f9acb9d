import { NodeHttpHandler } from '@smithy/node-http-handler';

/** Connections a client keeps to one service; a runner uses one or two, Aggregate up to 16. */
const MAX_SOCKETS = 64;

/**
 * What every SDK client of ours is made with: one try (adapters/aws/call-aws.ts owns the retries), HTTP/1.1, bounded
 * waits. Region, credentials and endpoints come from the environment as the SDK reads it (AWS_REGION, the task role,
 * AWS_ENDPOINT_URL_<SERVICE>).
 */
export function clientConfig() {
  return {
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 5_000,
      // Of one answer; the largest body, 30 MB of Parquet, goes in parts of 8 MB.
      requestTimeout: 60_000,
      httpAgent: { maxSockets: MAX_SOCKETS },
      httpsAgent: { maxSockets: MAX_SOCKETS },
    }),
  };
}
