import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/** The built site of this checkout. */
export const SITE = fileURLToPath(new URL('../../dist/dashboard', import.meta.url));

/** A plain static server: the built site below a sub-path, the published data of a lake below `data/`, a strict policy on all. */
export async function serveSite(data: string): Promise<{ address: string; close: () => Promise<void> }> {
  if (!existsSync(join(SITE, 'index.html')))
    throw new Error('dist/dashboard is missing: run `npm run build`');
  const base = '/some/sub-path/';
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname));
    const inner = path.startsWith(base) ? path.slice(base.length) : null;
    const file =
      inner === null
        ? null
        : inner.startsWith('data/')
          ? join(data, inner.slice('data/'.length))
          : join(SITE, inner === '' ? 'index.html' : inner);
    const send = (status: number, body: Buffer | string, type = 'text/plain') => {
      response.writeHead(status, { 'content-type': type, 'content-security-policy': "default-src 'self'" });
      response.end(body);
    };
    if (file === null) return send(404, '');
    readFile(file).then(
      (body) => send(200, body, TYPES[extname(file)]),
      () => send(404, ''),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}${base}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
