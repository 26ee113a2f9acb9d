import { z } from 'zod';
import { executionIdSchema } from './common.ts';
import { ENV } from './names.ts';

/** Environment of a runner or judge container, as the state machine's overrides set it (strings only). */
export const taskEnvironmentSchema = z.object({
  [ENV.manifestKey]: z.string().min(1),
  [ENV.executionId]: executionIdSchema,
  [ENV.runId]: z.string().min(1),
  [ENV.plannedRun]: z.string().min(2),
});
