import { executionEventSchema, type ExecutionEvent } from '../../schemas/execution-event.ts';
import type { Execution } from '../../schemas/execution.ts';
import { PREFIX } from '../../schemas/names.ts';
import { executionInputSchema, type ExecutionInput } from '../../schemas/task-io.ts';
import { failureMail } from '../alerts/failure-mail.ts';
import { dateOf, dateOfMs, isoWeekOf } from '../identity/iso-week.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import type { AlertSink, Budget, ObjectStore } from '../ports.ts';
import { reportFailure } from './failure-report.ts';

/** SNS takes 256 KiB; a cause of Step Functions may be 32 KiB of JSON, of which the beginning names what happened. */
const MAX_CAUSE_CHARS = 500;

export interface MailFailurePorts {
  store: ObjectStore;
  budget: Pick<Budget, 'committed'>;
  alerts: AlertSink;
  /** `s3://<lake bucket>`: where the mail's command finds the lake. */
  lake_url: string;
}

/** Mails what an execution that failed or timed out left, cost, and how to go on. Another end is none of its business. */
export function createMailFailure(ports: MailFailurePorts) {
  return async (event: ExecutionEvent): Promise<{ is_sent: boolean }> => {
    const { detail } = executionEventSchema.parse(event);
    if (detail.status !== 'FAILED' && detail.status !== 'TIMED_OUT') return { is_sent: false };
    const execution = await executionOf(ports.store, detail);
    const where = ` --target aws --lake ${ports.lake_url}`;
    const { subject, body } = failureMail(await reportFailure(ports, execution, where));
    await ports.alerts.publish({ kind: 'alert', subject, body, dedup_id: detail.executionArn });
    return { is_sent: true };
  };
}

/** The record of a failed execution: PublishMetrics, which writes it, was never reached. */
async function executionOf(store: ObjectStore, detail: ExecutionEvent['detail']): Promise<Execution> {
  const input = inputOf(detail);
  const execution_id = input.execution_id ?? detail.name;
  const scheduled_at = input.scheduled_at ?? `${dateOfMs(detail.startDate)}T00:00:00Z`;
  const plan_key = await planKeyOf(store, execution_id);
  const manifest_id = plan_key?.split('/')[1] ?? null;
  const profile = input.profile ?? '';
  return {
    execution_id,
    manifest_id,
    manifest_key: manifest_id === null ? (input.manifest_key ?? null) : lakeKeys.manifest(manifest_id),
    plan_key,
    measure_sha256: null,
    profile,
    series: profile,
    week: isoWeekOf(scheduled_at),
    dt: dateOf(scheduled_at),
    scheduled_at,
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
    is_simulated: false,
    input,
    error: {
      name: detail.error ?? (detail.status === 'TIMED_OUT' ? 'States.Timeout' : 'Failed'),
      message: (detail.cause ?? 'no cause is recorded').slice(0, MAX_CAUSE_CHARS),
    },
    versions: {},
    started_at: scheduled_at,
    updated_at: scheduled_at,
    ended_at: null,
  };
}

/** The input as far as it can be read: an input that was refused is the reason of many a failure. */
function inputOf({ input }: ExecutionEvent['detail']): ExecutionInput {
  if (input == null) return {};
  const parsed = executionInputSchema.safeParse(JSON.parse(input));
  return parsed.success ? parsed.data : {};
}

async function planKeyOf(store: ObjectStore, execution_id: string): Promise<string | null> {
  for await (const { key } of store.list(`${PREFIX.manifests}/`))
    if (key.endsWith(`/plans/${execution_id}.jsonl`)) return key;
  return null;
}
