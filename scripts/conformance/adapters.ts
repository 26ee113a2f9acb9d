import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MOTO_VERSION, startMoto } from './moto-server.ts';
import { root } from './python-tool.ts';
import { table, writeSection } from './report.ts';

interface Assertion {
  ancestorTitles: string[];
  title: string;
  status: 'passed' | 'failed' | string;
  failureMessages: string[];
}

/** The contract suites of tests/contracts over moto's server, through jest: what each adapter keeps there. */
export async function adapters(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'socratic-moto-'));
  const server = await startMoto();
  try {
    const report = join(folder, 'report.json');
    spawnSync(
      'nice',
      [
        ...['-n', '10', process.execPath, join(root, 'node_modules', 'jest', 'bin', 'jest.js')],
        ...['--testMatch', '**/scripts/conformance/suites/moto-adapters.ts'],
        ...['--json', `--outputFile=${report}`, '--silent', '--testTimeout=600000'],
      ],
      {
        cwd: root,
        stdio: 'ignore',
        env: {
          ...process.env,
          MOTO_ENDPOINT: server.endpoint,
          NODE_OPTIONS: '--experimental-vm-modules --no-warnings',
        },
      },
    );
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
      testResults: { assertionResults: Assertion[]; message: string }[];
    };
    const assertions = testResults.flatMap(({ assertionResults }) => assertionResults);
    if (assertions.length === 0) throw new Error(testResults.map(({ message }) => message).join('\n'));
    const groups = new Map<string, Assertion[]>();
    for (const one of assertions)
      groups.set(one.ancestorTitles[0]!, [...(groups.get(one.ancestorTitles[0]!) ?? []), one]);
    const failures = assertions.filter(({ status }) => status !== 'passed');
    const summary = [...groups].map(([what, group]) => [
      what,
      `${group.filter(({ status }) => status === 'passed').length} of ${group.length} passed`,
      group
        .filter(({ status }) => status !== 'passed')
        .map((one) => `${one.title}: ${brief(one.failureMessages[0] ?? '')}`)
        .join('; '),
    ]);
    const text = table(['suite', 'result', 'what moto does otherwise'], summary);
    writeSection(
      'adapters',
      `## Adapters over moto ${MOTO_VERSION} (server)\n\nThe contract suites of \`tests/contracts/\` and the calls of Step Functions, SNS and Athena, through the real SDKs.\n\n${text}\n\nmoto runs no SQL and no state machine: what Athena and Step Functions show is the protocol.`,
    );
    console.log(text);
    return failures.length === 0 ? 0 : 1;
  } finally {
    server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

// oxlint-disable-next-line no-control-regex
const ANSI = /\u001B\[[0-9;]*m/g;

function brief(message: string): string {
  return message.replaceAll(ANSI, '').split('\n').slice(0, 6).join(' ').slice(0, 250);
}
