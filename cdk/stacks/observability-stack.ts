import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  MathExpression,
  Metric,
  TreatMissingData,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { METRIC, TABLE } from '../../schemas/names.ts';
import { bedrockModels } from '../registry.ts';
import { BenchStack, type Deployment } from './bench-stack.ts';
import { watchCost } from './cost-watch.ts';
import { addDashboard } from './dashboard.ts';
import type { WorkflowStack } from './workflow-stack.ts';

/** Metrics that filters make of PublishMetrics' log: over all models, without dimensions, so that one alarm sees every model. */
const OVER_ALL = { cost: 'week_cost_usd', coverage: 'model_coverage_frac' } as const;

interface AlarmProps {
  metric: IMetric;
  threshold: number;
  comparison: ComparisonOperator;
  missing: TreatMissingData;
  periods?: number;
  /** What it means; the runbook has an entry of the alarm's name. */
  meaning: string;
}

/** Alarms to the topic (docs/runbook.md has an entry for each), the dashboard, and who watches the bill. */
export class ObservabilityStack extends BenchStack {
  private readonly topic: Topic;
  private readonly base: string;

  constructor(scope: Construct, deployment: Deployment, workflow: WorkflowStack) {
    const { settings, names } = deployment;
    super(scope, 'Observability', deployment, { env: { region: settings.region } });
    this.topic = Topic.fromTopicArn(this, 'Topic', names.topicArn) as Topic;
    this.base = names.base;

    this.watchExecutions(deployment);
    this.watchResults(deployment, workflow);
    this.watchDeliveries(workflow);
    this.watchThrottles(deployment, workflow);
    watchCost(this, deployment);
    addDashboard(this, deployment);
  }

  private watchExecutions({ names, settings }: Deployment): void {
    const executions = (metricName: string, period: Duration) =>
      new Metric({
        namespace: 'AWS/States',
        metricName,
        dimensionsMap: { StateMachineArn: names.machineArn },
        statistic: 'Sum',
        period,
      });
    const fiveMinutes = Duration.minutes(5);
    this.alarm('execution-failed', {
      metric: new MathExpression({
        expression: 'FILL(failed, 0) + FILL(timed_out, 0) + FILL(aborted, 0)',
        usingMetrics: {
          failed: executions('ExecutionsFailed', fiveMinutes),
          timed_out: executions('ExecutionsTimedOut', fiveMinutes),
          aborted: executions('ExecutionsAborted', fiveMinutes),
        },
        period: fiveMinutes,
      }),
      threshold: 1,
      comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      missing: TreatMissingData.NOT_BREACHING,
      meaning: 'An execution failed, timed out or was stopped; what was recorded is kept.',
    });
    if (settings.schedule)
      this.alarm('week-missing', {
        metric: executions('ExecutionsSucceeded', Duration.days(1)),
        threshold: 1,
        comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
        // An alarm looks back seven days at most: one day with a success in the last seven keeps it quiet.
        periods: 7,
        missing: TreatMissingData.BREACHING,
        meaning: 'No execution has ended well for seven days: Monday did not happen.',
      });
  }

  /** What the week came to, from the metric documents that PublishMetrics prints (one a model and phase, and one over the phases). */
  private watchResults({ settings, registry }: Deployment, workflow: WorkflowStack): void {
    const logGroup = workflow.functions['publish-metrics'].logGroup;
    const overPhases = FilterPattern.stringValue('$.phase', '=', 'all');
    const filter = (id: string, metricName: string, field: string) =>
      new MetricFilter(this, id, {
        logGroup,
        metricNamespace: METRIC.namespace,
        metricName,
        filterPattern: FilterPattern.all(overPhases, FilterPattern.exists(field)),
        metricValue: field,
      });
    filter('WeekCost', OVER_ALL.cost, '$.cost_usd');
    filter('ModelCoverage', OVER_ALL.coverage, `$.['${METRIC.coverageFrac}']`);
    const metric = (metricName: string, statistic: string) =>
      new Metric({ namespace: METRIC.namespace, metricName, statistic, period: Duration.days(1) });
    this.alarm('weekly-cost', {
      metric: metric(OVER_ALL.cost, 'Sum'),
      threshold: settings.weeklyCostAlarmUsd,
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
      missing: TreatMissingData.NOT_BREACHING,
      meaning: `The model calls of the executions that ended within a day cost more than $${settings.weeklyCostAlarmUsd}.`,
    });
    this.alarm('coverage', {
      metric: metric(OVER_ALL.coverage, 'Minimum'),
      threshold: registry.alerts.coverage.min_coverage_frac,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      missing: TreatMissingData.NOT_BREACHING,
      meaning: 'Of one model at least, fewer planned runs were scored than the alert rules ask for.',
    });
  }

