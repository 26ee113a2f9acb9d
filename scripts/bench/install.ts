import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { runProgram } from '../run-program.ts';
import { root } from './processes.ts';

const MAX_DIRECT = 20;

/** What an install takes on disk, and whether the packed package runs in an empty folder. Needs npm and its registry or cache. */
export const installBench: Bench = {
  name: 'install',
  async run({ folder, log }) {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const sizeOf = async (name: string, args: readonly string[]): Promise<number> => {
      const target = join(folder, name);
      mkdirSync(target);
      for (const file of ['package.json', 'package-lock.json']) cpSync(join(root, file), join(target, file));
      log(`npm ci ${args.join(' ')}`);
      await npm(['ci', '--ignore-scripts', ...args], target);
      return megabytes(join(target, 'node_modules'));
    };
    const production = await sizeOf('production', ['--omit=dev']);
    const everything = await sizeOf('everything', []);

    log('npm pack, npm install, npx');
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    await npm(['pack', '--ignore-scripts', '--pack-destination', folder], root);
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))!;
    writeFileSync(join(empty, 'package.json'), '{"private": true}\n');
    await npm(['install', join(folder, tarball)], empty);
    const first = await runProgram('npx', ['socratic-bench', 'run', '--profile', 'mvp'], process.env, empty);
    if (first.status !== 0) log(`npx socratic-bench run exits ${first.status}: ${first.stderr.slice(-500)}`);
    return [
      { what: 'npm ci --omit=dev', measured: production, unit: 'MB', at_most: 200 },
      { what: 'npm ci', measured: everything, unit: 'MB', at_most: 600 },
      {
        what: 'direct run-time dependencies',
        measured: Object.keys(dependencies).length,
        unit: '',
        at_most: MAX_DIRECT,
      },
      {
        what: 'exit code of the packed `npx socratic-bench run` in an empty folder',
        measured: first.status ?? 1,
        unit: '',
        at_most: 0,
      },
    ];
  },
};

async function npm(args: readonly string[], folder: string): Promise<void> {
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr } = await runProgram('npm', [...args, ...quiet], process.env, folder);
  if (status !== 0) throw new Error(`npm ${args.join(' ')} exits ${status}: ${stderr}`);
}

/** Size on disk as du counts it, MB of 2^20 bytes. */
async function megabytes(folder: string): Promise<number> {
  const { stdout } = await runProgram('du', ['-sm', folder], process.env);
  return Number(stdout.split('\t')[0]);
}
