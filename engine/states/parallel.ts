import type { ParallelState } from '../definition.ts';
import { conclude, evaluate } from '../evaluate.ts';
import { Interruption, linkedController } from '../interruption.ts';
import { dataLimitExceeded, jsonBytes, MAX_PAYLOAD_BYTES } from '../limits.ts';
import type { Outcome } from '../retry.ts';
import { withErrorHandling } from '../retry.ts';
import type { Visit } from '../run.ts';
import { Scope } from '../scope.ts';

/** Parallel: runs all branches on the same input; the first that fails stops the others and fails the state. */
export async function runParallel(state: ParallelState, visit: Visit): Promise<Outcome> {
  return withErrorHandling(visit, state, async (retryCount) => {
    const input =
      state.Arguments === undefined
        ? visit.input
        : await evaluate(visit, state.Arguments, 'Arguments', { retryCount });
    const { run } = visit;
    run.history.add(); // ParallelStateStarted
    const branches = linkedController(visit.signal);
    try {
      const result = await Promise.all(
        state.Branches.map((branch) =>
          run.services.interpret(branch, input, run, new Scope(visit.scope), branches.signal),
        ),
      );
      if (jsonBytes(result) > MAX_PAYLOAD_BYTES) throw dataLimitExceeded(`The state/task '${visit.name}'`);
      run.history.add(); // ParallelStateSucceeded
      return { output: await conclude(visit, state, result, { result, retryCount }), next: state.Next };
    } finally {
      branches.abort(new Interruption('superseded', `The state '${visit.name}' is over`));
      branches.release();
    }
  });
}
