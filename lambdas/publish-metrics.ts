import { createEmfStdout } from '../adapters/aws/emf-stdout.ts';
import { createPublishMetrics } from '../core/tasks/publish-metrics.ts';
import type { PlanPointers } from '../schemas/task-io.ts';
import { clock, store, versions } from './compose.ts';

const publishMetrics = createPublishMetrics({ store, clock, versions, metrics: createEmfStdout() });

/** State 7. */
export const handler = (input: PlanPointers) => publishMetrics(input);
