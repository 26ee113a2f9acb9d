import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { CfnAnomalyMonitor, CfnAnomalySubscription } from 'aws-cdk-lib/aws-ce';
import type { Construct } from 'constructs';
import type { Deployment } from './bench-stack.ts';

/** An anomaly is told from this many dollars on; smaller ones are noise at $2 a week. */
const ANOMALY_USD = 5;
/** Weeks of a month, rounded up: Mondays of the longest one. */
const WEEKS_A_MONTH = 5;

/**
 * Who watches the account's bill, whatever caused it: a daily budget, since the week's run falls on one day; a monthly one
 * with a forecast; and Cost Anomaly Detection by service. Billing data is up to a day late: the hard cap is the budget of
 * the execution itself.
 */
export function watchCost(scope: Construct, { settings, names }: Deployment): void {
  const subscriber = { subscriptionType: 'SNS', address: names.topicArn };
  const budget = (id: string, timeUnit: 'DAILY' | 'MONTHLY', amount: number, types: readonly string[]) =>
    new CfnBudget(scope, id, {
      budget: {
        budgetName: `${names.base}-${timeUnit.toLowerCase()}`,
        budgetType: 'COST',
        timeUnit,
        budgetLimit: { amount, unit: 'USD' },
      },
      notificationsWithSubscribers: types.map((notificationType) => ({
        notification: {
          notificationType,
          comparisonOperator: 'GREATER_THAN',
          threshold: 100,
          thresholdType: 'PERCENTAGE',
        },
        subscribers: [subscriber],
      })),
    });
  budget('DailyBudget', 'DAILY', settings.weeklyCostAlarmUsd, ['ACTUAL']);
  budget('MonthlyBudget', 'MONTHLY', settings.weeklyCostAlarmUsd * WEEKS_A_MONTH, ['ACTUAL', 'FORECASTED']);

  if (settings.costAnomalyMonitor === 'off') return;
  const monitorArn =
    settings.costAnomalyMonitor === 'create'
      ? new CfnAnomalyMonitor(scope, 'AnomalyMonitor', {
          monitorName: names.base,
          monitorType: 'DIMENSIONAL',
          monitorDimension: 'SERVICE',
        }).attrMonitorArn
      : settings.costAnomalyMonitor;
  new CfnAnomalySubscription(scope, 'AnomalySubscription', {
    subscriptionName: names.base,
    frequency: 'IMMEDIATE',
    monitorArnList: [monitorArn],
    subscribers: [{ type: 'SNS', address: names.topicArn }],
    thresholdExpression: JSON.stringify({
      Dimensions: {
        Key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE',
        MatchOptions: ['GREATER_THAN_OR_EQUAL'],
        Values: [String(ANOMALY_USD)],
      },
    }),
  });
}
