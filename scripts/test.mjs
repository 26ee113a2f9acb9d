/**
 * `npm test`: types, lint, format, dead code, then jest. Quiet when green.
 * Ends with the plain line `N passed, N failed` (each static check counts as one). Arguments go to jest.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => join(root, 'node_modules', '.bin', name);
const run = (command, args, env = {}) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
    child.on('error', () => resolve(false));
    child.on('close', (status) => resolve(status === 0));
  });

let passed = 0;
let failed = 0;
const check = async ([name, command, args]) => {
  if (await run(command, args)) passed += 1;
  else {
    failed += 1;
    console.error(`npm test: ${name} failed`);
  }
};
const filters = process.argv.slice(2);
await check(['build', process.execPath, ['scripts/build.mjs']]);
if (filters.length === 0) {
  // The two that take longest beside each other, and the short ones behind the shorter of them.
  const lanes = [
    [['format', bin('prettier'), ['--check', '--log-level', 'warn', '.']]],
    [
      ['types', bin('tsc'), ['--noEmit']],
      ['types of the dashboard', bin('tsc'), ['--noEmit', '-p', 'dashboard']],
      ['lint', bin('oxlint'), ['--deny-warnings', '--quiet']],
      ['dead code', bin('knip'), ['--no-progress']],
    ],
  ];
  await Promise.all(
    lanes.map(async (lane) => {
      for (const one of lane) await check(one);
    }),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'socratic-jest-'));
const report = join(folder, 'report.json');
await run(
  process.execPath,
  [join(root, 'node_modules/jest/bin/jest.js'), '--json', `--outputFile=${report}`, '--silent', ...filters],
  {
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --no-warnings`.trim(),
  },
);
try {
  const result = JSON.parse(readFileSync(report, 'utf8'));
  passed += result.numPassedTests;
  failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
  if (result.numTotalTests === 0) failed += 1;
} catch {
  console.error('npm test: jest wrote no report');
  failed += 1;
}
rmSync(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
