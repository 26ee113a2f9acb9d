import { Interruption, linkedController } from '../interruption.ts';
import type { Json } from '../json.ts';
import { MAX_DISTRIBUTED_CONCURRENCY } from '../limits.ts';
import { emit } from '../run.ts';
import { StateError } from '../state-error.ts';
import type { ChildEnd } from './child-execution.ts';
import { runChild, startMapRun } from './child-execution.ts';
import type { MapWork } from './map-work.ts';
import { concurrency, forEachLimited, ResultArray } from './map-work.ts';
import { ResultFiles } from './result-writer.ts';

/**
 * A DISTRIBUTED Map: every item is a child execution. Failed children are tolerated up to the thresholds; those beyond
 * it stop the rest.
 * @throws StateError `States.ExceedToleratedFailureThreshold`, `States.DataLimitExceeded`, `States.ResultWriterFailed`
 */
export async function runDistributed(work: MapWork): Promise<Json> {
  const { state, visit, items, maxConcurrency, childInput, retryCount } = work;
  const { run } = visit;
  const total = items.length;
  const mapRun = startMapRun(work);
  const files = state.ResultWriter && (await ResultFiles.open(state.ResultWriter, visit, mapRun, retryCount));
  const results = new ResultArray();
  const children = linkedController(visit.signal);
  const stop = () => children.abort(new Interruption('superseded', `The state '${visit.name}' is over`));
  let succeeded = 0;
  let failed = 0;
  run.history.add(); // MapRunStarted
  emit(run, { type: 'MapRunStarted', state: visit.name, total, mode: 'DISTRIBUTED' });

  const record = async (index: number, end: ChildEnd): Promise<void> => {
    if (files !== undefined) await files.add(end.record());
    else results.set(index, end.error === undefined ? end.output : { ...end.record() });
    if (end.error === undefined) succeeded += 1;
    else failed += 1;
    const progress = { state: visit.name, index, succeeded, failed, total };
    if (end.error === undefined) emit(run, { type: 'MapItemSucceeded', ...progress });
    else emit(run, { type: 'MapItemFailed', ...progress, error: end.error.error, cause: end.error.reason });
  };
  try {
    const limit = concurrency(maxConcurrency, MAX_DISTRIBUTED_CONCURRENCY);
    await forEachLimited(total, limit, children.signal, async (index) => {
      await record(index, await runChild(work, mapRun, await childInput(index), children.signal));
      if (isExceeded(work, failed)) {
        throw new StateError(
          'States.ExceedToleratedFailureThreshold',
          'The specified tolerated failure threshold was exceeded',
        );
      }
    });
  } catch (error) {
    // What did run is listed even when the Map fails, as on AWS: the list says what to run again.
    stop();
    if (error instanceof StateError && !error.fatal) await files?.finish();
    throw error;
  } finally {
    stop();
    children.release();
  }
  run.history.add(); // MapRunSucceeded
  return files === undefined ? results.finish(`The state/task '${visit.name}'`) : files.finish();
}

/** Without either field no failure is tolerated; with both, breaking one suffices; equal to the threshold is within it. */
function isExceeded({ toleratedCount, toleratedPercentage, items }: MapWork, failed: number): boolean {
  if (toleratedCount === undefined && toleratedPercentage === undefined) return failed > 0;
  if (toleratedCount !== undefined && failed > toleratedCount) return true;
  return toleratedPercentage !== undefined && failed * 100 > toleratedPercentage * items.length;
}
