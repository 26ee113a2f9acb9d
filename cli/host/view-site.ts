import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { ApiHandler } from '../../api/http.ts';
import type { ObjectStore } from '../../core/ports.ts';
import type { LocalFile } from '../../schemas/dashboard-data.ts';
import { DASHBOARD_FILES } from '../../schemas/dashboard-files.ts';
import { PREFIX } from '../../schemas/names.ts';
import { mediaType } from './site-files.ts';

/** What `view` serves. */
export interface ViewSite {
  /** Folder of the built dashboard; null where it is not built. */
  pages: string | null;
  /** Lake whose dashboard/data/ is served as data/. */
  store: ObjectStore;
  local: LocalFile;
  /** Mounted under /api/ and, for container hosts, /healthz; null without one. */
  api: ApiHandler | null;
}

export interface ViewRequest {
  method: string;
  /** Path and query as they came in the request line. */
  url: string;
  headers: Readonly<Record<string, string | undefined>>;
  body: string | null;
  /** Address of who asks. */
  client: string;
}

export interface ViewResponse {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array | string;
}

/** The same policy as the public site's (cdk/stacks/site-stack.ts): nothing from elsewhere, nothing inline. */
const SAFE_HEADERS = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

const DATA_PATH = /^\/data\/([A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*){0,3}\.json)$/;

/** Answers one request for the site: pages, data, API. Who may ask is the server's matter (view-server.ts). */
export async function answerView(site: ViewSite, request: ViewRequest): Promise<ViewResponse> {
  const [path = '', query = ''] = splitOnce(request.url, '?');
  if (path === '/healthz' || path.startsWith('/api/')) return answerApi(site, request, path, query);
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse(405, 'expected GET or HEAD', { allow: 'GET, HEAD' });
  const answer = path.startsWith('/data/') ? await dataFile(site, path) : await page(site, path);
  if (answer.status !== 200) return answer;
  const etag = `"${createHash('sha256').update(answer.body).digest('base64url').slice(0, 22)}"`;
  answer.headers['etag'] = etag;
  if (request.headers['if-none-match'] === etag) return { ...answer, status: 304, body: '' };
  return answer;
}

async function answerApi(
  site: ViewSite,
  request: ViewRequest,
  path: string,
  query: string,
): Promise<ViewResponse> {
  if (site.api === null) return refuse(404, 'this server has no API');
  const { method, headers, body, client } = request;
  const below = path === '/healthz' ? path : path.slice('/api'.length);
  const answer = await site.api({ method, path: below, query, headers, body, client });
  return { ...answer, headers: { ...SAFE_HEADERS, ...answer.headers } };
}

async function dataFile(site: ViewSite, path: string): Promise<ViewResponse> {
  const file = DATA_PATH.exec(path)?.[1];
  if (file === undefined) return refuse(404, 'no such file');
  const body =
    file === DASHBOARD_FILES.local
      ? `${JSON.stringify(site.local)}\n`
      : await site.store.get(`${PREFIX.dashboard}/${file}`);
  return body === null ? refuse(404, 'no such file') : found(file, body);
}

/** A file of the dashboard's folder and of nothing beside it: no dot files, no way up, no link that leads out. */
async function page(site: ViewSite, path: string): Promise<ViewResponse> {
  if (site.pages === null)
    return path === '/' ? found('index.html', NOT_BUILT) : refuse(404, 'the dashboard is not built');
  const name = path === '/' ? '/index.html' : path;
  if (!/^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/.test(name)) return refuse(404, 'no such page');
  const root = await realpath(site.pages);
  try {
    const file = await realpath(join(root, name));
    if (!file.startsWith(root + sep)) return refuse(404, 'no such page');
    return found(file, await readFile(file));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return refuse(404, 'no such page');
    throw error;
  }
}

function found(name: string, body: Uint8Array | string): ViewResponse {
  return {
    status: 200,
    headers: {
      ...SAFE_HEADERS,
      'content-type': mediaType(name),
      'cache-control': 'no-cache',
    },
    body,
  };
}

/** A refusal in plain text. */
export function refuse(status: number, why: string, headers: Record<string, string> = {}): ViewResponse {
  return {
    status,
    headers: {
      ...SAFE_HEADERS,
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      ...headers,
    },
    body: `${why}\n`,
  };
}

function splitOnce(text: string, mark: string): string[] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

const NOT_BUILT = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>socratic-bench</title>
<h1>The dashboard is not built</h1>
<p>In a checkout, <code>npm run build</code> builds it into dist/dashboard. Its data are served already:
<a href="data/index.json">data/index.json</a>.</p>
</html>
`;
