import { SFNClient } from '@aws-sdk/client-sfn';
import { clientConfig } from '../adapters/aws/client-config.ts';
import { createStepFunctions } from '../adapters/aws/step-functions.ts';
import { createStartExecution } from '../core/tasks/start-execution.ts';
import { config, retry, store } from './compose.ts';

/** Starts executions of a deployed state machine. */
export function startOn(stateMachineArn: string) {
  const executions = createStepFunctions({ client: new SFNClient(clientConfig()), stateMachineArn, retry });
  return createStartExecution({ store, config, executions });
}
