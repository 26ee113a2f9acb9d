import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createFileBudget } from '../../adapters/local/file-budget.ts';
import { withFileLock } from '../../adapters/local/file-lock.ts';
import { createFileStore, LOCAL_STATE } from '../../adapters/local/file-store.ts';
import { removeTornCheckpoints } from '../../adapters/local/remove-torn.ts';
import { lakeKeys } from '../../core/identity/lake-keys.ts';
import { createRunDialogue } from '../../core/tasks/run-dialogue.ts';
import type { ObjectStore } from '../../core/ports.ts';
import {
  createCalls,
  GO_ON,
  planBench,
  portsOf,
  TURNS,
  type Calls,
  type Planned,
} from '../core/tasks/bench.ts';
import { FakeStore } from '../core/tasks/fake-store.ts';
import { temporaryFolders } from '../e2e/cli.ts';

const folders = temporaryFolders();
afterAll(folders.removeAll);

let planned: Planned;
let whole: string;
const rowOf = () => planned.rows[0]!;
const checkpoint = (turn: number) => lakeKeys.turnCheckpoint(rowOf().run_id, turn);
const mendable = () => ({ run_id: rowOf().run_id, raw_key: lakeKeys.raw(rowOf()) });

async function runDialogue(store: ObjectStore, calls: Calls = createCalls()): Promise<void> {
  const ports = { ...portsOf(planned, new FakeStore(), {}, calls), store };
  await createRunDialogue(ports)(rowOf(), GO_ON);
}

beforeAll(async () => {
  planned = await planBench();
  whole = folders.make('whole');
  await runDialogue(createFileStore(whole));
});

/** A lake on which the runner was stopped before its last write, with checkpoint `turn` cut to its first bytes. */
function tornAt(turn: number, bytes: number): string {
  const lake = folders.make('torn');
  cpSync(whole, lake, { recursive: true });
  rmSync(join(lake, lakeKeys.raw(rowOf())));
  truncateSync(join(lake, checkpoint(turn)), bytes);
  return lake;
}

describe('a checkpoint torn by a power cut', () => {
  it('is seen as torn at every byte offset, and no whole one ever is', async () => {
    const lake = tornAt(TURNS, 0);
    const path = join(lake, checkpoint(TURNS));
    const { size } = statSync(join(whole, checkpoint(TURNS)));
    expect(size).toBeGreaterThan(300);
    for (let offset = 0; offset < size; offset += 1) {
      copyFileSync(join(whole, checkpoint(TURNS)), path);
      truncateSync(path, offset);
      expect({ offset, removed: await removeTornCheckpoints(lake, [mendable()]) }).toEqual({
        offset,
        removed: [checkpoint(TURNS)],
      });
    }
    expect(
      await removeTornCheckpoints(
        whole,
        planned.rows.map((row) => ({ run_id: row.run_id, raw_key: lakeKeys.raw(row) })),
      ),
    ).toEqual([]);
  });

  it.each([
    [TURNS, 1],
    [TURNS, 200],
    [3, 17],
    [1, 0],
  ])(
    'at turn %d is dropped with what was built on it, and only those turns are called again',
    async (turn, at) => {
      const lake = tornAt(turn, at);
      const removed = await removeTornCheckpoints(lake, [mendable()]);
      expect(removed).toHaveLength(TURNS - turn + 1);
      const calls = createCalls();
      await runDialogue(createFileStore(lake), calls);
      expect(calls.log.map((line) => Number(line.split(' ')[3]))).toEqual(
        Array.from({ length: TURNS - turn + 1 }, (_, i) => turn + i),
      );
      for (const key of [lakeKeys.raw(rowOf()), checkpoint(turn), checkpoint(TURNS)])
        expect(readFileSync(join(lake, key), 'utf8')).toBe(readFileSync(join(whole, key), 'utf8'));
    },
  );
});

describe('a turn whose checkpoint is gone', () => {
  const verdict = (turn: number) => lakeKeys.judgeCheckpoint(rowOf().run_id, turn);
  const withoutTurn3 = (): string => {
    const lake = folders.make('gone');
    cpSync(whole, lake, { recursive: true });
    for (const turn of [1, 2, 3, TURNS]) writeFileSync(join(lake, verdict(turn)), '{}');
    rmSync(join(lake, checkpoint(3)));
    return lake;
  };

  it('takes the verdicts from it on, and later turns, when the raw file is gone too: another reply will come', async () => {
    const lake = withoutTurn3();
    rmSync(join(lake, lakeKeys.raw(rowOf())));
    const later = Array.from({ length: TURNS - 3 }, (_, i) => checkpoint(4 + i));
    expect(await removeTornCheckpoints(lake, [mendable()])).toEqual([verdict(3), verdict(TURNS), ...later]);
    expect(await removeTornCheckpoints(lake, [mendable()])).toEqual([]);
  });

  it('takes nothing while the raw file holds its reply, and nothing of a canary, which has no turns', async () => {
    const lake = withoutTurn3();
    expect(await removeTornCheckpoints(lake, [mendable()])).toEqual([]);
    rmSync(join(lake, lakeKeys.raw(rowOf())));
    expect(await removeTornCheckpoints(lake, [{ ...mendable(), raw_key: null }])).toEqual([]);
  });
});

