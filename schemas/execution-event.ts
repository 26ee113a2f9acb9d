import { z } from 'zod';

/**
 * What EventBridge says when an execution of the state machine ends: as much as the failure mail needs of it.
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export const executionEventSchema = z.object({
  detail: z.object({
    executionArn: z.string(),
    name: z.string(),
    status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE']),
    startDate: z.number().describe('milliseconds since 1970'),
    input: z.string().nullish().describe('JSON; null where it was too large to carry'),
    error: z.string().nullish(),
    cause: z.string().nullish(),
  }),
});
export type ExecutionEvent = z.infer<typeof executionEventSchema>;
