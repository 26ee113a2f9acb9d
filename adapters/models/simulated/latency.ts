import type { Random } from '../../../core/identity/random.ts';
import { ModelError } from '../../../core/model-error.ts';
import type { Clock } from '../../../core/ports.ts';

/** One lognormal latency, whole milliseconds (Box and Muller 1958). Takes two numbers of `random`. */
export function drawLatencyMs({ median, sigma }: { median: number; sigma: number }, random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  const normal = radius * Math.cos(2 * Math.PI * random());
  return Math.round(median * Math.exp(sigma * normal));
}

/** Takes that long on the clock, where there is one; else only asks whether the call was called off. */
export async function spend(ms: number, clock: Clock | null, signal: AbortSignal | undefined): Promise<void> {
  try {
    signal?.throwIfAborted();
    if (clock !== null) await clock.sleep(ms, signal);
  } catch (error) {
    throw new ModelError('aborted', 'the call was called off', { cause: error });
  }
}
