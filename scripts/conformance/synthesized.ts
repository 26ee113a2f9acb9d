import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run } from './python-tool.ts';

/** A synthesized template and where it lies. */
export interface Synthesized {
  stack: string;
  path: string;
  body: string;
  resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
}

/** Synthesizes the stacks for an account, over the context of cdk.json. The bundles must be there. */
export function synthesizeStacks(account: string, context: Record<string, string>): Synthesized[] {
  const folder = mkdtempSync(join(tmpdir(), 'socratic-cdk-'));
  const shipped = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as { context: object };
  run(process.execPath, ['--import', 'tsx', join(root, 'cdk', 'app.ts')], {
    CDK_OUTDIR: folder,
    CDK_DEFAULT_ACCOUNT: account,
    CDK_CONTEXT_JSON: JSON.stringify({ ...shipped.context, ...context }),
  });
  return readdirSync(folder)
    .filter((file) => file.endsWith('.template.json'))
    .map((file) => {
      const path = join(folder, file);
      const body = readFileSync(path, 'utf8');
      const { Resources } = JSON.parse(body) as { Resources: Synthesized['resources'] };
      return { stack: file.replace('.template.json', ''), path, body, resources: Resources };
    });
}
