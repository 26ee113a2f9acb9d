import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiProblem, problemResponse } from '../../api/problem.ts';
import type { Login } from './view-login.ts';
import { answerView, refuse, type ViewRequest, type ViewResponse, type ViewSite } from './view-site.ts';

/** Nobody else on the network can ask. */
export const LOOPBACK = '127.0.0.1';
/** Names under which a browser on this machine reaches it. Any other Host is a page elsewhere whose name was bent to here. */
const OWN_NAMES = ['127.0.0.1', 'localhost', '[::1]'];
/** As much as the API takes (api/create-api.ts), and a little for its own refusal. */
const MAX_BODY_BYTES = 80 * 1024;
/** A client that sends its headers this slowly is none. */
const HEADERS_TIMEOUT_MS = 10_000;

export interface ViewServerOptions {
  port: number;
  open?: { host: string; login: Login };
  onError: (error: unknown) => void;
}

export interface ViewServer {
  url: string;
  close(): Promise<void>;
}

/**
 * Serves a site on 127.0.0.1. Asked under another name (DNS rebinding), from a page of another origin or across sites it
 * refuses with 403; it shows nothing outside the site's own folders.
 * @param options.port 0 takes any free one. Rejects with the system's error when the port is taken.
 * @param options.open another address to listen on, and the login that everybody who can reach it then needs.
 */
export async function startViewServer(
  site: ViewSite,
  { port, open, onError }: ViewServerOptions,
): Promise<ViewServer> {
  const server = createServer((request, response) => {
    answer(site, request, open?.login ?? null)
      .catch((error: unknown) => {
        onError(error);
        return refuse(500, "the failure is in the server's log, not here");
      })
      .then((result) => send(request, response, result))
      .catch(onError);
  });
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  await listen(server, port, open?.host ?? LOOPBACK);
  return {
    url: `http://${open?.host ?? LOOPBACK}:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

async function answer(site: ViewSite, request: IncomingMessage, login: Login | null): Promise<ViewResponse> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
  const { port } = request.socket.address() as AddressInfo;
  const refusal = refuseStrangers(headers, login === null ? ownHosts(port) : null);
  if (refusal !== null) return refusal;
  const body = await readBody(request);
  if (body === 'too large') return tooLarge(request.url ?? '/', `expected at most ${MAX_BODY_BYTES} bytes`);
  const view: ViewRequest = {
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    headers,
    body,
    client: request.socket.remoteAddress ?? '',
  };
  return login?.(view) ?? answerView(site, view);
}

/** The API's own form of a refusal for what is asked of it. */
function tooLarge(url: string, why: string): ViewResponse {
  const plain = refuse(413, why);
  if (!url.startsWith('/api/')) return plain;
  const problem = problemResponse(new ApiProblem(413, why));
  return { ...problem, headers: { ...plain.headers, ...problem.headers } };
}

/** Names of a server that only this machine reaches. */
function ownHosts(port: number): string[] {
  return OWN_NAMES.map((name) => `${name}:${port}`);
}

/**
 * Null for requests of the server's own pages and of programs without an origin; else the refusal. A server behind a login
 * (`own` is null) is reached under names that it cannot know: there a page's origin must be the name it was asked under.
 */
function refuseStrangers(
  headers: Readonly<Record<string, string | undefined>>,
  own: readonly string[] | null,
): ViewResponse | null {
  const host = (headers['host'] ?? '').toLowerCase();
  if (own !== null && !own.includes(host)) return refuse(403, `expected Host ${own.join(' or ')}`);
  const { origin } = headers;
  const allowed = own === null ? [`http://${host}`, `https://${host}`] : own.map((name) => `http://${name}`);
  if (origin !== undefined && !allowed.includes(origin.toLowerCase()))
    return refuse(403, 'expected no Origin but this server itself');
  // A link from elsewhere may open the page (a navigation); anything else across sites is a page that reaches in.
  const site = headers['sec-fetch-site'];
  const isCross = site === 'cross-site' || site === 'same-site';
  if (isCross && headers['sec-fetch-mode'] !== 'navigate')
    return refuse(403, 'expected no request across sites');
  return null;
}

async function readBody(request: IncomingMessage): Promise<string | null | 'too large'> {
  if (request.method === 'GET' || request.method === 'HEAD') return null;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return 'too large';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: ViewResponse) {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
  response.writeHead(status, {
    ...headers,
    ...(status === 304 ? {} : { 'content-length': bytes.length }),
    // What was not read of a body must not be taken for the next request.
    ...(status === 413 ? { connection: 'close' } : {}),
  });
  response.end(request.method === 'HEAD' || status === 304 ? undefined : bytes);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
