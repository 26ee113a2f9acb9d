import { describe, expect, it } from '@jest/globals';
import { toProxyHandler, type ProxyEvent } from '../../api/api-gateway.ts';
import type { ApiRequest } from '../../api/http.ts';

const EVENT: ProxyEvent = {
  httpMethod: 'POST',
  path: '/manifests',
  headers: { 'Content-Type': 'application/json' },
  multiValueQueryStringParameters: { week: ['2026-W47'], model: ['a b', 'c'] },
  body: Buffer.from('{"profile":"mvp","note":"ö"}').toString('base64'),
  isBase64Encoded: true,
  requestContext: { identity: { sourceIp: '203.0.113.7', apiKeyId: null } },
};

describe('a proxy event', () => {
  it('becomes the request that the local server would make, and its answer the proxy result', async () => {
    const asked: ApiRequest[] = [];
    const handler = toProxyHandler(async (request) => {
      asked.push(request);
      return { status: 201, headers: { 'content-type': 'application/json' }, body: '{}' };
    });
    expect(await handler(EVENT)).toEqual({
      statusCode: 201,
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(asked).toEqual([
      {
        method: 'POST',
        path: '/manifests',
        query: 'week=2026-W47&model=a+b&model=c',
        headers: { 'content-type': 'application/json' },
        body: '{"profile":"mvp","note":"ö"}',
        client: '203.0.113.7',
      },
    ]);
  });

  it('without headers, query or body is a plain request', async () => {
    const handler = toProxyHandler(async ({ query, body }) => ({
      status: 200,
      headers: {},
      body: `${query}|${body}`,
    }));
    const bare = {
      ...EVENT,
      headers: null,
      multiValueQueryStringParameters: null,
      body: null,
      isBase64Encoded: false,
    };
    expect((await handler(bare)).body).toBe('|null');
  });
});
