import { createHash, createHmac } from 'node:crypto';
import type { Environment } from './aws-lake.ts';
import { callAws, type RetryPorts } from './call-aws.ts';

/** Keys of the caller, as an SDK client's configuration gives them. */
export interface AwsKeys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

/** A request of a service whose SDK is not worth a dependency: a few reads of `doctor`, one parameter of a function. */
export interface SignedRequest {
  /** Name in the signature and, with the region, of the host: `sts`, `servicequotas`, `bedrock`, `ssm`. */
  service: string;
  method: 'GET' | 'POST';
  /** Each segment percent-encoded once. */
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Environment variables by which the SDKs (and so do we) send a service's requests elsewhere. */
const ENDPOINT_VARIABLES: Readonly<Record<string, string>> = {
  sts: 'AWS_ENDPOINT_URL_STS',
  servicequotas: 'AWS_ENDPOINT_URL_SERVICE_QUOTAS',
  bedrock: 'AWS_ENDPOINT_URL_BEDROCK',
  ssm: 'AWS_ENDPOINT_URL_SSM',
};
const TIMEOUT_MS = 20_000;

/**
 * Sends signed requests to AWS services (Signature Version 4,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). Gives the answer's text; throws
 * StoreUnavailable with the service's name for the error.
 */
export function createSignedCall(ports: {
  environment: Environment;
  region: string;
  keys: () => Promise<AwsKeys>;
  /** Milliseconds since 1970. */
  nowMs: () => number;
  retry: RetryPorts;
}) {
  const { environment, region, keys, nowMs, retry } = ports;
  return (request: SignedRequest): Promise<string> => {
    const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
    const base =
      environment[ENDPOINT_VARIABLES[request.service] ?? ''] ??
      `https://${request.service}.${region}.${suffix}`;
    const url = new URL(request.path, base);
    return callAws(
      `call ${request.service} ${request.headers['x-amz-target'] ?? request.path}`,
      async () => {
        const headers = signedHeaders(request, url, region, await keys(), new Date(nowMs()));
        const answer = await fetch(url, {
          method: request.method,
          headers,
          ...(request.method === 'POST' ? { body: request.body } : {}),
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        const text = await answer.text();
        if (!answer.ok) throw serviceError(answer, text);
        return text;
      },
      retry,
    );
  };
}
export type SignedCall = ReturnType<typeof createSignedCall>;

/** The request's headers with its signature. `host` is signed and left to the HTTP client to send. */
export function signedHeaders(
  { service, method, headers, body }: SignedRequest,
  url: URL,
  region: string,
  keys: AwsKeys,
  now: Date,
): Record<string, string> {
  const at = now.toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const scope = `${at.slice(0, 8)}/${region}/${service}/aws4_request`;
  const own: Record<string, string> = {
    ...headers,
    'x-amz-date': at,
    ...(keys.sessionToken === undefined ? {} : { 'x-amz-security-token': keys.sessionToken }),
  };
  const signed = Object.entries({ ...own, host: url.host })
    .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const names = signed.map(([name]) => name).join(';');
  const canonical = [
    method,
    // Encoded twice, as every service but S3 wants it.
    url.pathname.split('/').map(encodeURIComponent).join('/'),
    [...url.searchParams]
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .sort()
      .join('&'),
    ...signed.map(([name, value]) => `${name}:${value}`),
    '',
    names,
    sha256(body),
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', at, scope, sha256(canonical)].join('\n');
  const key = scope
    .split('/')
    .reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${keys.secretAccessKey}`);
  const signature = hmac(key, toSign).toString('hex');
  return {
    ...own,
    authorization: `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

/** An error as the SDKs shape theirs, so that one retry layer understands both. JSON protocols name it in a header or in `__type`. */
function serviceError(answer: Response, text: string): Error {
  const header = answer.headers.get('x-amzn-errortype');
  const name =
    header ?? /"__type"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? /<Code>([^<]+)</.exec(text)?.[1] ?? 'Error';
  const message =
    /"[Mm]essage"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? /<Message>([^<]*)</.exec(text)?.[1] ?? 'no message';
  return Object.assign(new Error(message), {
    name: name.replace(/^.*#/, '').replace(/:.*$/, ''),
    $metadata: { httpStatusCode: answer.status },
  });
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
