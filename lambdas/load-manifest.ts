import { openAwsBudget } from '../adapters/aws/aws-lake.ts';
import { createLoadManifest } from '../core/tasks/load-manifest.ts';
import type { LoadManifestInput } from '../schemas/task-io.ts';
import { config, environment, retry, store } from './compose.ts';

const loadManifest = createLoadManifest({ store, config, budget: openAwsBudget(environment, retry) });

/** State 1. */
export const handler = (input: LoadManifestInput) => loadManifest(input);
