import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileStore } from '../../../adapters/local/file-store.ts';
import type { ApiRequest } from '../../../api/http.ts';
import { startViewServer, type ViewServer } from '../../../cli/host/view-server.ts';
import type { ViewSite } from '../../../cli/host/view-site.ts';

const folder = mkdtempSync(join(tmpdir(), 'socratic-view-'));
const pages = join(folder, 'pages');
const lake = join(folder, 'lake');
const asked: ApiRequest[] = [];
const errors: unknown[] = [];
let server: ViewServer;
let port: number;

const site: ViewSite = {
  pages,
  store: createFileStore(lake),
  local: { api_base: 'api/', features: ['rate'], lake: 'a lake', version: '1' },
  api: async (request) => {
    asked.push(request);
    return { status: 201, headers: { 'content-type': 'application/json' }, body: '{}' };
  },
};

beforeAll(async () => {
  mkdirSync(join(pages, 'assets'), { recursive: true });
  mkdirSync(join(lake, 'dashboard', 'data', 'runs'), { recursive: true });
  writeFileSync(join(pages, 'index.html'), '<!doctype html>');
  writeFileSync(join(pages, 'assets', 'app.js'), 'export {}');
  writeFileSync(join(pages, '.env'), 'SECRET');
  writeFileSync(join(folder, 'secret.txt'), 'SECRET');
  symlinkSync(join(folder, 'secret.txt'), join(pages, 'link.txt'));
  writeFileSync(join(lake, 'secret.json'), '"SECRET"');
  writeFileSync(join(lake, 'dashboard', 'data', 'index.json'), '{"executions":[]}');
  writeFileSync(join(lake, 'dashboard', 'data', 'runs', 'e.json'), '{"runs":[]}');
  server = await startViewServer(site, { port: 0, onError: (error) => errors.push(error) });
  port = Number(new URL(server.url).port);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A request as it is written, without a client's tidying of paths and headers. */
function send(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port,
        path,
        method: options.method ?? 'GET',
        headers: { host: `127.0.0.1:${port}`, ...options.headers },
        setHost: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(options.body);
  });
}

