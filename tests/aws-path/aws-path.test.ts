import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isoWeekOf } from '../../core/identity/iso-week.ts';
import { executionSchema } from '../../schemas/execution.ts';
import { TABLE } from '../../schemas/names.ts';
import type { StartOutput } from '../../schemas/task-io.ts';
import { run } from '../e2e/cli.ts';
import { NAMES, openAwsAccount, type AwsAccount } from './aws-account.ts';
import { isAllowed, type IamStatement } from './iam.ts';
import { runStateMachine } from './state-machine.ts';

const SCHEDULED_AT = '2026-11-16T03:00:00Z';
const PARALLEL_PROCESSES = 2;

function filesBelow(lake: string, prefix: string): Map<string, Buffer> {
  const entries = readdirSync(join(lake, prefix), { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path): [string, Buffer] => [path.slice(lake.length + 1), readFileSync(path)]),
  );
}

describe('profile mvp on AWS, its services played by protocol servers', () => {
  let account: AwsAccount;
  let lake: string;
  let start: StartOutput;
  let again: StartOutput;
  let result: Awaited<ReturnType<typeof runStateMachine>>;

  beforeAll(async () => {
    lake = mkdtempSync(join(tmpdir(), 'aws-path-'));
    account = await openAwsAccount();
    const request = {
      profile: 'mvp',
      scheduled_at: SCHEDULED_AT,
      limits: { concurrency: PARALLEL_PROCESSES },
    };
    const beganMs = performance.now();
    start = (await account.lambdas.start.invoke(request)) as StartOutput;
    again = (await account.lambdas.start.invoke(request)) as StartOutput;
    const input = account.started.get(start.execution_id)!;
    result = await runStateMachine(account, start.execution_id, input);
    await account.settleEvents();
    const seconds = (performance.now() - beganMs) / 1000;
    const calls = (['s3', 'dynamo', 'sns', 'sfn'] as const).map((service) => {
      const counts = [...account[service].calls];
      const total = counts.reduce((sum, [, count]) => sum + count, 0);
      return `${service} ${total} (${counts.map(([name, count]) => `${name} ${count}`).join(', ')})`;
    });
    process.stdout.write(`AWS path, profile mvp: ${seconds.toFixed(1)} s; SDK calls: ${calls.join('; ')}\n`);
    const embedded = ['run', '--profile', 'mvp', '--week', start.week, '--lake', lake, '--quiet'];
    expect(await run(embedded)).toMatchObject({ status: 0 });
  }, 300_000);

  afterAll(async () => {
    await account.close();
    rmSync(lake, { recursive: true, force: true });
  });

  it('finishes: 8 runs planned and scored', () => {
    expect(result).toMatchObject({
      status: 'SUCCEEDED',
      output: { planned: 8, scored: 8, skipped: 0, failed: 0, outcome: 'complete' },
    });
  });

  it('is started once, however often the schedule delivers', () => {
    expect(start.outcome).toBe('started');
    expect(again).toEqual({ ...start, outcome: 'exists' });
    expect(start.execution_id).toMatch(/^mvp-2026-W47-[0-9a-f]{12}$/);
    expect(start.week).toBe(isoWeekOf(SCHEDULED_AT));
    expect(account.started.size).toBe(1);
  });

  it.each(['curated/', 'scores/', 'manifests/', 'config/'])(
    'leaves the same bytes under %s as the embedded run',
    (prefix) => {
      const onAws = account.objects(prefix);
      const here = filesBelow(lake, prefix);
      expect([...onAws.keys()].sort()).toEqual([...here.keys()].sort());
      expect(here.size).toBeGreaterThan(0);
      const different = [...here]
        .filter(([key, bytes]) => !bytes.equals(onAws.get(key)!))
        .map(([key]) => key);
      expect(different).toEqual([]);
    },
  );

  it('holds every turn of every dialogue as a checkpoint and in one raw file a run', () => {
    const raw = [...account.objects('raw/').values()];
    expect(raw).toHaveLength(8);
    for (const file of raw) expect(file.toString('utf8').trimEnd().split('\n')).toHaveLength(10);
    expect([...account.objects('checkpoints/').keys()].filter((key) => key.includes('/turn-'))).toHaveLength(
      80,
    );
  });

  it('marks each dialogue complete in the index and records what Aggregate computed', async () => {
    for (const [key, bytes] of account.objects('scores/')) {
      const summary: { run_id: string } = JSON.parse(bytes.toString('utf8'));
      const item = await account.runItem(summary.run_id);
      expect(item?.['raw_key']?.S).toContain(summary.run_id);
      expect(JSON.parse(item!['record']!.S!)).toEqual(summary);
      expect(key).toContain(summary.run_id);
    }
    expect((await account.items(TABLE.weeklySummaries)).length).toBeGreaterThan(2);
  });

  it('settles every reservation of the budget', async () => {
    const budget = await account.runItem(`budget#${start.execution_id}`);
    expect(budget?.['reservations']).toEqual({ M: {} });
    expect(budget?.['remaining_nano']).toEqual(budget?.['cap_nano']);
  });

  it('records how it ended, with the digests of its images', () => {
    const [status] = account.objects(`executions/${start.execution_id}/status.json`).values();
    const execution = executionSchema.parse(JSON.parse(status!.toString('utf8')));
    expect(execution).toMatchObject({ state: 'finished', outcome: 'complete', n_scored: 8 });
    expect(execution.versions).toMatchObject({ runner: 'sha256:aa', judge: 'sha256:bb' });
  });

  it('would mail what a failed execution leaves, and how to go on', async () => {
    const before = account.sns.published.length;
    const detail = {
      executionArn: 'arn:aws:states:us-east-1:123456789012:execution:weekly:gone',
      name: 'gone',
      status: 'FAILED',
      startDate: 0,
      input: JSON.stringify({ execution_id: start.execution_id, scheduled_at: SCHEDULED_AT }),
      error: 'States.Timeout',
    };
    expect(await account.lambdas['mail-failure'].invoke({ detail })).toEqual({ is_sent: true });
    const [mail, ...more] = account.sns.published.slice(before);
    expect(more).toEqual([]);
    expect(mail!['Subject']).toMatch(/failed in PublishMetrics: States\.Timeout$/);
    expect(mail!['Message']).toContain('Kept: 8 of 8 planned dialogues');
    expect(mail!['Message']).toContain(`run --resume ${start.execution_id} --target aws --lake s3://`);
  });

  it('asks AWS for nothing that the roles of the stacks do not allow', async () => {
    const { containerAccess, functionAccess } = await import('../../cdk/access/work.ts');
    const noModels = { tutors: [], judges: [] };
    const roles = { ...functionAccess(NAMES, noModels), ...containerAccess(NAMES, noModels) };
    const allowed = new Map(
      Object.entries(roles).map(([name, statements]) => [
        name,
        statements.map((one) => one.toStatementJson() as IamStatement),
      ]),
    );
    const refused = [...account.requests.values()].filter(
      (request) => request.principal !== 'test' && !isAllowed(request, allowed.get(request.principal) ?? []),
    );
    expect(refused).toEqual([]);
    const principals = new Set([...account.requests.values()].map(({ principal }) => principal));
    expect([...principals].sort()).toEqual([...Object.keys(roles), 'test'].sort());
  });
});
