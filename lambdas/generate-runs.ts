import { openAwsIndex, openModelKeys } from '../adapters/aws/aws-lake.ts';
import { createModelsFor } from '../adapters/models/models-for.ts';
import { createGenerateRuns } from '../core/tasks/generate-runs.ts';
import type { Pointers } from '../schemas/task-io.ts';
import { environment, measure, retry, store, telemetry } from './compose.ts';

// While the container starts: one that cannot read its keys is replaced by Lambda at the next try.
const keys = await openModelKeys(environment, retry);
const generateRuns = createGenerateRuns({
  store,
  measure,
  index: openAwsIndex(environment, store, retry),
  models: createModelsFor({ ...retry, environment: { ...environment, ...keys }, telemetry }),
});

/** State 2. */
export const handler = (input: Pointers) => generateRuns(input);
