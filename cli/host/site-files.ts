import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { LocalFile } from '../../schemas/dashboard-data.ts';
import { packageRoot } from './package-root.ts';

/** Media types of what a build of the dashboard holds. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** What a site without a server behind it can do: show files. */
export const STATIC_LOCAL: LocalFile = { api_base: null, features: [], lake: null, version: null };

/** The built dashboard, or null where it is not built. */
export function builtPages(): string | null {
  const folder = join(packageRoot(), 'dist', 'dashboard');
  return existsSync(join(folder, 'index.html')) ? folder : null;
}

/** Media type by the ending of a name. */
export function mediaType(name: string): string {
  return TYPES[extname(name)] ?? 'application/octet-stream';
}

/** Every file of a folder, `/`-separated below it, pages last: what they name is there before they are. */
export async function siteFiles(folder: string): Promise<{ path: string; body: Uint8Array }[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
  const isPage = (path: string) => path.endsWith('.html');
  const ordered = paths.sort((a, b) => Number(isPage(a)) - Number(isPage(b)) || (a < b ? -1 : 1));
  return Promise.all(ordered.map(async (path) => ({ path, body: await readFile(join(folder, path)) })));
}
