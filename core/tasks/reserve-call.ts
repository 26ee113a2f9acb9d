import type { ModelConfig } from '../../schemas/model-config.ts';
import type { Budget, Clock } from '../ports.ts';

/** Milliseconds between looks: calls in flight settle at a fraction of what they reserved, and that makes room. */
const WAITS_MS: readonly number[] = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
/** Calls of simulated models take no time. */
const SIMULATED_WAITS_MS: readonly number[] = [5, 20, 80];

/**
 * Reserves the worst case of one call. Near the cap the reservations of other workers may leave no room for a moment: then
 * it looks again, for a minute (about what a long call takes). Null when there is none left.
 */
export async function reserveCall(
  ports: { budget: Budget; clock: Clock },
  execution_id: string,
  model: ModelConfig,
  usd: number,
  abort: AbortSignal,
): Promise<{ reservation_id: string } | null> {
  const waits = model.provider === 'simulated' ? SIMULATED_WAITS_MS : WAITS_MS;
  let reservation = await ports.budget.reserve(execution_id, model.model_id, usd);
  for (const wait of waits) {
    if (reservation !== null) return reservation;
    await ports.clock.sleep(wait, abort);
    reservation = await ports.budget.reserve(execution_id, model.model_id, usd);
  }
  return reservation;
}
