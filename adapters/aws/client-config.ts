import { NodeHttpHandler } from '@smithy/node-http-handler';

/** Connections a client keeps to one service; a runner uses one or two, Aggregate up to 16. */
const MAX_SOCKETS = 64;

/** Longest wait for an answer to begin, upload included; the largest body, 30 MB of Parquet, goes in parts of 8 MB. */
const ANSWER_MS = 60_000;

/**
 * What every SDK client of ours is made with: one try (adapters/aws/call-aws.ts owns the retries), HTTP/1.1, bounded
 * waits: a server that stays mute, or falls silent within a body, for `answerMs` ends the try with TimeoutError. Credentials and endpoints come from the environment as the SDK reads it (the task role, AWS_PROFILE,
 * AWS_ENDPOINT_URL_<SERVICE>); so does the region where `environment` does not name it.
 */
export function clientConfig(
  environment: Readonly<Record<string, string | undefined>> = {},
  answerMs = ANSWER_MS,
) {
  const region = environment['AWS_REGION'];
  return {
    ...(region === undefined ? {} : { region }),
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 5_000,
      requestTimeout: answerMs,
      // Without it the handler logs a warning and goes on waiting.
      throwOnRequestTimeout: true,
      // The request's limit ends with the headers; a body that stalls behind them is the socket's.
      socketTimeout: answerMs,
      httpAgent: { maxSockets: MAX_SOCKETS },
      httpsAgent: { maxSockets: MAX_SOCKETS },
    }),
  };
}
