import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SnsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { BenchStack, type Deployment } from './bench-stack.ts';
import { HostFunction } from './host-function.ts';

/** Where alarms, CheckAlerts and the cost watchers speak: one topic, to e-mail and Slack as the settings say. */
export class NotificationStack extends BenchStack {
  constructor(scope: Construct, deployment: Deployment) {
    const { settings, names, root } = deployment;
    super(scope, 'Notification', deployment, { env: { region: settings.region } });

    const topic = new Topic(this, 'Alerts', { topicName: names.topic, enforceSSL: true });
    // These services publish under their own names; CheckAlerts publishes by its role's policy.
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ServicesPublish',
        effect: Effect.ALLOW,
        principals: ['cloudwatch', 'budgets', 'costalerts'].map(
          (service) => new ServicePrincipal(`${service}.amazonaws.com`),
        ),
        actions: ['sns:Publish'],
        resources: [names.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': names.place.account } },
      }),
    );
    if (settings.alertEmail !== null) topic.addSubscription(new EmailSubscription(settings.alertEmail));
    if (settings.slackWebhookParameter !== null) {
      const { partition, region, account } = names.place;
      const slack = new HostFunction(this, 'Slack', deployment, {
        name: 'slack',
        codeDir: join(root, 'cdk', 'slack'),
        timeout: Duration.seconds(30),
        memoryMb: 128,
        environment: { SLACK_WEBHOOK_PARAMETER: settings.slackWebhookParameter },
        statements: [
          new PolicyStatement({
            sid: 'ReadWebhook',
            actions: ['ssm:GetParameter'],
            resources: [
              `arn:${partition}:ssm:${region}:${account}:parameter${settings.slackWebhookParameter}`,
            ],
          }),
        ],
      });
      slack.function.addEventSource(new SnsEventSource(topic));
    }
  }
}
