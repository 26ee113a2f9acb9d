import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { alertsCommand } from '../../cli/commands/alerts.ts';
import { compareCommand } from '../../cli/commands/compare.ts';
import { costCommand } from '../../cli/commands/cost.ts';
import { queryCommand } from '../../cli/commands/query.ts';
import { reindexCommand } from '../../cli/commands/reindex.ts';
import { resultsCommand } from '../../cli/commands/results.ts';
import { runCommand, type RunOptions } from '../../cli/commands/run.ts';
import { showCommand } from '../../cli/commands/show.ts';
import { statusCommand } from '../../cli/commands/status.ts';
import { stopCommand } from '../../cli/commands/stop.ts';
import { verifyCommand } from '../../cli/commands/verify.ts';
import type { Context } from '../../cli/context.ts';
import { failureOf } from '../../cli/failure.ts';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { startAthenaServer } from '../servers/athena-server.ts';
import { startDynamoServer, type DynamoServer } from '../servers/dynamo-server.ts';
import type { JsonServer } from '../servers/json-server.ts';
import { startS3Server, type S3Server } from '../servers/s3-server.ts';
import { startStatesServer, type ServedExecution, type StatesServer } from '../servers/states-server.ts';
import { listening } from './listening.ts';

const BASE = 'socratic-bench-dev';
const LAKE = `${BASE}-lake-123456789012-us-east-1`;
const IMMUTABLE = `${BASE}-immutable-123456789012-us-east-1`;
const SELECTED: RunOptions = {
  profile: 'mvp',
  models: ['steadfast'],
  temps: [0.2],
  turns: 3,
  week: '2026-W47',
};

const folder = mkdtempSync(join(tmpdir(), 'socratic-cli-aws-'));
const here = join(folder, 'lake');
let execution_id: string;
let s3: S3Server;
let dynamo: DynamoServer;
let states: StatesServer;
let athena: JsonServer;
let onLook: (execution: ServedExecution) => void;
const scanned: { sql: string; workgroup: string; database: string }[] = [];
const before = { ...process.env };

interface Heard {
  code: number | null;
  out: string;
  err: string;
  failure: ReturnType<typeof failureOf> | null;
}

/** What a command prints, and how it ends. */
async function hear(
  command: (context: Context) => Promise<number>,
  changes: Partial<Context> = {},
): Promise<Heard> {
  const { context, printed, said } = listening({ lake: `s3://${LAKE}`, yes: true }, changes);
  const ending = await command(context).then(
    (code) => ({ code, failure: null }),
    (error: unknown) => ({ code: null, failure: failureOf(error) }),
  );
  return { ...ending, out: printed(), err: said() };
}
const runOnAws = (options: RunOptions = {}, changes: Partial<Context> = {}) =>
  hear((context) => runCommand({ ...SELECTED, target: 'aws', ...options }, context), changes);

/** An execution that an earlier command started. */
function standing(status: string, more: Partial<ServedExecution> = {}): ServedExecution {
  const execution = { name: execution_id, status, input: INPUT(), redriven: 0, ...more };
  states.executions.set(execution.name, execution);
  return execution;
}
const INPUT = () =>
  JSON.stringify({
    profile: 'mvp',
    scheduled_at: '2026-11-16T03:00:00Z',
    execution_id,
    overrides: { models: ['steadfast'], temperatures: [0.2], turns: 3 },
  });

