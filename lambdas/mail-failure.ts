import { SNSClient } from '@aws-sdk/client-sns';
import { openAwsBudget, required } from '../adapters/aws/aws-lake.ts';
import { clientConfig } from '../adapters/aws/client-config.ts';
import { createSnsAlerts } from '../adapters/aws/sns-alerts.ts';
import { createMailFailure } from '../core/tasks/mail-failure.ts';
import type { ExecutionEvent } from '../schemas/execution-event.ts';
import { ENV } from '../schemas/names.ts';
import { environment, retry, store } from './compose.ts';

const client = new SNSClient(clientConfig());
const topicArn = required(environment, ENV.alertTopicArn);
const mailFailure = createMailFailure({
  store,
  budget: openAwsBudget(environment, retry),
  alerts: createSnsAlerts({ client, topicArn, retry }),
  lake_url: required(environment, ENV.lake),
});

/** What EventBridge calls when an execution ends without success. */
export const handler = (event: ExecutionEvent) => mailFailure(event);
