import { openAwsIndex } from '../adapters/aws/aws-lake.ts';
import { toProxyHandler } from '../api/api-gateway.ts';
import { createApi } from '../api/create-api.ts';
import { ENV } from '../schemas/names.ts';
import { clock, config, environment, retry, store, telemetry, versions } from './compose.ts';
import { startOn } from './start-on.ts';

const index = openAwsIndex(environment, store, retry);
const log = (message: string) => telemetry.log('warn', message);
/** The function that reads has no machine to start, and no right to. */
const machine = environment[ENV.stateMachineArn];
const start = machine === undefined ? null : startOn(machine);
const version = versions['socratic-bench']!;
const off = { evaluator: null, labelling: null };

/** What API Gateway calls: once as the function that reads, once as the one that starts executions. */
export const handler = toProxyHandler(
  createApi({ store, index, config, clock, start, version, log, ...off }),
);