/** What the state machine would leave: the same execution's lake, made here. */
function land(): void {
  for (const entry of readdirSync(here, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const key = path.slice(here.length + 1);
    if (!entry.isFile() || key.startsWith('.')) continue;
    const bucket = /^(config|manifests|calibration)\//.test(key) ? IMMUTABLE : LAKE;
    s3.buckets.get(bucket)!.set(key, readFileSync(path));
  }
}

beforeAll(async () => {
  await hear((context) => runCommand(SELECTED, context), { lake: here, quiet: true });
  execution_id = readdirSync(join(here, 'executions'))[0]!;
});
beforeEach(async () => {
  onLook = () => {};
  [s3, dynamo, states, athena] = await Promise.all([
    startS3Server({ buckets: [LAKE, IMMUTABLE], writeOnce: [IMMUTABLE] }),
    startDynamoServer(`${BASE}-`),
    startStatesServer({ onLook: (execution) => onLook(execution) }),
    startAthenaServer((sql, workgroup, database) => {
      if (sql.includes('nowhere')) throw new Error('TABLE_NOT_FOUND: nowhere');
      scanned.push({ sql, workgroup, database });
      return {
        columns: [
          { Name: 'model', Type: 'varchar' },
          { Name: 'n', Type: 'bigint' },
        ],
        rows: [['steadfast', '6']],
        bytes: 250_000_000,
      };
    }),
  ]);
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
    AWS_ENDPOINT_URL_SFN: states.url,
    AWS_ENDPOINT_URL_ATHENA: athena.url,
  });
});
afterEach(async () => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  await Promise.all([s3.close(), dynamo.close(), states.close(), athena.close()]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('run --target aws', () => {
  it('starts the execution that the same command is on this machine, and leaves it', async () => {
    const { code, out, err } = await runOnAws({ detach: true, concurrency: 4 });
    expect({ code, out }).toEqual({ code: 0, out: `${execution_id}\n` });
    expect(err).toContain('AWS itself: about $');
    expect(err).toContain(`socratic-bench stop ${execution_id} --lake s3://${LAKE}`);
    expect(JSON.parse(states.executions.get(execution_id)!.input)).toEqual({
      profile: 'mvp',
      scheduled_at: '2026-11-16T03:00:00Z',
      execution_id,
      overrides: { models: ['steadfast'], temperatures: [0.2], turns: 3 },
      limits: { concurrency: 4 },
    });
  });

  it('follows it to its end and prints the results that the lake then holds', async () => {
    let looks = 0;
    onLook = (execution) => {
      looks += 1;
      if (looks < 4) return;
      land();
      execution.status = 'SUCCEEDED';
    };
    const { code, out, err } = await runOnAws();
    expect(code).toBe(0);
    expect(err).toContain('RunDialogues: not planned yet');
    expect(out).toContain('steadfast');
    expect(await runOnAws()).toMatchObject({ code: 0, err: expect.stringContaining('0 model calls') });
    expect(states.calls.get('StartExecution')).toBe(1);
  });

  it('is not started without a yes, nor with paid models without a cap', async () => {
    expect(await runOnAws({}, { yes: false })).toMatchObject({ failure: { exit: 4, hint: 'add --yes' } });
    const paid = await runOnAws({ models: ['claude-haiku-4-5'] });
    expect(paid.failure).toMatchObject({ exit: 4 });
    expect(paid.failure!.hint).toContain('--max-cost-usd');
    expect(paid.err).toMatch(/claude-haiku-4-5: about \$.*AWS|AWS itself[^]*claude-haiku-4-5: about \$/);
    expect(states.executions.size).toBe(0);
  });

  it('does not start a failed execution again by itself; --resume redrives it', async () => {
    const cause = JSON.stringify({ errorType: 'StoreUnavailable', errorMessage: 'S3 was away' });
    const execution = standing('FAILED', { error: 'StoreUnavailable', cause });
    const again = await runOnAws({ detach: true });
    expect(again.failure).toMatchObject({ exit: 1 });
    expect(again.failure!.hint).toContain(`run --resume ${execution_id} --target aws --lake s3://${LAKE}`);
    const resumed = await hear((context) =>
      runCommand({ target: 'aws', resume: true, detach: true }, context),
    );
    expect(resumed).toMatchObject({ code: 0, err: expect.stringContaining('redriven') });
    expect(execution).toMatchObject({ status: 'RUNNING', redriven: 1 });
    onLook = (one) => Object.assign(one, { status: 'FAILED' });
    const followed = await hear((context) => runCommand({ target: 'aws', resume: execution_id }, context));
    expect(followed.failure).toMatchObject({ exit: 1 });
  });

  it('opens the runs anew where nothing was measured: a redrive would aggregate the same runs for ever', async () => {
    const cause = JSON.stringify({ errorType: 'NothingMeasured', errorMessage: 'no run was scored' });
    const execution = standing('FAILED', { error: 'NothingMeasured', cause });
    const again = await runOnAws({ detach: true });
    expect(again.failure!.hint).toContain(
      `run --resume ${execution_id} --target aws --lake s3://${LAKE} --retry-errors`,
    );
    const resume = (options: RunOptions = {}) =>
      hear((context) => runCommand({ target: 'aws', resume: execution_id, ...options }, context));
    expect(await resume({ detach: true })).toMatchObject({
      code: 0,
      err: expect.stringContaining(`${execution_id}--r2 started`),
    });
    expect(execution).toMatchObject({ status: 'FAILED', redriven: 0 });
    const second = states.executions.get(`${execution_id}--r2`)!;
    expect(JSON.parse(second.input)).toEqual({ ...JSON.parse(INPUT()), retry_errors: true });
    onLook = (one) => Object.assign(one, { status: 'FAILED', error: 'NothingMeasured', cause });
    expect((await resume()).failure!.hint).toMatch(/ --retry-errors$/);
    expect([...states.executions.values()].map(({ redriven }) => redriven)).toEqual([0, 0, 0]);
  });

  it('tries anew under --r2, with the execution id it had, where a redrive cannot be', async () => {
    standing('ABORTED');
    const resume = (options: RunOptions) =>
      hear((context) =>
        runCommand({ target: 'aws', detach: true, resume: execution_id, ...options }, context),
      );
    expect(await resume({})).toMatchObject({
      code: 0,
      err: expect.stringContaining(`${execution_id}--r2 started`),
    });
    const second = states.executions.get(`${execution_id}--r2`)!;
    expect(JSON.parse(second.input)).toMatchObject({ execution_id, scheduled_at: '2026-11-16T03:00:00Z' });
    second.status = 'FAILED';
    // Another cap is another input, which a redrive cannot take.
    expect(await resume({ maxCostUsd: 3 })).toMatchObject({ code: 0 });
    const third = states.executions.get(`${execution_id}--r3`)!;
    expect(JSON.parse(third.input)).toMatchObject({ execution_id, limits: { max_cost_usd: 3 } });
  });

  it('keeps time and id of an execution that was started raw, when it is tried again', async () => {
    states.executions.set('test-1', { name: 'test-1', status: 'ABORTED', input: '{}', redriven: 0 });
    await hear((context) => runCommand({ target: 'aws', resume: 'test-1', detach: true }, context));
    expect(JSON.parse(states.executions.get('test-1--r2')!.input)).toEqual({
      execution_id: 'test-1',
      scheduled_at: '2026-11-23T04:00:00Z',
    });
  });

  it('starts another with --new', async () => {
    standing('RUNNING');
    expect((await runOnAws({ detach: true, new: true })).out).toBe(`${execution_id}-2\n`);
    expect(JSON.parse(states.executions.get(`${execution_id}-2`)!.input).execution_id).toBe(
      `${execution_id}-2`,
    );
  });

  it.each([
    [{}, { lake: 'lake' }, 'expected s3://<lake bucket>'],
    [{}, { configFolder: 'mine' }, 'carry the config/ they were deployed with'],
    [{}, { lake: 's3://a-bucket-of-mine' }, 'SOCRATIC_IMMUTABLE_BUCKET: expected a value'],
    [{ isolation: 'process' as const }, {}, '--isolation'],
    [
      {
        resume: 'nothing',
        profile: undefined,
        models: undefined,
        temps: undefined,
        turns: undefined,
        week: undefined,
      },
      {},
      'knows no execution "nothing"',
    ],
  ])('refuses %j %j and says why', async (options, changes, message) => {
    const { failure } = await runOnAws(options as RunOptions, changes);
    expect(failure).toMatchObject({ exit: 2 });
    expect(failure!.message).toContain(message);
  });
});

describe('status and stop on AWS', () => {
  const status = (which?: string, changes: Partial<Context> = {}) =>
    hear((context) => statusCommand(which, {}, context), changes);

  it('show what runs, before it has written a record, and what is finished, in one list', async () => {
    land();
    const next = 'mvp-2026-W48';
    const input = { profile: 'mvp', scheduled_at: '2026-11-23T03:00:00Z', execution_id: next };
    standing('RUNNING', { name: next, input: JSON.stringify(input) });
    const { out } = await status(undefined, { json: true });
    const { executions } = JSON.parse(out) as { executions: Record<string, unknown>[] };
    expect(executions.map(({ week, state, n_planned }) => ({ week, state, n_planned }))).toEqual(
      expect.arrayContaining([
        { week: '2026-W48', state: 'running', n_planned: 0 },
        { week: '2026-W47', state: 'finished', n_planned: 2 },
      ]),
    );
    expect((await status(next)).out).toContain('running, in RunDialogues\nnot planned yet');
    expect((await status(execution_id)).out).toMatch(/finished\n2 of 2 runs scored/);
    expect((await status('nothing')).failure).toMatchObject({ exit: 2 });
  });

  it('count the turns of an execution under way and name the cause of a failed one', async () => {
    land();
    s3.buckets.get(LAKE)!.delete(`executions/${execution_id}/status.json`);
    const execution = standing('RUNNING');
    expect((await status(execution_id)).out).toContain('2 of 2 dialogues held (6 turns kept), 2 judged');
    Object.assign(execution, {
      status: 'FAILED',
      error: 'NothingMeasured',
      cause: JSON.stringify({ errorMessage: 'no run was scored' }),
    });
    const { out } = await status(execution_id);
    expect(out).toContain('NothingMeasured: no run was scored\n');
    expect(out).toContain(`run --resume ${execution_id} --target aws --lake s3://${LAKE} --retry-errors\n`);
  });

  it('stop the last try of an execution, once', async () => {
    standing('RUNNING');
    const stop = () => hear((context) => stopCommand(execution_id, {}, context));
    expect(await stop()).toMatchObject({ code: 0, out: expect.stringContaining('stopped') });
    expect(states.executions.get(execution_id)!.status).toBe('ABORTED');
    expect((await stop()).failure).toMatchObject({ exit: 2 });
  });
});

describe('a lake on S3', () => {
  it('answers the reading commands as the folder does', async () => {
    land();
    const commands: ((context: Context) => Promise<number>)[] = [
      (context) => resultsCommand('latest', context),
      (context) => costCommand('2026-W47', context),
      (context) => alertsCommand('latest', context),
      (context) => compareCommand(execution_id, execution_id, {}, context),
      (context) => verifyCommand('latest', context),
    ];
    for (const command of commands) {
      const onS3 = await hear(command);
      expect(onS3.failure).toBeNull();
      const inFolder = await hear(command, { lake: here });
      // The next step that is offered names the lake that was asked.
      expect({ ...onS3, err: onS3.err.replace(`s3://${LAKE}`, here) }).toEqual(inFolder);
    }
    const [summary] = [...s3.buckets.get(LAKE)!.keys()].filter((key) => key.startsWith('scores/'));
    const run_id = /([0-9A-Z]{26})_summary/.exec(summary!)![1]!;
    expect((await hear((context) => showCommand(run_id, {}, context))).out).toContain('steadfast');
  });

  it('fills its tables again with reindex', async () => {
    land();
    const heard = await hear((context) => reindexCommand({ target: 'aws' }, context));
    expect(heard).toMatchObject({ code: 0, out: 'indexed 1 execution\n' });
    const { Items } = await dynamo.client.send(new ScanCommand({ TableName: `${BASE}-runs` }));
    expect(Items).toHaveLength(2);
  });

  it('is queried on Athena, with what that scanned and cost', async () => {
    const query = (sql?: string, options: { name?: string } = {}, changes: Partial<Context> = {}) =>
      hear((context) => queryCommand(sql, { target: 'aws', ...options }, context), changes);
    const { code, out, err } = await query('SELECT model, count(*) AS n FROM turns GROUP BY model;');
    expect(code).toBe(0);
    expect(out).toMatch(/steadfast +6/);
    expect(err).toContain('250.0 MB scanned in 1.2 s, $0.001250 ($5 a TB as of 2026-07-17');
    expect(scanned.at(-1)).toEqual({
      sql: 'SELECT model, count(*) AS n FROM turns GROUP BY model',
      workgroup: BASE,
      database: 'socratic_bench_dev',
    });
    const saved = await query(undefined, { name: '03_violation_mix' }, { json: true });
    expect(JSON.parse(saved.out)).toMatchObject({
      rows: [{ model: 'steadfast', n: 6 }],
      bytes_scanned: 250_000_000,
    });
    expect(scanned.at(-1)!.sql).toContain('violation');
    const wrong = await query('SELECT * FROM nowhere');
    expect(wrong.failure).toMatchObject({ exit: 2, message: expect.stringContaining('TABLE_NOT_FOUND') });
  });
});
