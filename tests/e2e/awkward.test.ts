import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { run, start, temporaryFolders } from './cli.ts';

const folders = temporaryFolders();
afterAll(folders.removeAll);

/** The cheapest execution there is: one run of three turns. */
const tiny = (lake: string, model = 'steadfast') => [
  'run',
  ...['--profile', 'mvp', '--models', model, '--seeds', 'consistency-leadership-01'],
  ...['--temps', '0.7', '--turns', '3', '--lake', lake],
];

function file(name: string, text: string): string {
  const path = join(folders.make('file'), name);
  writeFileSync(path, text);
  return path;
}

describe('a finished execution', () => {
  it('without errors is left as it is by --retry-errors, and by a reader that leaves early', async () => {
    const lake = join(folders.make('retry'), 'lake');
    const running = start([...tiny(lake), '--progress', 'plain']);
    running.process.stderr?.destroy();
    running.process.stdout?.destroy();
    expect((await running.finished).status).toBe(0);

    const status = join(lake, 'executions', readdirSync(join(lake, 'executions'))[0]!, 'status.json');
    const before = readFileSync(status, 'utf8');
    const retried = await run([...tiny(lake), '--retry-errors']);
    expect(retried).toMatchObject({ status: 0, stderr: expect.stringContaining('no row ended failed') });
    expect(readFileSync(status, 'utf8')).toBe(before);

    writeFileSync(status, before.slice(0, 40));
    const damaged = await run(['results', '--lake', lake]);
    expect(damaged).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/executions\/.*\/status\.json: \(root\): expected JSON/),
    });
  }, 30_000);
});

describe('an execution that meets its cap', () => {
  it('exits 4, says so, and is finished by a retry with a higher one', async () => {
    const lake = join(folders.make('cap'), 'lake');
    // Two blocks of one run each.
    const ten = [...tiny(lake, 'metered-sonnet-4-6'), '--temps', '0.2,0.7', '--turns', '10', '-q'];
    const nothing = await run([...ten, '--max-cost-usd', '0.001']);
    expect(nothing).toMatchObject({
      status: 4,
      stderr: expect.stringMatching(/holds no block[\s\S]*--max-cost-usd/),
    });
    const more = ['run', '--resume', '--retry-errors', '-q', '--lake', lake, '--max-cost-usd'];
    const capped = await run([...more, '0.05']);
    expect({ status: capped.status, stderr: capped.stderr }).toEqual({
      status: 4,
      stderr: expect.stringMatching(/cap of \$0\.0\d+ stopped 1 run;[\s\S]*--retry-errors/),
    });
    const resumed = await run([...more, '1']);
    expect({ status: resumed.status, stderr: resumed.stderr }).toEqual({ status: 0, stderr: '' });
    expect(resumed.stdout).toContain('2 of 2 planned runs scored, 20 turns');
  }, 30_000);
});

describe('parse errors and settings', () => {
  it('are JSON with --json, whichever layer finds them', async () => {
    for (const args of [['run', '--bogus'], ['show'], ['rum'], ['run', '--turns', 'x']]) {
      const { status, stdout, stderr } = await run([...args, '--json']);
      expect({ status, stdout, error: JSON.parse(stderr) as unknown }).toEqual({
        status: 2,
        stdout: '',
        error: {
          error: expect.objectContaining({
            kind: 'usage',
            message: expect.any(String),
          }),
        },
      });
    }
  }, 20_000);

  it('an empty --lake is refused; an empty variable means the default; FORCE_COLOR=0 means no colours', async () => {
    expect(await run(['run', '--lake', ''])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('expected a folder, got nothing'),
    });
    const { stdout } = await run(['doctor', '--lake=elsewhere'], { FORCE_COLOR: '0', NO_COLOR: '' });
    expect(stdout).toContain('elsewhere (flag --lake)');
    expect(stdout).not.toContain('\u001B');
  });
});

describe('score refuses by line what it cannot read', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  it.each([
    ['a value nested too deep', () => file('deep.jsonl', deep), /deep\.jsonl:1: \(root\): expected/],
    [
      'a dialogue without a tutor',
      () => file('alone.jsonl', '{"messages":[{"role":"student","text":"Hello?"}]}'),
      /alone\.jsonl:1: messages: expected at least one tutor message/,
    ],
    ['a folder', () => folders.make('folder'), /expected a file, got a folder/],
  ])('%s', async (_what, path, message) => {
    expect(await run(['score', path()])).toMatchObject({ status: 2, stderr: expect.stringMatching(message) });
  });

  it('but reads a file that begins with a byte-order mark', async () => {
    const line = '{"messages":[{"role":"tutor","text":"Why do you think so?"}]}';
    expect(await run(['score', file('bom.jsonl', `\uFEFF${line}\r\n`)])).toMatchObject({
      status: 0,
      stderr: '',
    });
  });
});

describe('export', () => {
  it('makes no lake where there is none', async () => {
    const lake = join(folders.make('none'), 'lake');
    mkdirSync(join(lake, '..'), { recursive: true });
    expect((await run(['export', '--lake', lake])).status).toBe(2);
    expect(existsSync(lake)).toBe(false);
  });
});
