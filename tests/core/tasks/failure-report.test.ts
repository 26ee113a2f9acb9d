import { beforeAll, describe, expect, it } from '@jest/globals';
import { failureMail } from '../../../core/alerts/failure-mail.ts';
import { lakeKeys } from '../../../core/identity/lake-keys.ts';
import { createMailFailure } from '../../../core/tasks/mail-failure.ts';
import { reportFailure } from '../../../core/tasks/failure-report.ts';
import { createJudgeRun } from '../../../core/tasks/judge-run.ts';
import { createRunDialogue } from '../../../core/tasks/run-dialogue.ts';
import type { Execution } from '../../../schemas/execution.ts';
import { EXECUTION_ID, GO_ON, planBench, portsOf, SCHEDULED_AT, type Planned } from './bench.ts';
import { copyOf, FakeStore, type Lake } from './fake-store.ts';

let planned: Planned;
let execution: Execution;
beforeAll(async () => {
  planned = await planBench();
  const { manifest_id, manifest_key, plan_key, series, week, dt } = planned.pointers;
  execution = {
    execution_id: EXECUTION_ID,
    manifest_id,
    manifest_key,
    plan_key,
    series,
    week,
    dt,
    measure_sha256: null,
    profile: series,
    scheduled_at: SCHEDULED_AT,
    state: 'failed',
    outcome: null,
    current_state: null,
    n_planned: 0,
    n_scored: 0,
    n_skipped: 0,
    n_failed: 0,
    n_alerts: 0,
    spent_usd: 0,
    estimated_usd: 0,
    is_simulated: true,
    input: { limits: { max_cost_usd: 7 } },
    error: { name: 'StoreUnavailable', message: 'disk full' },
    versions: {},
    started_at: SCHEDULED_AT,
    updated_at: SCHEDULED_AT,
    ended_at: SCHEDULED_AT,
  };
});

const report = (lake: Lake, changes: Partial<Execution> = {}) =>
  reportFailure(
    { store: new FakeStore(lake), budget: { committed: async () => 1.25 } },
    { ...execution, ...changes },
    ' --lake here',
  );

describe('what is known of an execution that failed', () => {
  it('is how far it came by what it left, what was kept, and what was spent', async () => {
    const lake = copyOf(planned.lake);
    const ports = portsOf(planned, new FakeStore(lake), {});
    const [first, second] = planned.rows;
    expect(await report(lake)).toMatchObject({ state: 'RunDialogues', n_recorded: 0, n_planned: 2 });
    await createRunDialogue(ports)(first!, GO_ON);
    expect(await report(lake)).toMatchObject({ state: 'RunDialogues', n_recorded: 1 });
    await createRunDialogue(ports)(second!, GO_ON);
    expect(await report(lake)).toMatchObject({ state: 'JudgeRuns', n_recorded: 2 });
    for (const row of planned.rows) await createJudgeRun(ports)(row, GO_ON);
    expect(await report(lake)).toMatchObject({ state: 'Aggregate' });
    const store = new FakeStore(lake);
    await store.put(lakeKeys.seal(EXECUTION_ID), '{}');
    expect(await report(lake)).toMatchObject({ state: 'CheckAlerts' });
    await store.put(lakeKeys.alerts(execution.week, EXECUTION_ID), '');
    const { subject, body } = failureMail(await report(lake));
    expect(subject).toBe(`socratic-bench ${execution.week} failed in PublishMetrics: StoreUnavailable`);
    expect(body.split('\n').slice(1)).toEqual([
      'StoreUnavailable: disk full',
      expect.stringContaining('2 of 2 planned dialogues'),
      'Spent: $1.25 of $7.00.',
      `Continue: socratic-bench run --resume ${EXECUTION_ID} --lake here`,
    ]);
  });

  it('before a manifest or a plan is said to be that, with the profile’s own cap where none was given', async () => {
    const lake = copyOf(planned.lake);
    expect(await report(lake, { manifest_id: null, manifest_key: null })).toMatchObject({
      state: 'LoadManifest',
    });
    expect(await report(lake, { execution_id: 'another', input: {} })).toMatchObject({
      state: 'GenerateRuns',
      budget_usd: planned.measure.manifest.content.profile.budget_usd,
    });
  });
});

describe('the mail of an execution that failed on AWS', () => {
  const detail = {
    executionArn: 'arn:aws:states:us-east-1:123456789012:execution:weekly:bench--r2',
    name: 'bench--r2',
    status: 'FAILED' as 'FAILED' | 'SUCCEEDED' | 'ABORTED' | 'TIMED_OUT',
    startDate: Date.parse(SCHEDULED_AT),
    error: 'NothingMeasured',
    cause: 'all models are closed',
  };
  const mail = async (changes: Partial<typeof detail> & { input?: string | null }) => {
    const sent: { kind: string; subject: string; body: string; dedup_id: string }[] = [];
    const send = createMailFailure({
      store: new FakeStore(copyOf(planned.lake)),
      budget: { committed: async () => 3 },
      alerts: { publish: async (message) => void sent.push(message) },
      lake_url: 's3://the-lake',
    });
    return { ...(await send({ detail: { ...detail, ...changes } })), sent };
  };

  it('finds the plan by the execution id of the input, and tells the command for this lake', async () => {
    const { sent } = await mail({
      input: JSON.stringify({ execution_id: EXECUTION_ID, scheduled_at: SCHEDULED_AT }),
    });
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      kind: 'alert',
      subject: 'socratic-bench 2026-W47 failed in RunDialogues: NothingMeasured',
      dedup_id: detail.executionArn,
    });
    expect(sent[0]!.body).toContain('Kept: 0 of 2 planned dialogues');
    expect(sent[0]!.body).toContain('Spent: $3.00');
    expect(sent[0]!.body).toContain(
      `run --resume ${EXECUTION_ID} --target aws --lake s3://the-lake --retry-errors`,
    );
  });

  it('is sent of an input that the machine refused, too, and of one too large to carry', async () => {
    for (const input of [JSON.stringify({ profil: 'weekly' }), null]) {
      const { sent } = await mail({ input, status: 'TIMED_OUT' });
      expect(sent[0]!.subject).toMatch(/2026-W47 failed in LoadManifest: /);
    }
  });

  it('is not sent of another end', async () => {
    for (const status of ['SUCCEEDED', 'ABORTED'] as const)
      expect(await mail({ status })).toEqual({ is_sent: false, sent: [] });
  });
});
