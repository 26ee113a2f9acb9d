import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RawTurn } from '../../schemas/turn.ts';
import { median, type Bench } from './bench.ts';
import { filesBelow } from './lake-files.ts';
import { measureCommand, measureProcess, type Measured } from './measure-process.ts';
import { runProgram } from '../run-program.ts';
import { shortTurns, writeOverlay } from './overlay.ts';

/** promptfoo needs Node 22: its own, from npm, beside it. */
const PACKAGES = ['node@22', 'promptfoo@latest'];
const CONCURRENCY = 20;
/** 180 dialogues of 40 turns, as in the bench short-turns. */
const REPEATS = 4;
/** Medians of at least so many runs of each side. */
const MIN_REPEATS = 5;

/**
 * The same 7,200 turns through the whole pipeline here, and through promptfoo with a provider that echoes the tutor's reply and
 * one one-line assertion: the least it can do with them. In turns, so that other programs on the machine meet both alike.
 * Needs the npm registry; `PROMPTFOO_FOLDER` names a folder where both packages are installed already.
 */
export const vsPromptfooBench: Bench = {
  name: 'vs-promptfoo',
  isAskedFor: true,
  async run({ folder, repeats, log }) {
    const home = process.env['PROMPTFOO_FOLDER'] ?? (await install(join(folder, 'promptfoo'), log));
    const config = writeOverlay(join(folder, 'config'), {
      profiles: (shipped) => ({ short: shortTurns(shipped, REPEATS) }),
    });
    const ours = (lake: string) =>
      measureCommand(['run', '--profile', 'short', '--config', config, '--lake', lake]);
    const first = join(folder, 'lake-first');
    await ours(first);
    const evaluation = writeEvaluation(join(folder, 'evaluation'), join(first, 'raw'));

    const [here, there]: [Measured[], Measured[]] = [[], []];
    for (let i = 0; i < Math.max(MIN_REPEATS, repeats); i += 1) {
      here.push(await ours(join(folder, `lake-${i}`)));
      there.push(await evaluate(home, evaluation, join(folder, `results-${i}.jsonl`)));
      log(`${i + 1}: ${here[i]!.cpu_s.toFixed(1)} CPU-s here, ${there[i]!.cpu_s.toFixed(1)} CPU-s promptfoo`);
    }
    const finding = (what: string, unit: string, value: (one: Measured) => number) => [
      { what: `${what}, here`, measured: median(here.map(value)), unit, at_most: null },
      { what: `${what}, promptfoo`, measured: median(there.map(value)), unit, at_most: null },
      {
        what: `${what}, here against promptfoo`,
        measured: median(here.map(value)) / median(there.map(value)),
        unit: '×',
        at_most: 1,
      },
    ];
    return [
      ...finding('7,200 turns, CPU', 'CPU-s', (one) => one.cpu_s),
      ...finding('7,200 turns, peak memory', 'MB', (one) => one.max_rss_mb),
      ...finding('7,200 turns, elapsed', 's', (one) => one.wall_s),
      { what: 'promptfoo installed', measured: await megabytes(home), unit: 'MB', at_most: null },
      { what: 'promptfoo, packages', measured: packagesIn(home), unit: '', at_most: null },
    ];
  },
};

async function install(folder: string, log: (text: string) => void): Promise<string> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private": true}\n');
  log(`npm install ${PACKAGES.join(' ')}`);
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr } = await runProgram('npm', ['install', ...PACKAGES, ...quiet], process.env, folder);
  if (status !== 0) throw new Error(`npm install exits ${status}: ${stderr}`);
  return folder;
}

/** promptfoo's configuration: one test a turn, whose prompt is the tutor's reply, which the provider gives back. */
function writeEvaluation(folder: string, raw: string): string {
  mkdirSync(folder, { recursive: true });
  const turns = filesBelow(raw).flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as RawTurn),
  );
  const tests = turns.map((turn) => ({ vars: { student: turn.student.text, tutor: turn.tutor_text } }));
  writeFileSync(join(folder, 'tests.json'), JSON.stringify(tests));
  const config = join(folder, 'promptfooconfig.json');
  writeFileSync(
    config,
    JSON.stringify({
      prompts: ['{{tutor}}'],
      providers: ['echo'],
      defaultTest: { assert: [{ type: 'javascript', value: "output.includes('?')" }] },
      tests: 'file://tests.json',
    }),
  );
  return config;
}

function evaluate(home: string, config: string, output: string): Promise<Measured> {
  const program = join(home, 'node_modules', 'promptfoo', entryOf(home));
  const flags = ['--no-cache', '--no-table', '--no-progress-bar', '--no-share', '-j', String(CONCURRENCY)];
  return measureProcess([program, 'eval', '-c', config, '-o', output, ...flags], {
    node: join(home, 'node_modules', 'node', 'bin', 'node'),
    // A test that its assertion refuses is a result, not a failure of the program.
    environment: {
      HOME: home,
      PROMPTFOO_CONFIG_DIR: join(home, 'state'),
      PROMPTFOO_DISABLE_TELEMETRY: '1',
      PROMPTFOO_DISABLE_UPDATE: '1',
      PROMPTFOO_FAILED_TEST_EXIT_CODE: '0',
    },
  });
}

function entryOf(home: string): string {
  const { bin } = JSON.parse(
    readFileSync(join(home, 'node_modules', 'promptfoo', 'package.json'), 'utf8'),
  ) as { bin: Record<string, string> };
  return bin['promptfoo']!;
}

/** Size on disk as du counts it, MB of 2^20 bytes. */
async function megabytes(folder: string): Promise<number> {
  const { stdout } = await runProgram('du', ['-sm', join(folder, 'node_modules')], process.env);
  return Number(stdout.split('\t')[0]);
}

function packagesIn(home: string): number {
  const lock = JSON.parse(readFileSync(join(home, 'package-lock.json'), 'utf8')) as { packages: object };
  // The lock file names optional packages of other systems too.
  return Object.keys(lock.packages).filter((path) => path !== '' && existsSync(join(home, path))).length;
}
