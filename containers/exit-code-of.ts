import { CONTAINER_EXIT } from '../schemas/names.ts';
import type { WorkOutcome } from '../schemas/task-io.ts';

/**
 * Does the work and says with which code the container ends (CONTAINER_EXIT; 1 for a defect or a broken environment), and
 * why, as a last line of its log. Only name, message and hint of an error are printed: SDK errors hold request headers.
 */
export async function exitCodeOf(run: () => Promise<WorkOutcome>, drain: AbortSignal): Promise<number> {
  try {
    const outcome = await run();
    process.stdout.write(`${JSON.stringify({ event: 'ended', ...outcome })}\n`);
    return CONTAINER_EXIT.ended;
  } catch (error) {
    const { name, message, hint, isRetryable } = error as Error & { hint?: string; isRetryable?: boolean };
    process.stderr.write(
      `${JSON.stringify({ event: drain.aborted ? 'drained' : 'error', name, message, hint })}\n`,
    );
    if (drain.aborted) return CONTAINER_EXIT.drained;
    return isRetryable === true ? CONTAINER_EXIT.tryAgain : 1;
  }
}
