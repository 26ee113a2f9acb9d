import { openAwsIndex } from '../adapters/aws/aws-lake.ts';
import { createModelsFor } from '../adapters/models/models-for.ts';
import { createGenerateRuns } from '../core/tasks/generate-runs.ts';
import type { Pointers } from '../schemas/task-io.ts';
import { clock, environment, measure, retry, store, telemetry } from './compose.ts';

const generateRuns = createGenerateRuns({
  store,
  measure,
  index: openAwsIndex(environment, store, retry),
  models: createModelsFor({ environment, clock, random: Math.random, telemetry }),
});

/** State 2. */
export const handler = (input: Pointers) => generateRuns(input);
