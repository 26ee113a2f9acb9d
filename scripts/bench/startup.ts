import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, type Bench } from './bench.ts';
import { measureCommand } from './measure-process.ts';
import { runProgram } from '../run-program.ts';
import { root } from './processes.ts';

/** One start is a fifth of a second, and the first one fills the disk cache. */
const STARTS = 15;
/** What loads only where it is used. */
const HEAVY = ['@aws-sdk', '@smithy', '@duckdb', 'openai', 'apache-arrow', 'hyparquet', 'aws-cdk-lib'];

/** `socratic-bench --help`: how long it takes, and what it loads. */
export const startupBench: Bench = {
  name: 'startup',
  async run({ folder }) {
    const seconds: number[] = [];
    for (let i = 0; i < STARTS; i += 1) {
      const startMs = performance.now();
      await runProgram(process.execPath, [join(root, 'dist', 'cli', 'main.js'), '--help'], {});
      seconds.push((performance.now() - startMs) / 1000);
    }
    const lists_modules = join(folder, 'modules.txt');
    const { required } = await measureCommand(['--help'], { lists_modules });
    const modules = [...required, ...readFileSync(lists_modules, 'utf8').split('\n')];
    const heavy = HEAVY.filter((name) => modules.some((path) => path.includes(`/node_modules/${name}/`)));
    return [
      { what: '--help, elapsed', measured: median(seconds) * 1000, unit: 'ms', at_most: 250 },
      {
        what: `SDKs and databases it loads${heavy.length > 0 ? `: ${heavy.join(', ')}` : ''}`,
        measured: heavy.length,
        unit: '',
        at_most: 0,
      },
    ];
  },
};
