/**
 * `npm test`: types, lint, format, dead code, then jest. Quiet when green.
 * Ends with the plain line `N passed, N failed` (each static check counts as one). Arguments go to jest.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => join(root, 'node_modules', '.bin', name);
const run = (command, args, env = {}) =>
  spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } }).status === 0;

let passed = 0;
let failed = 0;
const filters = process.argv.slice(2);
const checks = [
  ['build', process.execPath, ['scripts/build.mjs']],
  ...(filters.length > 0
    ? []
    : [
        ['types', bin('tsc'), ['--noEmit']],
        ['types of the dashboard', bin('tsc'), ['--noEmit', '-p', 'dashboard']],
        ['lint', bin('oxlint'), ['--deny-warnings', '--quiet']],
        ['format', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
        ['dead code', bin('knip'), ['--no-progress']],
      ]),
];
for (const [name, command, args] of checks) {
  if (run(command, args)) passed += 1;
  else {
    failed += 1;
    console.error(`npm test: ${name} failed`);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'socratic-jest-'));
const report = join(folder, 'report.json');
run(
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
