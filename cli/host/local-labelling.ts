import { createSystemClock } from '../../adapters/local/system-clock.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { createLabelling, type Labelling } from '../../core/tasks/labelling.ts';
import { createMeasureLoader } from '../../core/tasks/measure.ts';
import { CliError } from '../failure.ts';
import { findExecution } from './local-lake.ts';
import { readScorer } from './read-scorer.ts';

/** Labelling over a lake of this machine; golden candidates are drawn from its newest official execution. */
export async function localLabelling(
  store: ObjectStore,
  configFolder: string | undefined,
): Promise<Labelling> {
  const { rubric } = await readScorer(configFolder);
  return createLabelling({
    store,
    rubric,
    clock: createSystemClock(),
    measure: createMeasureLoader(store),
    source: async () => {
      try {
        const { plan_key, series, measure_sha256 } = await findExecution(store, 'latest');
        return plan_key === null || measure_sha256 === null ? null : { plan_key, series, measure_sha256 };
      } catch (error) {
        // A lake without an execution has no turns to draw, and is no failure.
        if (error instanceof CliError && error.kind === 'usage') return null;
        throw error;
      }
    },
  });
}
