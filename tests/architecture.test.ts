import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = [
  'schemas',
  'core',
  'workflow',
  'engine',
  'adapters',
  'api',
  'lambdas',
  'containers',
  'cli',
  'cdk',
  'glue',
  'dashboard',
];
const MAX_LINES = 340;

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Runs dependency-cruiser as people run it; inside jest its parser is several times slower. */
function violations(folder: string, folders: string[]): string[] {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      '--config',
      join(root, '.dependency-cruiser.json'),
      '--output-type',
      'json',
      ...folders,
    ],
    {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 100_000_000,
    },
  );
  if (stdout === '') throw new Error(`dependency-cruiser gave no answer (${status}): ${stderr}`);
  const { summary } = JSON.parse(stdout) as {
    summary: { violations: { rule: { name: string }; from: string; to: string }[]; totalCruised: number };
  };
  if (summary.totalCruised === 0) throw new Error('dependency-cruiser looked at nothing');
  return summary.violations.map((violation) => `${violation.rule.name}: ${violation.from} → ${violation.to}`);
}

/** Code without comments and string contents: what may name Date or await in words. */
function codeOf(file: string): string {
  return readFileSync(join(root, file), 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/(^|[^:])\/\/.*$/gm, '$1')
    .replaceAll(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|"(?:[^"\\\n]|\\.)*"/g, "''");
}

describe('the folders', () => {
  it('import only what the table of the architecture page allows', () => {
    expect(
      violations(
        root,
        FOLDERS.filter((folder) => filesBelow(folder).length > 0),
      ),
    ).toEqual([]);
  }, 120_000);

  const folder = mkdtempSync(join(tmpdir(), 'architecture-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are refused when they import what they must not: the check can fail', () => {
    const bad: Record<string, string> = {
      'core/reads-files.ts': "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n",
      'core/takes-a-task.ts': "import { t } from './tasks/t.ts';\nexport const x = t;\n",
      'core/tasks/t.ts': "import { s } from '../../adapters/local/s.ts';\nexport const t = s;\n",
      'adapters/local/s.ts': "import { m } from '../models/m.ts';\nexport const s = m;\n",
      'adapters/models/m.ts': 'export const m = 1;\n',
      'engine/e.ts': "import { m } from '../schemas/n.ts';\nexport const e = m;\n",
      'schemas/n.ts': "import { e } from '../engine/e.ts';\nexport const m = e;\n",
      'core/there.ts': "import { b } from './back.ts';\nexport const a = b;\n",
      'core/back.ts': "import { a } from './there.ts';\nexport const b = a;\n",
      'core/types.ts': "import type { T } from '../adapters/models/m.ts';\nexport type U = T;\n",
    };
    for (const [path, text] of Object.entries(bad)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const found = violations(folder, ['core', 'adapters', 'engine', 'schemas']).map(
      (line) => line.split(' → ')[0],
    );
    expect(found).toEqual(
      expect.arrayContaining([
        'core-is-pure: core/reads-files.ts',
        'only-hash-imports-node: core/reads-files.ts',
        'core-is-pure: core/takes-a-task.ts',
        'tasks-take-core-and-schemas: core/tasks/t.ts',
        'adapters-stay-in-their-folder: adapters/local/s.ts',
        'engine-knows-nothing-of-ours: engine/e.ts',
        'schemas-import-zod-only: schemas/n.ts',
        'no-cycles: core/back.ts',
      ]),
    );
    // Types leave nothing behind in the code that runs.
    expect(found.filter((line) => line!.includes('types.ts'))).toEqual([]);
  }, 60_000);
});

describe('core/', () => {
  const pure = filesBelow('core').filter(
    (file) => !file.startsWith('core/tasks/') && !file.endsWith('.d.ts'),
  );

  it('holds many files', () => {
    expect(pure.length).toBeGreaterThan(50);
  });

  it.each([
    ['Date', /\bDate\b(?!\.parse)/],
    ['Math.random', /\bMath\.random\b/],
    ['process', /\bprocess\./],
    ['console', /\bconsole\./],
    ['async code', /\b(?:async|await)\b/],
    ['timers', /\bset(?:Timeout|Interval)\b/],
  ])('uses no %s outside core/tasks', (_name, pattern) => {
    expect(pure.filter((file) => pattern.test(codeOf(file)))).toEqual([]);
  });

  it.each([
    ['Math.random', /\bMath\.random\b/],
    ['the clock', /\bnew Date\b|\bDate\.now\b/],
    ['process', /\bprocess\./],
  ])('uses no %s in core/tasks either: it comes through a port', (_name, pattern) => {
    expect(filesBelow('core/tasks').filter((file) => pattern.test(codeOf(file)))).toEqual([]);
  });
});

describe('files', () => {
  it(`have at most ${MAX_LINES} lines`, () => {
    const long = FOLDERS.flatMap(filesBelow).filter(
      (file) => readFileSync(join(root, file), 'utf8').split('\n').length > MAX_LINES,
    );
    expect(long).toEqual([]);
  });

  it('of hosts have at most about 20 lines of code', () => {
    const hosts = [...filesBelow('lambdas'), ...filesBelow('containers')];
    const long = hosts.filter(
      (file) =>
        codeOf(file)
          .split('\n')
          .filter((line) => line.trim() !== '' && !line.startsWith('import')).length > 25,
    );
    expect(long).toEqual([]);
  });

  it('re-export nothing wholesale: no barrels', () => {
    expect(FOLDERS.flatMap(filesBelow).filter((file) => /^export \*/m.test(codeOf(file)))).toEqual([]);
  });
});
