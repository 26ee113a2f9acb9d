import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const root = fileURLToPath(new URL('../..', import.meta.url));
/** Below the root, so that the processes find node_modules/ and config/; git-ignored. */
const built = join(root, 'bench', 'processes');

let building: Promise<unknown> | null = null;

/**
 * Path of a program of processes/, bundled as the product's own hosts are: what runs in a process of its own is measured
 * without the TypeScript loader beside it.
 */
export async function processPath(name: string): Promise<string> {
  const folder = fileURLToPath(new URL('processes', import.meta.url));
  building ??= build({
    entryPoints: readdirSync(folder).map((file) => join(folder, file)),
    outdir: built,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  await building;
  return join(built, `${basename(name)}.js`);
}
