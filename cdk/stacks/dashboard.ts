import { Duration } from 'aws-cdk-lib';
import {
  Dashboard,
  GraphWidget,
  MathExpression,
  Metric,
  TextWidget,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { ALL_PHASES, METRIC } from '../../schemas/names.ts';
import type { Deployment } from './bench-stack.ts';

/** Weeks on a graph, as the digest and the saved queries look back. */
const WEEKS = 12;

/** One page for the operator: what the models did, what it cost, how the machine runs. The public site has the results in depth. */
export function addDashboard(scope: Construct, { names }: Deployment): void {
  const byModel = (metricName: string, statistic: string) =>
    new MathExpression({
      expression: `SEARCH('{${METRIC.namespace},model,phase} MetricName="${metricName}" phase="${ALL_PHASES}"', '${statistic}', 86400)`,
      label: '',
      period: Duration.days(1),
      usingMetrics: {},
    });
  const states = (metricName: string) =>
    new Metric({
      namespace: 'AWS/States',
      metricName,
      dimensionsMap: { StateMachineArn: names.machineArn },
      statistic: 'Sum',
      period: Duration.days(1),
    });
  const lambda = (metricName: string) =>
    new MathExpression({
      expression: `SEARCH('{AWS/Lambda,FunctionName} MetricName="${metricName}" ${names.base}', 'Sum', 86400)`,
      label: '',
      period: Duration.days(1),
      usingMetrics: {},
    });
  const graph = (title: string, ...left: IMetric[]) => new GraphWidget({ title, left, width: 8, height: 6 });
  const dashboard = new Dashboard(scope, 'Dashboard', {
    dashboardName: names.base,
    start: `-P${WEEKS}W`,
  });
  dashboard.addWidgets(
    new TextWidget({
      width: 24,
      height: 1,
      markdown: `**${names.base}**: one point a week and model, over all phases. What to do about an alarm: docs/runbook.md`,
    }),
  );
  dashboard.addWidgets(
    graph('Half-life (restricted mean, turns)', byModel(METRIC.halfLifeTurn, 'Average')),
    graph('Compliance (0 to 1)', byModel(METRIC.complianceRate, 'Average')),
    graph('Coverage (0 to 1)', byModel(METRIC.coverageFrac, 'Minimum')),
  );
  dashboard.addWidgets(
    graph('Cost of a run (US$)', byModel(METRIC.costPerRunUsd, 'Average')),
    graph('Judge latency, 95th percentile (ms)', byModel(METRIC.judgeLatencyP95, 'Maximum')),
    graph(
      'Executions',
      states('ExecutionsSucceeded'),
      states('ExecutionsFailed'),
      states('ExecutionsTimedOut'),
      states('ExecutionsAborted'),
    ),
  );
  dashboard.addWidgets(
    graph('Function errors', lambda('Errors')),
    graph('Function throttles', lambda('Throttles')),
    graph('Execution time (ms)', states('ExecutionTime').with({ statistic: 'Maximum' })),
  );
}