  private watchDeliveries(workflow: WorkflowStack): void {
    for (const [index, queue] of workflow.deadLetters.entries())
      this.alarm(index === 0 ? 'schedule-undelivered' : 'lake-event-undelivered', {
        metric: queue.metricApproximateNumberOfMessagesVisible({
          period: Duration.minutes(5),
          statistic: 'Maximum',
        }),
        threshold: 1,
        comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        missing: TreatMissingData.NOT_BREACHING,
        meaning:
          index === 0
            ? 'The Scheduler gave up starting the week; its delivery lies in the dead-letter queue.'
            : 'The index function did not take an event of the lake; it lies in the dead-letter queue.',
      });
    this.alarm('function-errors', {
      metric: sum(
        Object.values(workflow.functions).map((host) =>
          host.function.metricErrors({ period: Duration.minutes(5) }),
        ),
      ),
      threshold: 5,
      comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      missing: TreatMissingData.NOT_BREACHING,
      meaning: 'Functions failed five times within five minutes: more than one state retries away.',
    });
  }

  private watchThrottles({ names, registry, settings }: Deployment, workflow: WorkflowStack): void {
    const period = Duration.minutes(5);
    const throttled = {
      threshold: 1,
      comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      missing: TreatMissingData.NOT_BREACHING,
    };
    this.alarm('function-throttles', {
      ...throttled,
      metric: sum(Object.values(workflow.functions).map((host) => host.function.metricThrottles({ period }))),
      meaning: "The account's Lambda concurrency was used up; Step Functions tries again.",
    });
    this.alarm('table-throttles', {
      ...throttled,
      metric: sum(
        Object.values(TABLE).flatMap((table) =>
          ['ReadThrottleEvents', 'WriteThrottleEvents'].map(
            (metricName) =>
              new Metric({
                namespace: 'AWS/DynamoDB',
                metricName,
                dimensionsMap: { TableName: names.table(table) },
                statistic: 'Sum',
                period,
              }),
          ),
        ),
      ),
      meaning: 'A table refused calls: one hot item, or more than twice the traffic it has ever seen.',
    });
    const { tutors, judges } = bedrockModels(registry, [settings.weeklyProfile]);
    const endpoints = [...new Set([...tutors, ...judges].map((model) => model.endpoint))];
    if (endpoints.length > 0)
      this.alarm('model-throttles', {
        ...throttled,
        // A model that refuses now and then is met by retries; for an hour on end it makes the week late.
        threshold: 100,
        metric: sum(
          endpoints.slice(0, MAX_METRICS).map(
            (ModelId) =>
              new Metric({
                namespace: 'AWS/Bedrock',
                metricName: 'InvocationThrottles',
                dimensionsMap: { ModelId },
                statistic: 'Sum',
                period: Duration.hours(1),
              }),
          ),
        ),
        meaning:
          'Bedrock refused a hundred calls within an hour: the quota of a model is too small for the week.',
      });
  }

  private alarm(name: string, props: AlarmProps): void {
    const alarm = new Alarm(this, name, {
      alarmName: `${this.base}-${name}`,
      alarmDescription: `${props.meaning} docs/runbook.md#${name}`,
      metric: props.metric,
      threshold: props.threshold,
      comparisonOperator: props.comparison,
      evaluationPeriods: props.periods ?? 1,
      treatMissingData: props.missing,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    alarm.addOkAction(new SnsAction(this.topic));
  }
}

/** An alarm takes ten metrics at most. */
const MAX_METRICS = 10;

/** The sum of metrics, a missing one counting as nothing. */
function sum(metrics: readonly IMetric[]): MathExpression {
  const named = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  return new MathExpression({
    expression: Object.keys(named)
      .map((name) => `FILL(${name}, 0)`)
      .join(' + '),
    usingMetrics: named,
    period: metrics[0] instanceof Metric ? metrics[0].period : Duration.minutes(5),
  });
}
