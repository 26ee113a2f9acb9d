import { buildDigest } from '../alerts/digest.ts';
import { digestLinks } from '../alerts/digest-links.ts';
import { asciiSubject, digestSubject, digestText } from '../alerts/digest-text.ts';
import { evaluateRules } from '../alerts/evaluate-rules.ts';
import { addToAlerts } from '../dashboard/alerts-file.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import type { AlertSink, ObjectStore } from '../ports.ts';
import type { Alert } from '../../schemas/alert.ts';
import type { CanaryResult } from '../../schemas/canary-result.ts';
import type { ExecutionSummary } from '../../schemas/execution-summary.ts';
import { alertsFileSchema } from '../../schemas/dashboard-data.ts';
import { DASHBOARD_FILES } from '../../schemas/dashboard-files.ts';
import type { CheckAlertsOutput, PlanPointers } from '../../schemas/task-io.ts';
import { planPointersSchema } from '../../schemas/task-io.ts';
import { putDashboard, readDashboard } from './dashboard-data.ts';
import type { Measure } from './measure.ts';
import { readSummary } from './publish-metrics.ts';
import { parseJsonLines, toJsonLines } from './text-codec.ts';

export interface CheckAlertsPorts {
  store: ObjectStore;
  alerts: AlertSink;
  measure: (manifest_key: string) => Promise<Measure>;
  /** Address of the dashboard, for deep links; null where nobody knows it. */
  site_url: string | null;
}

/** State 6. Applies the rules to Aggregate's numbers, writes alerts/, publishes each alert that fires, and the weekly digest. */
export function createCheckAlerts(ports: CheckAlertsPorts) {
  return async (input: PlanPointers): Promise<CheckAlertsOutput> => {
    const pointers = planPointersSchema.parse(input);
    const { store } = ports;
    const measure = await ports.measure(pointers.manifest_key);
    const summary = await readSummary(store, pointers.execution_id);
    const baseline =
      summary.baseline === null ? null : await readSummary(store, summary.baseline.execution_id);
    const alerts = evaluateRules(
      {
        summary,
        scheduled_at: pointers.scheduled_at,
        baseline,
        canary_results: await readCanaryResults(store, summary),
        baseline_canary_results: baseline === null ? [] : await readCanaryResults(store, baseline),
        previous_alerts:
          summary.previous === null
            ? []
            : await readAlerts(store, summary.previous.week, summary.previous.execution_id),
      },
      measure.alerts,
    );
    await store.put(lakeKeys.alerts(pointers.week, pointers.execution_id), toJsonLines(alerts));
    const digest = buildDigest(summary, alerts, digestLinks(ports.site_url, summary, alerts));
    await publishAlerts(store, summary, alerts);
    for (const alert of alerts.filter((one) => one.status === 'firing')) {
      await ports.alerts.publish({
        kind: 'alert',
        subject: asciiSubject(
          `socratic-bench ${alert.week}: ${alert.rule}${alert.model === null ? '' : ` ${alert.model}`}`,
        ),
        body: alert.message,
        dedup_id: alert.alert_id,
      });
    }
    await ports.alerts.publish({
      kind: 'digest',
      subject: digestSubject(digest),
      body: digestText(digest),
      dedup_id: `${pointers.execution_id}+digest`,
    });
    const count = (status: Alert['status']) => alerts.filter((alert) => alert.status === status).length;
    return { firing: count('firing'), resolved: count('resolved'), muted: count('muted') };
  };
}

/** Takes an execution's alerts into dashboard/data/alerts.json. */
export async function publishAlerts(
  store: ObjectStore,
  summary: ExecutionSummary,
  alerts: readonly Alert[],
): Promise<void> {
  const { execution_id, series, week } = summary;
  // Without links: the page that shows it is where they would lead.
  const digest = digestText(buildDigest(summary, alerts, []));
  const stored = await readDashboard(store, DASHBOARD_FILES.alerts, alertsFileSchema);
  const file = addToAlerts(stored, { execution_id, series, week, digest, alerts });
  await putDashboard(store, DASHBOARD_FILES.alerts, file);
}

async function readCanaryResults(
  store: ObjectStore,
  { dt, execution_id }: ExecutionSummary,
): Promise<CanaryResult[]> {
  const key = lakeKeys.canaryResults(dt, execution_id);
  const bytes = await store.get(key);
  return bytes === null ? [] : parseJsonLines<CanaryResult>(bytes, key);
}

/** The alerts of an execution; none when the file is not there. */
export async function readAlerts(store: ObjectStore, week: string, execution_id: string): Promise<Alert[]> {
  const key = lakeKeys.alerts(week, execution_id);
  const bytes = await store.get(key);
  return bytes === null ? [] : parseJsonLines<Alert>(bytes, key);
}
