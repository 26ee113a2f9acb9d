import { createHmac, timingSafeEqual } from 'node:crypto';
import { createRateLimit } from '../../core/evaluator/rate-limit.ts';
import { refuse, type ViewRequest, type ViewResponse } from './view-site.ts';

/** Shorter ones can be guessed. */
export const MIN_TOKEN_CHARS = 16;
const COOKIE = 'socratic_session';
/** Tries of a token a minute and address: a person needs two. */
const TRIES_A_MINUTE = 10;

/** Lets a request pass (null), or answers it: the login page, its form, or a refusal. */
export type Login = (request: ViewRequest) => ViewResponse | null;

/**
 * The login of a server that others can reach: one token, given once in a form or with each request of a program
 * (`authorization: Bearer <token>`). The cookie holds a MAC of the token, never the token. /healthz is open.
 */
export function createLogin(token: string): Login {
  const session = createHmac('sha256', token).update('socratic-bench view').digest('base64url');
  const limit = createRateLimit(TRIES_A_MINUTE);
  return (request) => {
    const [path] = request.url.split('?');
    if (path === '/healthz') return null;
    const { headers } = request;
    if (isSame(cookieOf(headers['cookie']), session)) return path === '/login' ? redirect('/') : null;
    const bearer = /^Bearer (\S+)$/.exec(headers['authorization'] ?? '')?.[1];
    const given = path === '/login' && request.method === 'POST' ? formToken(request.body) : bearer;
    if (given !== undefined) {
      const wait = limit(request.client, performance.now());
      if (wait !== null) return refuse(429, 'too many tries', { 'retry-after': String(wait) });
      if (!isSame(given, token)) return path === '/login' ? page(401, WRONG) : refuse(401, 'wrong token');
      if (path !== '/login') return null;
      const secure = headers['x-forwarded-proto'] === 'https' ? '; Secure' : '';
      return redirect('/', {
        'set-cookie': `${COOKIE}=${session}; Path=/; HttpOnly; SameSite=Strict${secure}`,
      });
    }
    if (path === '/login') return page(200, '');
    // A page goes to the form; a script or a program is told.
    return headers['sec-fetch-mode'] === 'navigate' || path === '/'
      ? redirect('/login')
      : refuse(401, 'expected a login, or authorization: Bearer <token>', { 'www-authenticate': 'Bearer' });
  };
}

function isSame(given: string | undefined, expected: string): boolean {
  if (given === undefined) return false;
  // Equal lengths, whatever was given: the time says nothing of the token.
  const [a, b] = [given, expected].map((text) => createHmac('sha256', 'compare').update(text).digest());
  return timingSafeEqual(a!, b!);
}

function cookieOf(header: string | undefined): string | undefined {
  return header
    ?.split(/;\s*/)
    .find((pair) => pair.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1);
}

function formToken(body: string | null): string {
  return new URLSearchParams(body ?? '').get('token') ?? '';
}

function redirect(location: string, headers: Record<string, string> = {}): ViewResponse {
  return refuse(303, `see ${location}`, { location, ...headers });
}

const WRONG = '<p role="alert">That is not the token.</p>';

function page(status: number, note: string): ViewResponse {
  const answer = refuse(status, '', { 'content-type': 'text/html; charset=utf-8' });
  const policy = answer.headers['content-security-policy']!.replace(
    "form-action 'none'",
    "form-action 'self'",
  );
  return {
    ...answer,
    headers: { ...answer.headers, 'content-security-policy': policy },
    body: `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>socratic-bench: log in</title>
<h1>socratic-bench</h1>
${note}
<form method="post" action="/login">
<label>Token of this server <input type="password" name="token" autocomplete="current-password" required autofocus></label>
<button type="submit">Log in</button>
</form>
</html>
`,
  };
}
