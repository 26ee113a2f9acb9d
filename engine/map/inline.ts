import { Interruption, linkedController } from '../interruption.ts';
import type { Json } from '../json.ts';
import { MAX_INLINE_CONCURRENCY } from '../limits.ts';
import { emit } from '../run.ts';
import { Scope } from '../scope.ts';
import { StateError } from '../state-error.ts';
import type { MapWork } from './map-work.ts';
import { concurrency, forEachLimited, ResultArray } from './map-work.ts';

/**
 * An INLINE Map: the iterations share the execution's history and read its variables.
 * @throws StateError the first failed iteration's own error; tolerated failures are a matter of DISTRIBUTED Maps
 */
export async function runInline({ state, visit, items, maxConcurrency, childInput }: MapWork): Promise<Json> {
  const { run } = visit;
  const total = items.length;
  const results = new ResultArray();
  const iterations = linkedController(visit.signal);
  let succeeded = 0;
  emit(run, { type: 'MapRunStarted', state: visit.name, total, mode: 'INLINE' });
  try {
    const limit = concurrency(maxConcurrency, MAX_INLINE_CONCURRENCY);
    await forEachLimited(total, limit, iterations.signal, async (index) => {
      const progress = () => ({ state: visit.name, index, succeeded, failed: 0, total });
      run.history.add(); // MapIterationStarted
      try {
        const input = await childInput(index);
        const scope = new Scope(visit.scope);
        results.set(
          index,
          await run.services.interpret(state.ItemProcessor, input, run, scope, iterations.signal),
        );
      } catch (error) {
        if (error instanceof StateError) {
          emit(run, {
            type: 'MapItemFailed',
            ...progress(),
            failed: 1,
            error: error.error,
            cause: error.reason,
          });
        }
        throw error;
      }
      run.history.add(); // MapIterationSucceeded
      succeeded += 1;
      emit(run, { type: 'MapItemSucceeded', ...progress() });
    });
    return results.finish(`The state/task '${visit.name}'`);
  } finally {
    iterations.abort(new Interruption('superseded', `The state '${visit.name}' is over`));
    iterations.release();
  }
}
