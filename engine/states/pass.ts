import type { PassState } from '../definition.ts';
import { conclude } from '../evaluate.ts';
import type { Outcome } from '../retry.ts';
import type { Visit } from '../run.ts';

/** Pass: hands its input, or Output, to the next state. */
export async function runPass(state: PassState, visit: Visit): Promise<Outcome> {
  return { output: await conclude(visit, state, visit.input), next: state.Next };
}
