import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parquetReadObjects } from 'hyparquet';
import { tableFromIPC } from 'apache-arrow';
import type { ExecutionSummary } from '../../schemas/execution-summary.ts';
import type { WeeklySummary } from '../../schemas/weekly-summary.ts';
import { fingerprint, run, temporaryFolders, type Finished } from './cli.ts';

const folders = temporaryFolders();
const lake = folders.make('first');
let first: Finished;
afterAll(folders.removeAll);

beforeAll(async () => {
  first = await run(['run', '--lake', lake]);
}, 120_000);

const documents = new Map<string, unknown>();
/** What a reading command says with --json; asked once, as nothing here changes the lake. */
async function document<T>(...args: string[]): Promise<T> {
  const key = args.join(' ');
  if (!documents.has(key)) {
    const { status, stdout, stderr } = await run([...args, '--json', '--lake', lake]);
    if (status !== 0) throw new Error(`${key} exits ${status}: ${stderr}`);
    documents.set(key, JSON.parse(stdout));
  }
  return documents.get(key) as T;
}

async function overAllPhases(): Promise<WeeklySummary[]> {
  const { weekly } = await document<ExecutionSummary>('results');
  return weekly.filter((row) => row.phase === 'all');
}

describe('run with nothing given', () => {
  it('exits 0 and prints progress on stderr, a table of results on stdout', () => {
    expect(first).toMatchObject({ status: 0 });
    expect(first.stderr).toMatch(/RunDialogues 48\/48/);
    for (const word of [
      'half-life',
      'survived',
      'compliance',
      'SD',
      'CSD',
      '$/run',
      'steadfast',
      'simulated',
    ])
      expect(first.stdout).toContain(word);
  });

  it('leaves a lake with every prefix that a run fills', () => {
    expect(
      readdirSync(lake)
        .filter((name) => name !== '.local')
        .sort(),
    ).toEqual([
      'alerts',
      'audit',
      'calibration',
      'checkpoints',
      'config',
      'curated',
      'dashboard',
      'executions',
      'judged',
      'ledger',
      'manifests',
      'map-runs',
      'raw',
      'scores',
    ]);
    expect(readdirSync(join(lake, 'config')).sort()).toEqual([
      'alerts',
      'heuristics',
      'models',
      'phases',
      'prices',
      'profiles',
      'prompts',
      'rubrics',
      'seeds',
      'simulated',
      'student',
    ]);
  });

  it('ranks the known-answer tutors by their known answers', async () => {
    const rmst = new Map((await overAllPhases()).map((row) => [row.model, row.rmst_turns!]));
    const of = (model: string) => rmst.get(model)!;
    expect(of('steadfast')).toBe(40);
    expect(Math.abs(of('drifter-20') - 20)).toBeLessThanOrEqual(1);
    expect(Math.abs(of('drifter-8') - 8)).toBeLessThanOrEqual(1);
    expect(of('drifter-8')).toBeGreaterThan(of('leading'));
    expect(of('drifter-8')).toBeGreaterThan(of('lecturer'));
    expect(of('template')).toBeLessThan(of('steadfast'));
  });

  it('puts template last on novelty', async () => {
    const rows = [...(await overAllPhases())].sort((a, b) => a.csd_subscores.nvt! - b.csd_subscores.nvt!);
    expect(rows[0]!.model).toBe('template');
  });

  it('measures the judge on the golden set and labels everything simulated', async () => {
    const summary = await document<ExecutionSummary>('results');
    expect(summary.canary!.n_items).toBeGreaterThanOrEqual(100);
    expect(summary.canary!.n_judged).toBeGreaterThan(0);
    expect(summary.is_simulated).toBe(true);
    expect(summary.is_partial).toBe(false);
  });
});

describe('the same command again', () => {
  it('makes no model call and changes no byte', async () => {
    const before = fingerprint(lake);
    const again = await run(['run', '--lake', lake]);
    expect(again.status).toBe(0);
    expect(again.stderr).toContain('0 model calls');
    expect(fingerprint(lake)).toEqual(before);
  });
});

