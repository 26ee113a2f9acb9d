import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { root, run, temporaryFolders } from './cli.ts';

const folders = temporaryFolders();
afterAll(folders.removeAll);

/** A config overlay that holds one shipped file, changed. */
function overlay(path: string, change: (text: string) => string): string {
  const folder = folders.make('config');
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  const text = readFileSync(join(root, 'config', path), 'utf8');
  const changed = change(text);
  if (changed === text) throw new Error(`${path}: the change changed nothing`);
  writeFileSync(join(folder, path), changed);
  return folder;
}

function edit<T>(path: string, mend: (value: T) => void): string {
  return overlay(path, (text) => {
    const value = JSON.parse(text) as T;
    mend(value);
    return JSON.stringify(value, null, 2);
  });
}

interface Models {
  models: Record<string, unknown>[];
}
interface Rubric {
  weights: { form: number };
}
interface Phases {
  profiles: { phase: string; decoys: { planted_at_turn: number }[] }[];
}
interface Seeds {
  seeds: Record<string, unknown>[];
}

describe('bad input is refused with exit 2, a message that says where, and no partial output', () => {
  const rows: [what: string, args: () => string[], message: RegExp][] = [
    ['an unknown flag', () => ['run', '--profil', 'quick'], /unknown option '--profil'[\s\S]*--profile/],
    ['an unknown command', () => ['rum'], /unknown command 'rum'[\s\S]*run/],
    [
      'an unknown profile',
      () => ['run', '--profile', 'quik'],
      /unknown profile "quik": did you mean "quick"/,
    ],
    [
      'an unknown model',
      () => ['run', '--models', 'drifer-20'],
      /unknown model "drifer-20": did you mean "drifter-20"/,
    ],
    [
      'an unknown seed',
      () => ['run', '--seeds', 'consistency-leadership-1'],
      /unknown seed[\s\S]*did you mean "consistency-leadership-01"/,
    ],
    ['an unknown phase', () => ['run', '--phases', 'P9'], /--phases/],
    ['a hostile id', () => ['run', '--models', '../../etc/passwd'], /--models: expected a path-safe name/],
    ['a turn count of none', () => ['run', '--turns', '0'], /--turns <n>' argument '0' is invalid/],
    ['a week that the year lacks', () => ['run', '--week', '2025-W53'], /--week: 2025 has no week 53/],
    ['an execution that is not there', () => ['run', '--resume', 'nothing'], /no execution "nothing"/],
    ['selectors beside --resume', () => ['run', '--resume', '--profile', 'quick'], /leave out --profile/],
    ['a lake that is a file', () => ['run', '--lake', join(root, 'package.json')], /package\.json/],
    [
      'a model without prices',
      () => [
        'run',
        '--config',
        edit<Models>('models/models-1.0.json', ({ models }) => delete models[0]!['usd_per_1m_input_tokens']),
      ],
      /config\/models\/models-1\.0\.json: models\[0\]\.usd_per_1m_input_tokens: expected number, got nothing/,
    ],
    [
      'a hostile model id in a file',
      () => [
        'run',
        '--config',
        edit<Models>('models/models-1.0.json', ({ models }) => (models[0]!['model_id'] = '../x')),
      ],
      /models\[0\]\.model_id: expected a path-safe name[\s\S]*got "\.\.\/x"/,
    ],
    [
      'an unknown key',
      () => [
        'run',
        '--config',
        edit<Models>('models/models-1.0.json', ({ models }) => (models[0]!['temprature'] = 1)),
      ],
      /models\[0\]\.temprature: expected no such key/,
    ],
    [
      'rubric weights that do not sum to 1',
      () => [
        'run',
        '--config',
        edit<Rubric>('rubrics/rubric-1.1.json', ({ weights }) => (weights.form = 0.5)),
      ],
      /config\/rubrics\/rubric-1\.1\.json: weights: expected weights that sum to 1/,
    ],
    [
      'a decoy after the last turn of its phase',
      () => [
        'run',
        '--config',
        edit<Phases>(
          'phases/phases-1.0.json',
          ({ profiles }) =>
            (profiles.find((phase) => phase.decoys.length > 0)!.decoys[0]!.planted_at_turn = 99),
        ),
      ],
      /config\/phases\/phases-1\.0\.json: profiles\[\d\]\.decoys\[0\]\.planted_at_turn: expected a turn up to target_turns/,
    ],
    [
      'a seed without a goal',
      () => [
        'run',
        '--config',
        edit<Seeds>('seeds/seeds-20261116.json', ({ seeds }) => delete seeds[3]!['goal']),
      ],
      /config\/seeds\/seeds-20261116\.json: seeds\[3\]\.goal: expected string, got nothing/,
    ],
    [
      'a file that is no JSON',
      () => ['run', '--config', overlay('alerts/alerts-1.0.json', (text) => text.slice(0, -5))],
      /config\/alerts\/alerts-1\.0\.json: \(root\): expected JSON/,
    ],
    [
      'a config folder that is not there',
      () => ['run', '--config', '/nowhere/at/all'],
      /\/nowhere\/at\/all: expected a config folder/,
    ],
    ['SQL and --name at once', () => ['query', 'SELECT 1', '--name', '01_half_life_trend'], /one of both/],
    [
      'an unknown saved query',
      () => ['query', '--name', '01_half_life_tend'],
      /did you mean "01_half_life_trend"/,
    ],
    ['the AWS target', () => ['run', '--target', 'aws'], /--target aws/],
  ];

  it.each(rows)('%s', async (_what, args, message) => {
    const given = args();
    const lake = join(folders.make('lake'), 'lake');
    const { status, stdout, stderr } = await run(
      given.includes('--lake') ? given : [...given, '--lake', lake],
    );
    expect(stderr).toMatch(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(existsSync(lake) ? readdirSync(lake) : []).toEqual([]);
  });

  it('as one JSON document on stderr with --json', async () => {
    const { status, stderr } = await run([
      'run',
      '--profile',
      'quik',
      '--json',
      '--lake',
      join(folders.make('json'), 'lake'),
    ]);
    expect(status).toBe(2);
    expect(JSON.parse(stderr)).toMatchObject({
      error: { kind: 'config', message: expect.stringContaining('quick') },
    });
  });
});

describe('a lake whose manifest was changed', () => {
  it('is refused by a resumed execution, which names the file', async () => {
    const lake = folders.make('manifest');
    expect((await run(['manifest', 'build', '--lake', lake])).status).toBe(0);
    const name = readdirSync(join(lake, 'manifests')).find((file) => file.endsWith('.json'))!;
    const path = join(lake, 'manifests', name);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"repeats":1', '"repeats":2'));
    const { status, stderr } = await run(['run', '--lake', lake, '--progress', 'none']);
    expect({ status, stderr }).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`manifests/${name}`),
    });
    expect(existsSync(join(lake, 'raw'))).toBe(false);
  });
});

