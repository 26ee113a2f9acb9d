import { statSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf } from '../nemesis/lake-contents.ts';
import { CALM, type Provider } from '../nemesis/provider.ts';
import { afterCalls, lastWords, openStage, type Stage } from './stage.ts';
import { smallDisk } from './small-disk.ts';
import type { Teller } from './tell.ts';

export interface Theatre {
  folder: string;
  config: string;
  provider: Provider;
  tell: Teller;
  /** A run on which nothing went wrong: what every other must come to. */
  clean: Stage;
}

/** Each scene returns whether all its promises were kept. */
export type Scene = (theatre: Theatre) => Promise<boolean>;

export const storm: Scene = async ({ folder, config, provider, tell, clean }) => {
  tell.scene(
    'A throttling storm',
    'The provider answers most calls with "429, too many requests", some with "503, overloaded", and drops connections. A run must slow down, lose nothing, and not count a refusal as a bad answer.',
  );
  const stage = openStage(folder, 'storm', config, provider);
  stage.customer.weather = { ...CALM, throttled: 0.5, unavailable: 0.12, reset: 0.05 };
  tell.step('two of three calls are refused, from the first to the last');
  const { status } = await stage.start().ended;
  tell.compare('calls refused by the provider', String(clean.refused()), String(stage.refused()));
  tell.compare('calls answered (and paid)', String(clean.calls()), String(stage.calls()));
  return all(tell, [
    ['the run finishes as if nothing had been', status === 0],
    ['not one call is paid twice', stage.calls() === clean.calls()],
    ['every score and table is the same, to the last byte', stage.equals(clean.lake)],
  ]);
};

export const poisonedModel: Scene = async ({ folder, config, provider, tell, clean }) => {
  tell.scene(
    'A poisoned model',
    'In the middle of the week one of the two models is withdrawn: every call is answered "403, access denied". The other must be measured and published as ever, and the dead one must not look like a bad tutor.',
  );
  const stage = openStage(folder, 'poisoned', config, provider);
  const program = stage.start();
  await afterCalls(stage.customer, 4, program);
  stage.customer.denied = ['tutor-b'];
  tell.step('after four replies tutor-b is withdrawn');
  const { status } = await program.ended;
  const [before, after] = [clean.summary(), stage.summary()];
  const meanOf = (summary: typeof before, model: string) =>
    summary?.weekly.find((row) => row.model === model && row.phase === 'P0')?.mean_score ?? null;
  const score = (value: number | null) => (value === null ? 'no score' : value.toFixed(2));
  for (const model of ['tutor-a', 'tutor-b'])
    tell.compare(`mean score of ${model}`, score(meanOf(before, model)), score(meanOf(after, model)));
  tell.compare(
    'runs scored',
    `${before?.n_scored} of ${before?.n_planned}`,
    `${after?.n_scored} of ${after?.n_planned}`,
  );
  const isApart =
    status === 1 && after?.is_partial === true && meanOf(after, 'tutor-a') === meanOf(before, 'tutor-a');
  tell.step('access is given back, and the command says --retry-errors');
  stage.customer.denied = [];
  const retried = await stage.start({ more: ['--retry-errors'] }).ended;
  return all(tell, [
    ['the other model is published unchanged; the week says "partial" and exits 1', isApart],
    [
      'the retry goes on where the model was lost, and nothing is different in the end',
      retried.status === 0 && stage.equals(clean.lake),
    ],
    ['no call was paid twice', stage.calls() === clean.calls()],
  ]);
};

export const killed: Scene = async ({ folder, config, provider, tell, clean }) => {
  tell.scene(
    'kill -9',
    'The process is killed without warning, as by a power button or a cloud that takes its machine back. Each reply was on the disk before the next call was made, so the same command goes on from there.',
  );
  const stage = openStage(folder, 'killed', config, provider);
  const program = stage.start();
  await afterCalls(stage.customer, 6, program);
  program.signalAll('SIGKILL');
  await program.ended;
  const kept = stage.turns();
  const paid = stage.calls();
  tell.step(`killed after ${paid} answered calls; ${kept} replies are on the disk`);
  tell.step('the same command again');
  const { status } = await stage.start().ended;
  tell.compare('calls answered (and paid)', String(clean.calls()), String(stage.calls()));
  return all(tell, [
    ['the run finishes', status === 0],
    [
      `at most one call a dialogue was paid again (${stage.calls() - clean.calls()} of at most 2)`,
      stage.calls() - clean.calls() <= 2,
    ],
    ['every score and table is the same, to the last byte', stage.equals(clean.lake)],
  ]);
};

export const fullDisk: Scene = async ({ folder, config, provider, tell, clean }) => {
  const stage = openStage(folder, 'full', config, provider);
  const kilobytes = kilobytesUntilHalf(clean.lake);
  const disk = smallDisk(stage.lake, kilobytes, DISK_WRITES);
  try {
    tell.scene(
      'A full disk',
      `The disk ends in the middle of the run${disk.isReal ? ` (a real one, of ${kilobytes} KB)` : ' (system calls that answer as a full disk does: no right to mount one here)'}. It must stop at once, say what to do, tear no file and go on when there is space.`,
    );
    const first = await stage.start({ environment: withClock(disk.environment) }).ended;
    for (const line of lastWords(first.stderr)) tell.step(line);
    const kept = stage.turns();
    tell.step(`space is made; ${kept} replies were kept; the same command again`);
    disk.grow();
    const { status } = await stage.start({ environment: withClock(disk.environment) }).ended;
    tell.compare('calls answered (and paid)', String(clean.calls()), String(stage.calls()));
    return all(tell, [
      [
        'it stopped with the reason and what to do',
        first.status === 1 && /free some space/.test(first.stderr),
      ],
      ['with space it finishes, and no file is torn', status === 0],
      ['every score and table is the same, to the last byte', stage.equals(clean.lake)],
    ]);
  } finally {
    disk.remove();
  }
};

/** Writes until about half of the run, where they are counted. */
const DISK_WRITES = 60;
const PAGE_KB = 4;

/** What a lake takes on a disk by the time half of its replies are there. */
function kilobytesUntilHalf(lake: string): number {
  const pages = (folder: string) =>
    filesOf(lake, folder).reduce(
      (sum, path) => sum + Math.ceil(statSync(join(lake, path)).size / (PAGE_KB * 1024)),
      0,
    );
  const before = ['config', 'manifests', 'calibration/golden_sets', 'executions'];
  return PAGE_KB * Math.ceil(before.reduce((sum, folder) => sum + pages(folder), pages('checkpoints') / 4));
}

/** A scene's own preload beside the fast clock. */
function withClock(environment: Readonly<Record<string, string>>): Record<string, string> {
  const own = environment['NODE_OPTIONS'];
  const clock = new URL('../nemesis/hurry.mjs', import.meta.url).href;
  return own === undefined
    ? { ...environment }
    : { ...environment, NODE_OPTIONS: `--import=${clock} ${own}` };
}

function all(tell: Teller, promises: readonly (readonly [string, boolean])[]): boolean {
  for (const [promise, isKept] of promises) tell.verdict(promise, isKept);
  return promises.every(([, isKept]) => isKept);
}
