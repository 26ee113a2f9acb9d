import type { ApiHandler, ApiRequest } from './http.ts';

/** The part of an API Gateway proxy event (REST, payload 1.0) that a request is made of. */
export interface ProxyEvent {
  httpMethod: string;
  path: string;
  headers: Readonly<Record<string, string | undefined>> | null;
  multiValueQueryStringParameters: Readonly<Record<string, readonly string[] | undefined>> | null;
  body: string | null;
  isBase64Encoded: boolean;
  requestContext: { identity: { sourceIp: string; apiKeyId?: string | null } };
}

export interface ProxyResult {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/** A Lambda handler for proxy events around the API. */
export function toProxyHandler(api: ApiHandler): (event: ProxyEvent) => Promise<ProxyResult> {
  return async (event) => {
    const { status, headers, body } = await api(toApiRequest(event));
    return { statusCode: status, headers, body };
  };
}

function toApiRequest(event: ProxyEvent): ApiRequest {
  const { identity } = event.requestContext;
  const query = new URLSearchParams();
  // Names and values come decoded; a repeated one stays repeated, so that it is refused as everywhere.
  for (const [name, values] of Object.entries(event.multiValueQueryStringParameters ?? {}))
    for (const value of values ?? []) query.append(name, value);
  return {
    method: event.httpMethod,
    path: event.path,
    query: query.toString(),
    headers: Object.fromEntries(
      Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    body: event.isBase64Encoded && event.body !== null ? decodeBase64(event.body) : event.body,
    client: identity.apiKeyId ?? identity.sourceIp,
  };
}

function decodeBase64(text: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
}
