import { SNSClient } from '@aws-sdk/client-sns';
import { required } from '../adapters/aws/aws-lake.ts';
import { clientConfig } from '../adapters/aws/client-config.ts';
import { createSnsAlerts } from '../adapters/aws/sns-alerts.ts';
import { createCheckAlerts } from '../core/tasks/check-alerts.ts';
import { ENV } from '../schemas/names.ts';
import type { PlanPointers } from '../schemas/task-io.ts';
import { environment, measure, retry, store } from './compose.ts';

const client = new SNSClient(clientConfig());
const topicArn = required(environment, ENV.alertTopicArn);
const checkAlerts = createCheckAlerts({
  store,
  measure,
  alerts: createSnsAlerts({ client, topicArn, retry }),
  site_url: environment[ENV.siteUrl] ?? null,
});

/** State 6. */
export const handler = (input: PlanPointers) => checkAlerts(input);
