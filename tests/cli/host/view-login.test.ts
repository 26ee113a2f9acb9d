import { afterEach, describe, expect, it } from '@jest/globals';
import { createLogin } from '../../../cli/host/view-login.ts';
import { startViewServer, type ViewServer } from '../../../cli/host/view-server.ts';
import type { ViewRequest } from '../../../cli/host/view-site.ts';
import { FakeStore } from '../../core/tasks/fake-store.ts';

const TOKEN = 'a-token-of-enough-characters';
const request = (change: Partial<ViewRequest> = {}): ViewRequest => ({
  method: 'GET',
  url: '/api/runs',
  headers: {},
  body: null,
  client: 'somebody',
  ...change,
});
const form = (token: string, client = 'somebody'): ViewRequest =>
  request({ method: 'POST', url: '/login', body: new URLSearchParams({ token }).toString(), client });

describe('the login of a server that others can reach', () => {
  it('shows strangers a form and nothing else; /healthz alone is open', () => {
    const login = createLogin(TOKEN);
    expect(login(request())).toMatchObject({ status: 401 });
    expect(login(request({ url: '/' }))).toMatchObject({ status: 303, headers: { location: '/login' } });
    expect(login(request({ url: '/data/index.json' }))).toMatchObject({ status: 401 });
    expect(login(request({ url: '/login' }))!.body).toContain('<form method="post"');
    expect(login(request({ url: '/healthz' }))).toBeNull();
  });

  it('gives a cookie for the token, which holds no token, and lets it pass', () => {
    const login = createLogin(TOKEN);
    const cookie = login(form(TOKEN))!.headers['set-cookie']!;
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(TOKEN);
    const value = cookie.split(';')[0]!;
    expect(login(request({ headers: { cookie: `x=1; ${value}` } }))).toBeNull();
    expect(login(request({ headers: { cookie: `${value}x` } }))).toMatchObject({ status: 401 });
    expect(createLogin(`${TOKEN}2`)(request({ headers: { cookie: value } }))).toMatchObject({ status: 401 });
    const behindTls = login({ ...form(TOKEN), headers: { 'x-forwarded-proto': 'https' } })!;
    expect(behindTls.headers['set-cookie']).toContain('; Secure');
  });

  it('takes the token of a program with each request', () => {
    const login = createLogin(TOKEN);
    expect(login(request({ headers: { authorization: `Bearer ${TOKEN}` } }))).toBeNull();
    expect(login(request({ headers: { authorization: 'Bearer wrong' } }))).toMatchObject({ status: 401 });
  });

  it('lets nobody try for long', () => {
    const login = createLogin(TOKEN);
    const tries = Array.from({ length: 12 }, () => login(form('guess'))!.status);
    expect(new Set(tries.slice(0, 10))).toEqual(new Set([401]));
    expect(tries.at(-1)).toBe(429);
    expect(login(form(TOKEN, 'somebody else'))).toMatchObject({ status: 303 });
  });
});

describe('a server bound to another address', () => {
  let server: ViewServer;
  afterEach(() => server.close());

  it('asks everybody for the token, and pages of other origins may not reach in', async () => {
    const site = {
      pages: null,
      store: new FakeStore(),
      local: {} as never,
      api: async () => ({ status: 200, headers: {}, body: 'ok' }),
    };
    server = await startViewServer(site, {
      port: 0,
      open: { host: '0.0.0.0', login: createLogin(TOKEN) },
      onError: () => undefined,
    });
    const url = server.url.replace('0.0.0.0', '127.0.0.1');
    const status = async (path: string, headers: Record<string, string> = {}) =>
      (await fetch(`${url}${path}`, { headers, redirect: 'manual' })).status;
    expect(await status('healthz')).toBe(200);
    expect(await status('api/runs')).toBe(401);
    const authorization = `Bearer ${TOKEN}`;
    expect(await status('api/runs', { authorization })).toBe(200);
    expect(await status('api/runs', { authorization, origin: 'https://elsewhere.example' })).toBe(403);
  });
});
