import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONTAINER_NAMES, FUNCTION_NAMES } from '../../cdk/resource-names.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const ACCOUNT = '111111111111';
/** What a stack is made of: all that synth reads but the bundles, for which stubs stand in. */
const INPUTS = ['cdk', 'config', 'glue', 'schemas', 'workflow'];
const INPUT_FILES = [
  'cdk.json',
  'package-lock.json',
  '.dockerignore',
  'Dockerfile.runner',
  'Dockerfile.judge',
];
const CACHE = 'node_modules/.cache/socratic-cdk';

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
}
export interface Template {
  Resources: Record<string, Resource>;
  Outputs?: Record<string, { Value: unknown }>;
}

/**
 * The templates that `tsx cdk/app.ts` writes for a context over that of cdk.json, by stack. They are kept under a hash of
 * everything synth reads, so that several test files synthesize once. Fails with the app's output, cdk-nag's findings
 * among it, where synth fails.
 */
export function synthesize(label: string, context: Record<string, unknown> = {}): Map<string, Template> {
  const folder = join(root, CACHE, `${label}-${inputHash(context)}`);
  mkdirSync(join(root, CACHE), { recursive: true });
  while (!existsSync(folder)) {
    // One test process synthesizes, the others wait for it.
    if (!takeLock(`${folder}.lock`)) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      continue;
    }
    try {
      const { status, output } = runApp(`${folder}.new`, context);
      if (status !== 0) throw new Error(`cdk/app.ts ended with ${status}:\n${output}`);
      for (const old of readdirSync(join(root, CACHE)))
        if (new RegExp(`^${label}-[0-9a-f]+$`).test(old))
          rmSync(join(root, CACHE, old), { recursive: true, force: true });
      renameSync(`${folder}.new`, folder);
    } finally {
      rmSync(`${folder}.lock`, { recursive: true, force: true });
    }
  }
  const files = readdirSync(folder).filter((file) => file.endsWith('.template.json'));
  return new Map(
    files.map((file) => [
      file.replace('.template.json', ''),
      JSON.parse(readFileSync(join(folder, file), 'utf8')) as Template,
    ]),
  );
}

/** A lock left by a process that was killed counts for nothing after this. */
const STALE_MS = 300_000;

function takeLock(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (made !== undefined && Date.now() - made > STALE_MS) rmSync(path, { recursive: true, force: true });
    return false;
  }
}

/** Runs the app as the CDK's command line does: context and output folder in the environment. */
export function runApp(
  outdir: string,
  context: Record<string, unknown>,
): { status: number | null; output: string } {
  const shipped = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as { context: object };
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(root, 'cdk', 'app.ts')],
    {
      cwd: root,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: process.env['HOME'] ?? '',
        CDK_OUTDIR: outdir,
        // The CDK's own look at resource properties takes two thirds of synth and only warns; cfn-lint does it in
        // `npm run conformance`. cdk-nag is a plugin of ours and stays.
        CDK_VALIDATION: 'false',
        CDK_DEFAULT_ACCOUNT: ACCOUNT,
        CDK_CONTEXT_JSON: JSON.stringify({ ...shipped.context, hostsDir: stubHosts(), ...context }),
      },
    },
  );
  return { status, output: `${stdout}${stderr}` };
}

/** Bundles are not what these tests look at: an empty one each, so that nothing needs to be built before. */
function stubHosts(): string {
  const folder = `${CACHE}/hosts`;
  for (const name of [...FUNCTION_NAMES, ...CONTAINER_NAMES, 'api']) {
    mkdirSync(join(root, folder, name), { recursive: true });
    writeFileSync(join(root, folder, name, 'index.mjs'), 'export const handler = () => null;\n');
  }
  return folder;
}

function inputHash(context: object): string {
  const hash = createHash('sha256').update(JSON.stringify(context));
  const files = INPUTS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  for (const file of [...files.sort(), ...INPUT_FILES.map((name) => join(root, name))])
    hash.update(file).update(existsSync(file) ? readFileSync(file) : '-');
  return hash.digest('hex').slice(0, 16);
}

/** All resources of a type, over all stacks. */
export function resourcesOf(templates: Map<string, Template>, type: string): Resource[] {
  return [...templates.values()].flatMap((template) =>
    Object.values(template.Resources).filter((resource) => resource.Type === type),
  );
}

/** A value of a template as text: references become `<LogicalId>` or `<LogicalId.Attribute>`. */
export function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[key, argument] = []] = Object.entries(value as Record<string, unknown>);
  if (key === 'Ref') return `<${String(argument)}>`;
  if (key === 'Fn::GetAtt') return `<${(argument as string[]).join('.')}>`;
  if (key === 'Fn::ImportValue') return `<${flat(argument)}>`;
  if (key === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map(flat).join(separator);
  }
  return JSON.stringify(value);
}