describe('two starts at once on a lake with a torn checkpoint', () => {
  it('take nothing away that the other has written again since', async () => {
    const lake = tornAt(3, 17);
    const locks = join(lake, LOCAL_STATE, 'locks');
    mkdirSync(locks, { recursive: true });
    const paths = [3, TURNS].map((turn) => join(lake, checkpoint(turn)));
    // The first start mends under the lock while the second has seen the tear and waits.
    const second = await withFileLock(join(locks, `mend-${rowOf().run_id}`), async () => {
      const waiting = removeTornCheckpoints(lake, [mendable()]);
      await wait(20);
      for (const path of paths) writeFileSync(path, '{"written":"again"}');
      return { waiting };
    });
    expect(await second.waiting).toEqual([]);
    for (const path of paths) expect(readFileSync(path, 'utf8')).toBe('{"written":"again"}');
  });
});

describe('a torn checkpoint among several answers about a turn', () => {
  const NAMES = [1, 2].flatMap((turn) =>
    [
      'student-#-01',
      'student-#-02',
      'student-#',
      'turn-#',
      'judge-#-01',
      'judge-#-02',
      'judge-#-03',
      'judge-#',
    ].map((form) => `${form.replace('#', `000${turn}`)}.json`),
  );
  const ofTurn2 = NAMES.filter((name) => name.includes('-0002'));

  it.each([
    // Another reply: what the judges answered about the old one must not judge it.
    ['turn-0001', [...NAMES.filter((name) => /^(turn|judge)-0001/.test(name)), ...ofTurn2]],
    [
      'student-0001',
      [...NAMES.filter((name) => /^(student-0001\.|turn-0001|judge-0001)/.test(name)), ...ofTurn2],
    ],
    ['student-0001-01', ['student-0001-01.json', 'student-0001-02.json']],
    ['judge-0001-02', ['judge-0001-02.json', 'judge-0001-03.json', 'judge-0001.json']],
    ['judge-0001', ['judge-0001.json']],
    ['judge-0002-03', ['judge-0002-03.json', 'judge-0002.json']],
  ])('%s takes with it what was answered upon it, and nothing else', async (torn, lost) => {
    const lake = folders.make('asks');
    const folder = join(lake, 'checkpoints', rowOf().run_id);
    mkdirSync(folder, { recursive: true });
    for (const name of NAMES) writeFileSync(join(folder, name), name === `${torn}.json` ? '{"turn_' : '{}');
    await removeTornCheckpoints(lake, [mendable()]);
    const kept = readdirSync(folder);
    expect(NAMES.filter((name) => !kept.includes(name)).sort()).toEqual([...lost].sort());
  });
});

describe('a process killed while it writes', () => {
  it('leaves a temporary file that no reader sees and the next process removes, at whatever byte it was cut', async () => {
    const body = readFileSync(join(whole, checkpoint(2)));
    const lake = folders.make('killed');
    const tmp = join(lake, '.local', 'tmp');
    mkdirSync(tmp, { recursive: true });
    const dead = `${hostname().replaceAll(/[^0-9A-Za-z]/g, '')}_${2 ** 22 + 1}_aaaa`;
    for (let offset = 0; offset <= body.length; offset += 1)
      writeFileSync(join(tmp, `${dead}_${offset}`), body.subarray(0, offset));
    const store = createFileStore(lake);
    const keys: string[] = [];
    for await (const { key } of store.list('')) keys.push(key);
    expect(keys).toEqual([]);
    expect(await store.get(checkpoint(2))).toBeNull();
    expect(await store.putIfAbsent(checkpoint(2), body)).toBe('written');
    expect(readdirSync(tmp)).toEqual([]);
  });
});

describe("the budget's log cut at every byte offset", () => {
  it('never gives back money that an acknowledged row reserved before the cut, and goes on', async () => {
    const lake = folders.make('budget');
    const budget = createFileBudget(lake);
    await budget.open('torn', 10);
    const first = await budget.reserve('torn', 'm', 1);
    await budget.settle(first!.reservation_id, 0.5);
    await budget.reserve('torn', 'm', 2);
    const path = join(lake, '.local', 'budget', 'torn.jsonl');
    const bytes = readFileSync(path);
    const lastRow = bytes.lastIndexOf(10, bytes.length - 2) + 1;
    for (let offset = lastRow; offset < bytes.length; offset += 1) {
      writeFileSync(path, bytes.subarray(0, offset));
      const after = createFileBudget(lake);
      expect(await after.committed('torn')).toBe(0.5);
      // A row that lacks nothing but its end of line is whole, and counts as soon as another follows.
      const isWhole = offset === bytes.length - 1;
      expect((await after.reserve('torn', 'm', 9)) === null).toBe(isWhole);
      expect(await after.committed('torn')).toBe(isWhole ? 2.5 : 9.5);
    }
  });
});
