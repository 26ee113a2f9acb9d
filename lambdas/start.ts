import { SFNClient } from '@aws-sdk/client-sfn';
import { required } from '../adapters/aws/aws-lake.ts';
import { clientConfig } from '../adapters/aws/client-config.ts';
import { createStepFunctions } from '../adapters/aws/step-functions.ts';
import { createStartExecution } from '../core/tasks/start-execution.ts';
import { ENV } from '../schemas/names.ts';
import type { StartRequest } from '../schemas/task-io.ts';
import { config, environment, retry, store } from './compose.ts';

const client = new SFNClient(clientConfig());
const stateMachineArn = required(environment, ENV.stateMachineArn);
const executions = createStepFunctions({ client, stateMachineArn, retry });
const startExecution = createStartExecution({ store, config, executions });

/** What EventBridge Scheduler calls with `{profile, scheduled_at: <aws.scheduler.scheduled-time>}`. */
export const handler = (request: StartRequest) => startExecution(request);
