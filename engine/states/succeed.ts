import type { SucceedState } from '../definition.ts';
import { conclude } from '../evaluate.ts';
import type { Outcome } from '../retry.ts';
import type { Visit } from '../run.ts';

/** Succeed: ends its own scope with success; inside a Map that is one iteration, not the machine. */
export async function runSucceed(state: SucceedState, visit: Visit): Promise<Outcome> {
  return { output: await conclude(visit, state, visit.input), next: undefined };
}
