/**
 * `npm run bench [-- <name> …] [--repeats n]`: measures what docs/performance.md promises and prints promised against
 * measured. A report, not a test: it exits 0 whatever it finds, 1 when a bench could not be run, 2 on a wrong name. Lakes lie
 * in the folder for temporary files; TMPDIR names another.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { aggregateBench } from './bench/aggregate.ts';
import type { Bench, Finding } from './bench/bench.ts';
import { dashboardBench } from './bench/dashboard.ts';
import { eventLoopBench } from './bench/event-loop.ts';
import { installBench } from './bench/install.ts';
import { latencyBoundBench } from './bench/latency-bound.ts';
import { root } from './bench/processes.ts';
import { machine, report, type Result } from './bench/report.ts';
import { scoreBench } from './bench/score.ts';
import { shortTurnsBench } from './bench/short-turns.ts';
import { sqlBench } from './bench/sql.ts';
import { startupBench } from './bench/startup.ts';
import { turnCostBench } from './bench/turn-cost.ts';
import { vsPromptfooBench } from './bench/vs-promptfoo.ts';
import { weeklyBench } from './bench/weekly.ts';

const BENCHES: readonly Bench[] = [
  shortTurnsBench,
  weeklyBench,
  turnCostBench,
  latencyBoundBench,
  eventLoopBench,
  aggregateBench,
  sqlBench,
  scoreBench,
  startupBench,
  dashboardBench,
  installBench,
  vsPromptfooBench,
];

const { values, positionals } = parseArgs({
  options: { repeats: { type: 'string', default: '3' } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !BENCHES.some((bench) => bench.name === name));
const repeats = Number(values.repeats);
if (unknown.length > 0 || !Number.isInteger(repeats) || repeats < 1) {
  console.error(
    `usage: npm run bench [-- <name> …] [--repeats n]\nnames: ${BENCHES.map((bench) => bench.name).join(', ')}`,
  );
  process.exit(2);
}

const build = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' });
if (build.status !== 0) process.exit(1);

const results: Result[] = [];
const folders: string[] = [];
for (const bench of BENCHES) {
  if (positionals.length > 0 ? !positionals.includes(bench.name) : bench.isAskedFor) continue;
  console.error(`${bench.name} …`);
  try {
    results.push({ bench: bench.name, machine: machine(), findings: await findingsOf(bench) });
  } catch (error) {
    console.error(`${bench.name}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
  mkdirSync(join(root, 'bench'), { recursive: true });
  writeFileSync(join(root, 'bench', 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
}
console.log(report(results));
// Not before: ext4 searches long for a free inode among those deleted in the last minutes, which the next bench would pay.
for (const folder of folders) rmSync(folder, { recursive: true, force: true });

function findingsOf(bench: Bench): Promise<Finding[]> {
  const folder = mkdtempSync(join(tmpdir(), `socratic-bench-${bench.name}-`));
  folders.push(folder);
  return bench.run({ folder, repeats, log: (text) => console.error(`  ${text}`) });
}