describe('money', () => {
  it('a paid model without --yes and --max-cost-usd on a pipe exits 4 before any call, with the predicted cost', async () => {
    const lake = join(folders.make('paid'), 'lake');
    const { status, stdout, stderr } = await run(['run', '--models', 'claude-haiku-4-5', '--lake', lake]);
    expect({ status, stdout }).toEqual({ status: 4, stdout: '' });
    expect(stderr).toMatch(/claude-haiku-4-5: about \$\d/);
    expect(stderr).toContain('--max-cost-usd');
    expect(existsSync(lake)).toBe(false);
  });

  it('--yes alone is not enough', async () => {
    expect(
      (
        await run([
          'run',
          '--models',
          'claude-haiku-4-5',
          '--yes',
          '--lake',
          join(folders.make('yes'), 'lake'),
        ])
      ).status,
    ).toBe(4);
  });

  it('plan shows what five real models send in a week of growing context, and what caching saves', async () => {
    const { status, stdout } = await run([
      'plan',
      '--profile',
      'weekly',
      '--models',
      'claude-sonnet-4-6,claude-haiku-4-5,nova-pro,nova-lite,llama-4-maverick',
      '--json',
      '--lake',
      join(folders.make('plan'), 'lake'),
    ]);
    expect(status).toBe(0);
    const plan = JSON.parse(stdout) as {
      planned: number;
      lines: { component: string; estimate: { likely: Record<string, number> } }[];
      calls: { likely: { usd: number; uncached_usd: number } };
    };
    const sent = plan.lines
      .filter((line) => line.component === 'dialogue')
      .reduce(
        (sum, { estimate: { likely } }) =>
          sum + likely['input_tokens']! + likely['cache_read_tokens']! + likely['cache_write_tokens']!,
        0,
      );
    expect(plan.planned).toBe(180);
    // 158.6M by the formula T·S + g·T(T+1)/2; P0 cannot stay at 2K tokens over 40 turns, which adds some.
    expect(sent / 1e6).toBeGreaterThan(150);
    expect(sent / 1e6).toBeLessThan(180);
    expect(plan.calls.likely.usd).toBeLessThan(plan.calls.likely.uncached_usd);
  });
});
