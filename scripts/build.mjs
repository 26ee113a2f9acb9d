/**
 * Bundles the command line into dist/ with esbuild: shared chunks, npm packages left external so that SDKs and DuckDB load
 * only where they are used; the hosts into dist/hosts/, one self-contained file each (scripts/build-hosts.mjs); and the
 * dashboard into dist/dashboard/ with Vite.
 * `npm ci` calls it as `prepare`; after `npm ci --omit=dev` esbuild is absent and a packed dist/ is already there.
 */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
let esbuild;
try {
  esbuild = await import('esbuild');
} catch {
  if (existsSync(`${root}/dist/cli/main.js`)) process.exit(0);
  console.error('build: esbuild is not installed and dist/ is missing; run `npm ci` without --omit=dev');
  process.exit(process.env.npm_command === 'ci' ? 0 : 1);
}
await esbuild.build({
  absWorkingDir: root,
  entryPoints: ['cli/main.ts'],
  outbase: '.',
  outdir: 'dist.next',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: 'linked',
  logLevel: 'warning',
});
const { buildHosts } = await import('./build-hosts.mjs');
await buildHosts(`${root}/dist.next/hosts`);
const { build: buildSite } = await import('vite');
await buildSite({
  configFile: `${root}/dashboard/vite.config.ts`,
  build: { outDir: `${root}/dist.next/dashboard` },
});
// A failed build leaves the last good one in place.
rmSync(`${root}/dist`, { recursive: true, force: true });
renameSync(`${root}/dist.next`, `${root}/dist`);
