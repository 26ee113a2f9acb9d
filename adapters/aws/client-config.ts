import { NodeHttpHandler } from '@smithy/node-http-handler';

/** Connections a client keeps to one service; a runner uses one or two, Aggregate up to 16. */
const MAX_SOCKETS = 64;

/**
 * What every SDK client of ours is made with: one try (adapters/aws/call-aws.ts owns the retries), HTTP/1.1, bounded
 * waits. Credentials and endpoints come from the environment as the SDK reads it (the task role, AWS_PROFILE,
 * AWS_ENDPOINT_URL_<SERVICE>); so does the region where `environment` does not name it.
 */
export function clientConfig(environment: Readonly<Record<string, string | undefined>> = {}) {
  const region = environment['AWS_REGION'];
  return {
    ...(region === undefined ? {} : { region }),
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
