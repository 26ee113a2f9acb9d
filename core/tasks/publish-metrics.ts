import { executionSchema, type Execution } from '../../schemas/execution.ts';
import { executionSummarySchema, type ExecutionSummary } from '../../schemas/execution-summary.ts';
import { ALL_PHASES, ERROR, METRIC } from '../../schemas/names.ts';
import type { PlanPointers, PublishMetricsOutput } from '../../schemas/task-io.ts';
import { planPointersSchema } from '../../schemas/task-io.ts';
import type { WeeklySummary } from '../../schemas/weekly-summary.ts';
import { NamedError } from '../errors.ts';
import { instantMs } from '../identity/iso-week.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import type { Clock, MetricSink, ObjectStore } from '../ports.ts';
import { decodeUtf8, parseJsonLines } from './text-codec.ts';

export interface PublishMetricsPorts {
  store: ObjectStore;
  clock: Clock;
  metrics: MetricSink;
  /** Package version, node, image digests: circumstance for the execution record. */
  versions: Readonly<Record<string, string>>;
}

/** State 7. One EMF document a model and phase, and the execution's final status. */
export function createPublishMetrics(ports: PublishMetricsPorts) {
  return async (input: PlanPointers): Promise<PublishMetricsOutput> => {
    const pointers = planPointersSchema.parse(input);
    const summary = await readSummary(ports.store, pointers.execution_id);
    const rows = summary.weekly.filter((row) => row.n_runs > 0);
    // Timestamped by the schedule, so that a repeat of the week lands on the same data points.
    for (const row of rows)
      await ports.metrics.emit(metricDocument(row, summary, instantMs(pointers.scheduled_at)));
    const outcome = summary.is_partial ? 'partial' : 'complete';
    await ports.store.put(
      lakeKeys.status(pointers.execution_id),
      `${JSON.stringify(await finalStatus(ports, pointers, summary))}\n`,
    );
    return { metrics: rows.length, outcome };
  };
}

/** What Aggregate computed for an execution. Throws PlanConflict when it has not run. */
export async function readSummary(store: ObjectStore, execution_id: string): Promise<ExecutionSummary> {
  const key = lakeKeys.summary(execution_id);
  const bytes = await store.get(key);
  if (bytes === null)
    throw new NamedError(ERROR.planConflict, `${key}: expected Aggregate's summary, got nothing`);
  return executionSummarySchema.parse(JSON.parse(decodeUtf8(bytes)));
}

/**
 * CloudWatch Embedded Metric Format: dimensions {model, phase} only, every other fact a plain field (each combination of
 * dimension values is a billed metric). https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricDocument(row: WeeklySummary, summary: ExecutionSummary, timestampMs: number): object {
  const latency = summary.judge_latency_p95_ms.find(
    (entry) => entry.model === row.model && entry.phase === row.phase,
  )?.value;
  const values: [name: string, unit: string, value: number | null | undefined][] = [
    [METRIC.halfLifeTurn, 'None', row.rmst_turns],
    [METRIC.complianceRate, 'None', row.compliance_rate],
    [METRIC.judgeLatencyP95, 'Milliseconds', latency],
    [METRIC.costPerRunUsd, 'None', row.cost_per_run_usd],
    [METRIC.coverageFrac, 'None', row.coverage_frac],
  ];
  const present = values.filter((entry): entry is [string, string, number] => typeof entry[2] === 'number');
  return {
    _aws: {
      Timestamp: timestampMs,
      CloudWatchMetrics: [
        {
          Namespace: METRIC.namespace,
          Dimensions: [['model', 'phase']],
          Metrics: present.map(([Name, Unit]) => ({ Name, Unit })),
        },
      ],
    },
    model: row.model,
    phase: row.phase === ALL_PHASES ? ALL_PHASES : row.phase,
    variant: row.variant,
    series: row.series,
    week: row.week,
    execution_id: row.execution_id,
    is_simulated: row.is_simulated,
    cost_usd: row.cost_usd,
    ...Object.fromEntries(present.map(([name, , value]) => [name, value])),
  };
}

async function finalStatus(
  ports: PublishMetricsPorts,
  pointers: PlanPointers,
  summary: ExecutionSummary,
): Promise<Execution> {
  const key = lakeKeys.status(pointers.execution_id);
  const [stored, alerts] = await Promise.all([
    ports.store.get(key),
    ports.store.get(lakeKeys.alerts(pointers.week, pointers.execution_id)),
  ]);
  const earlier = stored === null ? null : executionSchema.parse(JSON.parse(decodeUtf8(stored)));
  const firing =
    alerts === null
      ? 0
      : parseJsonLines<{ status: string }>(alerts, 'alerts').filter((alert) => alert.status === 'firing')
          .length;
  const now = ports.clock.now();
  return {
    execution_id: pointers.execution_id,
    manifest_id: pointers.manifest_id,
    manifest_key: pointers.manifest_key,
    plan_key: pointers.plan_key,
    measure_sha256: summary.measure_sha256,
    profile: summary.profile,
    series: pointers.series,
    week: pointers.week,
    dt: pointers.dt,
    scheduled_at: pointers.scheduled_at,
    state: 'finished',
    outcome: summary.is_partial ? 'partial' : 'complete',
    current_state: null,
    n_planned: summary.n_planned,
    n_scored: summary.n_scored,
    n_skipped: summary.n_skipped,
    n_failed: summary.n_failed,
    n_alerts: firing,
    spent_usd: summary.spent_usd,
    estimated_usd: summary.estimated_usd,
    is_simulated: summary.is_simulated,
    input: earlier?.input ?? {},
    error: null,
    versions: { ...earlier?.versions, ...ports.versions },
    started_at: earlier?.started_at ?? now,
    updated_at: now,
    ended_at: now,
  };
}