describe('the server of `view`', () => {
  it('listens on 127.0.0.1 alone', () => {
    expect(server.url).toBe(`http://127.0.0.1:${port}/`);
  });

  it('shows pages, data of the lake, and its own local.json', async () => {
    expect(await send('/')).toMatchObject({ status: 200, body: '<!doctype html>' });
    expect(await send('/assets/app.js')).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/javascript; charset=utf-8' },
    });
    expect(await send('/data/runs/e.json')).toMatchObject({ status: 200, body: '{"runs":[]}' });
    expect(JSON.parse((await send('/data/local.json')).body)).toEqual(site.local);
  });

  it('sends what has not changed once', async () => {
    const first = await send('/data/index.json');
    const again = await send('/data/index.json', {
      headers: { 'if-none-match': String(first.headers['etag']) },
    });
    expect([first.status, again.status, again.body]).toEqual([200, 304, '']);
  });

  it('keeps browsers to this origin and to the media type, on every kind of answer', async () => {
    for (const path of ['/', '/assets/app.js', '/data/index.json', '/nothing', '/api/runs']) {
      const { headers } = await send(path);
      expect(headers['content-security-policy']).toMatch(/default-src 'self'/);
      expect(headers['content-security-policy']).not.toMatch(/unsafe|\*|https?:/);
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });

  it.each([
    ['another name', 'evil.example'],
    ['another name with the port', 'evil.example:PORT'],
    ['this address at another port', '127.0.0.1:1'],
    ['no name', ''],
    ['a name that begins like ours', '127.0.0.1.evil.example:PORT'],
  ])('asked as %s refuses (DNS rebinding)', async (_what, host) => {
    const answer = await send('/data/index.json', { headers: { host: host.replace('PORT', String(port)) } });
    expect(answer.status).toBe(403);
    expect(answer.body).not.toContain('executions');
  });

  it('is known as localhost too', async () => {
    expect((await send('/', { headers: { host: `localhost:${port}` } })).status).toBe(200);
  });

  it.each(['https://evil.example', 'null', 'http://127.0.0.1:1', 'http://localhost.evil.example'])(
    'refuses a page of %s, and does not ask the API for it',
    async (origin) => {
      asked.length = 0;
      const answer = await send('/api/evaluations', {
        method: 'POST',
        headers: { origin, 'content-type': 'application/json' },
        body: '{}',
      });
      expect([answer.status, asked.length]).toEqual([403, 0]);
    },
  );

  it('refuses what another site fetches without an Origin, and lets a link of it open the page', async () => {
    const from = { 'sec-fetch-site': 'cross-site' };
    expect(
      (await send('/data/index.json', { headers: { ...from, 'sec-fetch-mode': 'no-cors' } })).status,
    ).toBe(403);
    expect((await send('/', { headers: { ...from, 'sec-fetch-mode': 'navigate' } })).status).toBe(200);
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//etc/passwd',
    '/.env',
    '/link.txt',
    '/assets',
    '/assets/',
    '/index.html/',
    '/index.html%00.js',
    '/data/../secret.json',
    '/data/..%2f..%2fsecret.json',
    '/data/runs/../../../secret.json',
    '/data//etc/passwd.json',
    '/data/.local/x.json',
    '/data/runs',
    '/data/',
    `/${'a/'.repeat(2000)}b`,
  ])('shows nothing outside its folders: %s', async (path) => {
    const answer = await send(path);
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('SECRET');
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])(
    'takes no %s for pages and data',
    async (method) => {
      for (const path of ['/', '/data/index.json'])
        expect(await send(path, { method })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    },
  );

  it('answers HEAD with the headers of GET alone', async () => {
    const [get, head] = [await send('/'), await send('/', { method: 'HEAD' })];
    expect(head.body).toBe('');
    expect(head.headers['content-length']).toBe(get.headers['content-length']);
  });

  it('hands the API what was asked, below its root', async () => {
    asked.length = 0;
    const answer = await send('/api/evaluations?x=1%202', {
      method: 'POST',
      headers: { origin: `http://127.0.0.1:${port}`, 'content-type': 'application/json' },
      body: '{"a":"ü"}',
    });
    await send('/healthz');
    expect(answer.status).toBe(201);
    expect(asked).toMatchObject([
      { method: 'POST', path: '/evaluations', query: 'x=1%202', body: '{"a":"ü"}', client: '127.0.0.1' },
      { method: 'GET', path: '/healthz', body: null },
    ]);
  });

  it('refuses a body that no route takes before the API sees it', async () => {
    asked.length = 0;
    const answer = await send('/api/evaluations', { method: 'POST', body: 'x'.repeat(100_000) });
    expect([answer.status, asked.length]).toEqual([413, 0]);
  });

  it('says of a failure nothing but that there was one', async () => {
    const broken = await startViewServer(
      { ...site, store: { ...site.store, get: () => Promise.reject(new Error('disk at /home/ann failed')) } },
      { port: 0, onError: (error) => errors.push(error) },
    );
    const answer = await fetch(`${broken.url}data/index.json`);
    expect([answer.status, await answer.text()]).toEqual([500, expect.not.stringContaining('ann')]);
    expect(String(errors.at(-1))).toContain('disk at /home/ann failed');
    await broken.close();
  });

  it('without a built dashboard says so, and shows the data', async () => {
    const bare = await startViewServer({ ...site, pages: null }, { port: 0, onError: () => undefined });
    expect(await (await fetch(bare.url)).text()).toContain('npm run build');
    expect((await fetch(`${bare.url}data/index.json`)).status).toBe(200);
    expect((await fetch(`${bare.url}assets/app.js`)).status).toBe(404);
    await bare.close();
  });

  it('rejects with the system’s word where the port is taken', async () => {
    await expect(startViewServer(site, { port, onError: () => undefined })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});
