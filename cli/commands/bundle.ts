import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObjectStore } from '../../core/ports.ts';
import { DASHBOARD_FILES } from '../../schemas/dashboard-files.ts';
import { EXIT, PREFIX } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { openAnyLake } from '../host/local-lake.ts';
import { builtPages, siteFiles, STATIC_LOCAL } from '../host/site-files.ts';

/** Files of the lake copied at once. */
const COPIES_AT_ONCE = 16;

/** `bundle --out <dir>`: dashboard and data as plain files, for any static server, at any path, with no API behind. */
export async function bundleCommand({ out }: { out: string }, context: Context): Promise<number> {
  const pages = requirePages();
  const store = openAnyLake(context);
  const data = await dataFiles(store, context);
  checkTarget(out);
  for (const { path, body } of await siteFiles(pages)) await write(join(out, path), body);
  for (let at = 0; at < data.length; at += COPIES_AT_ONCE)
    await Promise.all(
      data.slice(at, at + COPIES_AT_ONCE).map((file) => copy(store, file, join(out, 'data'))),
    );
  await write(join(out, 'data', DASHBOARD_FILES.local), `${JSON.stringify(STATIC_LOCAL)}\n`);
  context.out(
    context.json
      ? `${JSON.stringify({ out, data_files: data.length })}\n`
      : `${out}: dashboard and ${data.length} data files; serve the folder with any web server, e.g. npx http-server ${out}\n`,
  );
  return EXIT.ok;
}

/** The built dashboard. Throws a usage error where there is none. */
export function requirePages(): string {
  const pages = builtPages();
  if (pages === null)
    throw new CliError(
      'failed',
      'the dashboard is not built',
      '`npm run build` builds it into dist/dashboard',
    );
  return pages;
}

/** Paths below dashboard/data/, the index last. */
async function dataFiles(store: ObjectStore, context: Context): Promise<string[]> {
  const paths: string[] = [];
  for await (const { key } of store.list(`${PREFIX.dashboard}/`))
    paths.push(key.slice(PREFIX.dashboard.length + 1));
  if (!paths.includes(DASHBOARD_FILES.index))
    throw new CliError(
      'usage',
      `nothing is published in ${context.lake}`,
      '`socratic-bench run` publishes; `socratic-bench reindex` does for a lake of an older version',
    );
  return paths;
}

/** A bundle is renewed in place; any other folder with something in it is somebody's. */
function checkTarget(out: string): void {
  const stats = statSync(out, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isDirectory()) throw new CliError('usage', `--out ${out}: expected a folder, got a file`);
  const isBundle =
    existsSync(join(out, 'data', DASHBOARD_FILES.index)) && existsSync(join(out, 'index.html'));
  if (!isBundle && readdirSync(out).length > 0)
    throw new CliError('usage', `--out ${out}: expected an empty folder or an earlier bundle`);
}

async function copy(store: ObjectStore, path: string, to: string): Promise<void> {
  const body = await store.get(`${PREFIX.dashboard}/${path}`);
  // Published a moment ago and replaced since: the listing is older than the file.
  if (body !== null) await write(join(to, path), body);
}

async function write(file: string, body: Uint8Array | string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, body);
}
