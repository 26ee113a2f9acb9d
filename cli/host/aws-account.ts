import { SFNClient } from '@aws-sdk/client-sfn';
import {
  openAwsBudget,
  openAwsIndex,
  openAwsStore,
  openTables,
  required,
  type Environment,
} from '../../adapters/aws/aws-lake.ts';
import { clientConfig } from '../../adapters/aws/client-config.ts';
import { createStepFunctions, type StepFunctions } from '../../adapters/aws/step-functions.ts';
import { createSystemClock } from '../../adapters/local/system-clock.ts';
import type { Budget, ObjectStore } from '../../core/ports.ts';
import { ENV } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { awsEnvironment } from './aws-environment.ts';

/** Retries of AWS calls from this machine. */
export const awsRetry = { clock: createSystemClock(), random: Math.random };

/** The deployment that a lake on S3 belongs to. Opens no connection. Throws a usage error for a lake that is a folder. */
export interface AwsAccount {
  environment: Environment;
  store: ObjectStore;
  /** Throws InvalidConfig when no machine is known: a bucket of another name, and SOCRATIC_STATE_MACHINE_ARN not set. */
  machine(): StepFunctions;
}

/** Loaded only for --target aws and lakes on S3: it brings the SDKs. */
export function openAwsAccount(context: Pick<Context, 'lake' | 'environment'>): AwsAccount {
  const environment = awsEnvironment(context);
  return {
    environment,
    store: openAwsStore(environment, awsRetry),
    machine: () =>
      createStepFunctions({
        client: new SFNClient(clientConfig(environment)),
        stateMachineArn: required(environment, ENV.stateMachineArn),
        retry: awsRetry,
      }),
  };
}

/** The tables of a deployment and the run index in them. */
export function openAwsTables({ environment, store }: AwsAccount) {
  return { tables: openTables(environment, awsRetry), index: openAwsIndex(environment, store, awsRetry) };
}

/** What executions of a deployment have spent. */
export function openAwsSpend({ environment }: AwsAccount): Pick<Budget, 'committed'> {
  return openAwsBudget(environment, awsRetry);
}
