import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lakeKeys } from '../../core/identity/lake-keys.ts';
import { CONTAINER_EXIT, ENV } from '../../schemas/names.ts';
import type { PlannedRun } from '../../schemas/planned-run.ts';
import type { PlanPointers } from '../../schemas/task-io.ts';
import { openAwsAccount, type AwsAccount } from '../aws-path/aws-account.ts';
import type { Environment } from '../aws-path/hosts.ts';
import type { S3Fault } from '../servers/s3-server.ts';

describe('a container', () => {
  let account: AwsAccount;
  let row: PlannedRun;
  let overrides: Environment;
  let onTurn: (turn: number) => void = () => {};
  let fault: S3Fault | null = null;

  beforeAll(async () => {
    account = await openAwsAccount({
      fault: () => fault,
      onCreated: (key) => onTurn(Number(/\/turn-(\d+)\.json$/.exec(key)?.[1] ?? 0)),
    });
    const { lambdas } = account;
    const pointers = await lambdas['load-manifest'].invoke({
      input: { profile: 'mvp', overrides: { models: ['steadfast'], temperatures: [0.2] } },
      execution_name: 'containers',
      started_at: '2026-11-16T03:00:00Z',
    });
    const { runs_key } = (await lambdas['generate-runs'].invoke(pointers)) as PlanPointers;
    const line = account.objects(runs_key).get(runs_key)!.toString('utf8').split('\n')[0]!;
    row = JSON.parse(line) as PlannedRun;
    overrides = {
      [ENV.manifestKey]: row.manifest_key,
      [ENV.executionId]: row.execution_id,
      [ENV.runId]: row.run_id,
      [ENV.plannedRun]: line,
    };
  }, 300_000);
  afterAll(() => account.close());

  const turns = () => [...account.objects(`checkpoints/${row.run_id}/turn-`).keys()].length;
  const lastLine = (text: string) => JSON.parse(text.trimEnd().split('\n').at(-1)!) as object;

  it('with nothing to judge ends well and says so', async () => {
    const { code, stdout } = await account.container('judge', overrides).exited;
    expect(code).toBe(CONTAINER_EXIT.ended);
    expect(lastLine(stdout)).toEqual({ event: 'ended', status: 'ended_early', turns: 0 });
  });

  it('drained by SIGTERM keeps what was answered and exits 143; started again it goes on from there', async () => {
    const drained = account.container('runner', overrides);
    onTurn = (turn) => void (turn === 3 && drained.process.kill('SIGTERM'));
    const first = await drained.exited;
    expect({ code: first.code, ...lastLine(first.stderr) }).toMatchObject({
      code: CONTAINER_EXIT.drained,
      event: 'drained',
    });
    const kept = turns();
    expect(kept).toBeGreaterThanOrEqual(3);
    expect(kept).toBeLessThan(10);

    const written: number[] = [];
    onTurn = (turn) => void (turn > 0 && written.push(turn));
    const second = await account.container('runner', overrides).exited;
    expect(second.code).toBe(CONTAINER_EXIT.ended);
    expect(written).toEqual(Array.from({ length: 10 - kept }, (_, i) => kept + i + 1));
    expect(lastLine(second.stdout)).toEqual({ event: 'ended', status: 'done', turns: 10 });
  });

  it('finding its work done does nothing', async () => {
    const raw = lakeKeys.raw(row);
    const before = account.objects(raw).get(raw);
    const puts = account.s3.calls.get('PutObject');
    const { code, stdout } = await account.container('runner', overrides).exited;
    expect(code).toBe(CONTAINER_EXIT.ended);
    expect(lastLine(stdout)).toMatchObject({ status: 'adopted' });
    expect(account.s3.calls.get('PutObject')).toBe(puts);
    expect(account.objects(raw).get(raw)).toBe(before);
  });

  it('asks for another try, 75, when the store is down', async () => {
    fault = { status: 503, code: 'SlowDown' };
    const { code, stderr } = await account.container('runner', overrides).exited;
    fault = null;
    expect(code).toBe(CONTAINER_EXIT.tryAgain);
    expect(lastLine(stderr)).toMatchObject({
      event: 'error',
      name: 'StoreUnavailable',
      message: expect.stringContaining(lakeKeys.raw(row)),
    });
  });

  it.each([
    [ENV.plannedRun, '{"kind":"run"}', 'execution_id'],
    [ENV.lake, '', ENV.lake],
    [ENV.immutableBucket, '', ENV.immutableBucket],
  ])('exits 1, naming what is wrong, when %s is %j', async (name, value, named) => {
    const { code, stderr } = await account.container('runner', { ...overrides, [name]: value }).exited;
    expect(code).toBe(1);
    expect(lastLine(stderr)).toMatchObject({ event: 'error', message: expect.stringContaining(named) });
  });
});
