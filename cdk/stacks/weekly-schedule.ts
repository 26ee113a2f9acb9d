import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Deployment } from './bench-stack.ts';
import { deadLetterQueue } from './dead-letter-queue.ts';

/**
 * Monday 03:00 UTC, in UTC because a local time that a clock change skips is not run. The Scheduler delivers at least once;
 * the start function makes one execution of it. It tries for two hours, then leaves the delivery in the queue.
 */
export class WeeklySchedule extends Construct {
  readonly deadLetters: Queue;

  constructor(scope: Construct, { settings, names }: Deployment) {
    super(scope, 'Schedule');
    const { partition, account, region } = names.place;
    this.deadLetters = deadLetterQueue(this, 'DeadLetters');
    const role = new Role(this, 'Role', {
      roleName: `${names.schedule}-schedule`,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': account,
            'aws:SourceArn': `arn:${partition}:scheduler:${region}:${account}:schedule-group/default`,
          },
        },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({
        sid: 'Start',
        actions: ['lambda:InvokeFunction'],
        resources: [names.functionArn('start')],
      }),
    );
    role.addToPolicy(
      new PolicyStatement({
        sid: 'GiveUp',
        actions: ['sqs:SendMessage'],
        resources: [this.deadLetters.queueArn],
      }),
    );
    const schedule = new CfnSchedule(this, 'Monday', {
      name: names.schedule,
      description: 'Starts the weekly benchmark',
      scheduleExpression: 'cron(0 3 ? * MON *)',
      scheduleExpressionTimezone: 'UTC',
      state: settings.schedule ? 'ENABLED' : 'DISABLED',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: names.functionArn('start'),
        roleArn: role.roleArn,
        input: JSON.stringify({
          profile: settings.weeklyProfile,
          scheduled_at: '<aws.scheduler.scheduled-time>',
        }),
        retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 7200 },
        deadLetterConfig: { arn: this.deadLetters.queueArn },
      },
    });
    // The Scheduler checks at creation that it may use the role.
    schedule.node.addDependency(role);
  }
}