describe('reading commands', () => {
  it.each([
    ['results'],
    ['status'],
    ['cost'],
    ['alerts'],
    ['digest'],
    ['verify'],
    ['plan'],
    ['validate'],
    ['doctor'],
    ['manifest', 'show'],
    ['query', '--list'],
  ])('%s %s answers people and programs', async (...args: string[]) => {
    const people = await run([...args, '--lake', lake]);
    expect(people).toMatchObject({ status: 0 });
    expect(people.stdout.length).toBeGreaterThan(10);
    expect(await document(...args)).toBeInstanceOf(Object);
  });

  it('show a dialogue by its run id, and one turn with marks and evidence', async () => {
    const { rows } = await document<{ rows: { run_id: string }[] }>(
      'query',
      "SELECT run_id FROM runs WHERE model = 'lecturer' LIMIT 1",
    );
    const { stdout } = await run(['show', rows[0]!.run_id, '--lake', lake]);
    expect(stdout).toMatch(/lecture|telling/);
    const turn = await run(['show', rows[0]!.run_id, '--turn', '2', '--lake', lake]);
    expect(turn.stdout).toContain('non_directive');
    expect(turn.stdout).toContain('heuristic');
  });

  // Every one of them answers in tests/glue/named-queries.test.ts; here it is the command that is tested.
  it('run saved queries by name', async () => {
    const { queries } = await document<{ queries: { name: string; question: string }[] }>('query', '--list');
    expect(queries.length).toBeGreaterThanOrEqual(10);
    for (const { question } of queries) expect(question).not.toBe('');
    for (const { name } of [queries[0]!, queries.at(-1)!]) {
      const { columns } = await document<{ columns: unknown[] }>('query', '--name', name);
      expect(columns.length).toBeGreaterThan(1);
    }
  }, 60_000);

  it('answer free SQL, and only SELECT', async () => {
    const { rows } = await document<{ rows: { n: number }[] }>('query', 'SELECT count(*) AS n FROM turns');
    expect(rows[0]!.n).toBe(1920);
    expect((await run(['query', 'DROP VIEW turns', '--lake', lake])).status).toBe(2);
  });

  it.each(['csv', 'parquet', 'arrow', 'jsonl'])('export %s that a second reader opens', async (format) => {
    const out = join(folders.make('export'), `weekly.${format}`);
    expect(
      await run(['export', '--format', format, '--table', 'weekly_summary', '--out', out, '--lake', lake]),
    ).toMatchObject({ status: 0 });
    const bytes = readFileSync(out);
    const models = await readModels(format, bytes);
    expect(new Set(models)).toEqual(
      new Set(['steadfast', 'drifter-20', 'drifter-8', 'leading', 'lecturer', 'template']),
    );
  });
});

async function readModels(format: string, bytes: Buffer): Promise<string[]> {
  if (format === 'arrow') return [...tableFromIPC(bytes).getChild('model')!].map(String);
  if (format === 'parquet') {
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
    return (await parquetReadObjects({ file, columns: ['model'] })).map((row) => String(row['model']));
  }
  const lines = bytes.toString('utf8').trim().split(/\r?\n/);
  if (format === 'jsonl') return lines.map((line) => (JSON.parse(line) as { model: string }).model);
  const column = lines[0]!.split(',').indexOf('model');
  return lines.slice(1).map((line) => line.split(',')[column]!);
}

describe('verify', () => {
  it('passes, and names each file of which a byte is changed', async () => {
    expect((await run(['verify', '--lake', lake])).status).toBe(0);
    const sealed = [...fingerprint(lake).keys()].filter((path) =>
      /^(config|manifests|raw|judged|scores|curated)\//.test(path),
    );
    const flip = (path: string) => {
      const bytes = readFileSync(join(lake, path));
      bytes[Math.floor(bytes.length / 2)]! ^= 1;
      writeFileSync(join(lake, path), bytes);
    };
    // One file of each kind, the middle byte each.
    const kinds = [
      'config/rubrics',
      'manifests/',
      'raw/',
      'judged/',
      'scores/',
      'curated/turns',
      'curated/weekly',
    ];
    const paths = kinds.map((kind) => sealed.find((path) => path.startsWith(kind))!);
    paths.forEach(flip);
    const { status, stdout } = await run(['verify', '--lake', lake]);
    expect(status).toBe(1);
    expect(paths.filter((path) => !stdout.includes(path))).toEqual([]);
    paths.forEach(flip);
    expect((await run(['verify', '--lake', lake])).status).toBe(0);
  }, 60_000);
});
