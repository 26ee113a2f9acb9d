import { required } from '../adapters/aws/aws-lake.ts';
import { ENV } from '../schemas/names.ts';
import type { StartRequest } from '../schemas/task-io.ts';
import { environment } from './compose.ts';
import { startOn } from './start-on.ts';

const startExecution = startOn(required(environment, ENV.stateMachineArn));

/** What EventBridge Scheduler calls with `{profile, scheduled_at: <aws.scheduler.scheduled-time>}`. */
export const handler = (request: StartRequest) => startExecution(request);
