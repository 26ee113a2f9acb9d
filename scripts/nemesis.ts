/**
 * `npm run nemesis -- [--seeds n] [--from s] [--workers n] [--folder dir]`: the built command line over a small matrix, struck by
 * a seeded mix of faults 1–10, 16 and 19 of docs/reliability.md, then checked against a clean run. Exits 1 when a promise was
 * broken; the lakes of broken seeds are kept.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { playPlans } from './nemesis/arena.ts';
import type { SeedResult } from './nemesis/one-seed.ts';
import { planFaults } from './nemesis/plan-faults.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '8' },
    from: { type: 'string', default: '1' },
    workers: { type: 'string', default: '2' },
    folder: { type: 'string' },
  },
});
const count = Number(values.seeds);
const from = Number(values.from);
const workers = Number(values.workers);
if (![count, from, workers].every((n) => Number.isInteger(n) && n >= 1)) {
  console.error('usage: npm run nemesis -- [--seeds n] [--from s] [--workers n] [--folder dir]');
  process.exit(2);
}

const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'socratic-nemesis-'));
const startMs = performance.now();
const plans = Array.from({ length: count }, (_, i) => planFaults(from + i));
const results = await playPlans(folder, plans, workers, (result) => console.log(lineOf(result)));
const broken = results.filter(({ problems }) => problems.length > 0);
const total = (value: (result: SeedResult) => number) => results.reduce((sum, one) => sum + value(one), 0);
console.log(
  `${results.length} seeds, ${broken.length} broken · ${total((one) => one.kills)} kills, ${total((one) => one.drains)} drains, ` +
    `${total((one) => one.twins)} double starts, ${total((one) => one.mishaps)} provider faults, ${total((one) => one.calls)} calls answered · ` +
    `${Math.round((performance.now() - startMs) / 1000)} s`,
);
if (broken.length === 0) rmSync(folder, { recursive: true, force: true });
else console.log(`broken seeds: ${broken.map(({ plan }) => plan.seed).join(', ')}; lakes kept in ${folder}`);
process.exit(broken.length === 0 ? 0 : 1);

function lineOf({ plan, problems, kills, drains, twins, torn, calls, mishaps }: SeedResult): string {
  const what = `seed ${String(plan.seed).padStart(4)} ${plan.replies} ${plan.isolation}: ${kills} kills, ${drains} drains, ${twins} double starts, ${torn} torn, ${mishaps} provider faults, ${calls} calls`;
  return [
    `${problems.length === 0 ? 'ok  ' : 'FAIL'} ${what}`,
    ...problems.map((one) => `       ${one}`),
  ].join('\n');
}
