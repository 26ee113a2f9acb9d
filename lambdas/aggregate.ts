import { openAwsIndex } from '../adapters/aws/aws-lake.ts';
import { createParquetEncoder } from '../adapters/parquet/parquet-encoder.ts';
import { createAggregate } from '../core/tasks/aggregate.ts';
import type { PlanPointers } from '../schemas/task-io.ts';
import { environment, measure, retry, store } from './compose.ts';

const aggregate = createAggregate({
  store,
  measure,
  index: openAwsIndex(environment, store, retry),
  tables: createParquetEncoder(),
});

/** State 5. */
export const handler = (input: PlanPointers) => aggregate(input);
