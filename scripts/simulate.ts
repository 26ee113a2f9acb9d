/**
 * `npm run simulate -- [--models n] [--profile p] [--runs n] [--judges n] [--quota standard|reduced] [--json]`: wall-clock and cost
 * of a weekly run of so many models under Bedrock's quotas, the Maps' concurrency and Fargate's start times, as a
 * discrete-event simulation over the plan's own sizes. Calls nothing, spends nothing. docs/scale.md reads it.
 */
import { parseArgs } from 'node:util';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './bench/processes.ts';
import { report, type WeekReport } from './simulate/report.ts';
import { simulateWeek } from './simulate/simulate-week.ts';
import { QUOTAS, workloadOf, type QuotaName } from './simulate/workload.ts';

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: '25' },
    profile: { type: 'string', default: 'weekly-bedrock' },
    runs: { type: 'string' },
    judges: { type: 'string' },
    quota: { type: 'string', default: 'standard' },
    json: { type: 'boolean', default: false },
  },
});
const models = Number(values.models);
const given = [models, Number(values.runs ?? 1), Number(values.judges ?? 1)];
if (!given.every((n) => Number.isInteger(n) && n >= 1) || !(values.quota in QUOTAS)) {
  console.error(
    `usage: npm run simulate -- [--models n] [--profile p] [--runs n] [--judges n] [--quota ${Object.keys(QUOTAS).join('|')}] [--json]`,
  );
  process.exit(2);
}

/** Concurrency of RunDialogues and JudgeRuns: the profile's own, and wider. */
const STEPS = [
  { runs: 20, judges: 10 },
  { runs: 100, judges: 50 },
  { runs: 500, judges: 250 },
  { runs: 2000, judges: 1000 },
];
const steps =
  values.runs === undefined && values.judges === undefined
    ? STEPS
    : [{ runs: Number(values.runs ?? 20), judges: Number(values.judges ?? 10) }];

const folder = mkdtempSync(join(tmpdir(), 'socratic-simulate-'));
const workload = await workloadOf(values.profile, models, root, folder);
rmSync(folder, { recursive: true, force: true });
const weeks: WeekReport[] = steps.map((concurrency) =>
  simulateWeek(workload, concurrency, values.quota as QuotaName, `simulate:${models}`),
);
console.log(
  values.json
    ? JSON.stringify({ models, profile: values.profile, quota: values.quota, weeks }, null, 2)
    : report({ models, profile: values.profile, quota: values.quota as QuotaName }, workload, weeks),
);
