import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installPython } from './python-tool.ts';
import { table, writeSection } from './report.ts';
import { synthesizeStacks } from './synthesized.ts';

const VERSION = '1.58.0';
const ACCOUNT = '123456789012';
/** The stacks as shipped, and with every flag on that adds resources. */
const CONTEXTS: Readonly<Record<string, Record<string, string>>> = {
  dev: {},
  'prod, private, WAF, QuickSight': {
    stage: 'prod',
    network: 'private',
    waf: 'on',
    quicksight: 'on',
    quicksightPrincipalArn: `arn:aws:quicksight:us-east-1:${ACCOUNT}:user/default/ann`,
    alertEmail: 'ops@example.org',
    slackWebhookParameter: '/socratic-bench/slack',
    weeklyProfile: 'weekly-bedrock',
  },
};

interface Match {
  Level: string;
  Rule: { Id: string };
  Message: string;
}

/** Lints every synthesized template with cfn-lint (schemas of the CloudFormation registry); 1 when it reports an error. */
export async function cfn(): Promise<number> {
  const bin = installPython('cfn-lint', VERSION);
  const rows: (string | number)[][] = [];
  const findings = new Map<string, { count: number; example: string }>();
  let errors = 0;
  for (const [label, context] of Object.entries(CONTEXTS)) {
    for (const { stack, path, resources } of synthesizeStacks(ACCOUNT, context)) {
      const { stdout, error } = spawnSync(join(bin, 'cfn-lint'), ['--format', 'json', path], {
        encoding: 'utf8',
        maxBuffer: 100_000_000,
      });
      if (error !== undefined) throw error;
      const matches = JSON.parse(stdout === '' ? '[]' : stdout) as Match[];
      const count = (level: string) => matches.filter(({ Level }) => Level === level).length;
      errors += count('Error');
      rows.push([label, stack, Object.keys(resources).length, count('Error'), count('Warning')]);
      for (const { Level, Rule, Message } of matches) {
        const rule = `${Level} ${Rule.Id}`;
        const known = findings.get(rule) ?? { count: 0, example: `${stack}: ${Message}` };
        findings.set(rule, { ...known, count: known.count + 1 });
      }
    }
  }
  const text = table(['settings', 'stack', 'resources', 'errors', 'warnings'], rows);
  const rules = table(
    ['rule', 'times', 'first'],
    [...findings].map(([rule, { count, example }]) => [rule, count, example]),
  );
  writeSection(
    'cfn',
    `## cfn-lint ${VERSION}\n\nEvery template against the schemas of the CloudFormation registry.\n\n${text}\n\n${rules}`,
  );
  console.log(`${text}\n\n${rules}`);
  return errors > 0 ? 1 : 0;
}
