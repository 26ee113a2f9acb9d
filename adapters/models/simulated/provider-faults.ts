import { randomFrom } from '../../../core/identity/random.ts';
import { ModelError } from '../../../core/model-error.ts';
import type { CallIdentity } from '../../../core/ports.ts';

interface FaultRates {
  error_rate: number;
  throttle_rate: number;
}

/** Failing calls of so many runs are counted at once; a run is forgotten when its call comes through. */
const MAX_FAILING_RUNS = 10_000;

/**
 * Throws as a provider under strain does, at the rates stated. A draw per run, turn and try, so that the same run fails at
 * the same calls whatever runs beside it; a new process counts its tries from one again.
 */
export function createProviderFaults(model_id: string, rates: FaultRates): (call: CallIdentity) => void {
  const tries = new Map<string, number>();
  return (call) => {
    if (rates.error_rate === 0 && rates.throttle_rate === 0) return;
    const key = `${call.run_id}:${call.turn_index}:${call.ask}`;
    const attempt = (tries.get(key) ?? 0) + 1;
    const draw = randomFrom(`fault:${key}:${attempt}`)();
    if (draw >= rates.throttle_rate + rates.error_rate) {
      tries.delete(key);
      return;
    }
    tries.set(key, attempt);
    if (tries.size > MAX_FAILING_RUNS) tries.delete(tries.keys().next().value!);
    throw draw < rates.throttle_rate
      ? new ModelError('throttled', `${model_id}: simulated 429 at try ${attempt}`)
      : new ModelError('unavailable', `${model_id}: simulated 503 at try ${attempt}`);
  };
}
