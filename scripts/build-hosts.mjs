/**
 * Bundles every host of lambdas/ and containers/ to one self-contained file, dist/hosts/<name>/index.mjs, SDKs included:
 * what a Lambda's asset and a container's image hold, and what `run --isolation process` starts. Functions that read the
 * shipped config/ get a copy beside them. `node scripts/build-hosts.mjs` prints sizes; scripts/build.mjs calls `buildHosts`.
 */
import { cpSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const HOSTS = {
  'load-manifest': 'lambdas/load-manifest.ts',
  'generate-runs': 'lambdas/generate-runs.ts',
  aggregate: 'lambdas/aggregate.ts',
  'check-alerts': 'lambdas/check-alerts.ts',
  'publish-metrics': 'lambdas/publish-metrics.ts',
  start: 'lambdas/start.ts',
  index: 'lambdas/index.ts',
  'mail-failure': 'lambdas/mail-failure.ts',
  api: 'lambdas/api.ts',
  runner: 'containers/runner.ts',
  judge: 'containers/judge.ts',
};
/** Hosts that compose a manifest from the shipped files. */
const WITH_CONFIG = ['load-manifest', 'start', 'api'];

/** Bundles all hosts into `folder`; gives each one's size in bytes. */
export async function buildHosts(folder) {
  rmSync(folder, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: Object.entries(HOSTS).map(([name, path]) => ({ in: path, out: `${name}/index` })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    // The oldest Node that `--isolation process` may run them on; Lambda and the images have 24.
    target: 'node20',
    minify: true,
    keepNames: true,
    legalComments: 'none',
    // CommonJS packages inside an ES module still call require for Node's own modules.
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    logLevel: 'warning',
  });
  for (const name of WITH_CONFIG) {
    mkdirSync(join(folder, name, 'config'), { recursive: true });
    cpSync(join(root, 'config'), join(folder, name, 'config'), { recursive: true });
  }
  return Object.keys(HOSTS).map((name) => ({ name, bytes: statSync(join(folder, name, 'index.mjs')).size }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { name, bytes } of await buildHosts(join(root, 'dist', 'hosts')))
    console.log(`${name.padEnd(16)} ${(bytes / 1e6).toFixed(2)} MB`);
}
