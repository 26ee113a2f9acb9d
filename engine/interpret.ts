import type { Block, State } from './definition.ts';
import type { Json } from './json.ts';
import type { Outcome } from './retry.ts';
import type { Run, Visit } from './run.ts';
import { emit, isoTime } from './run.ts';
import type { Scope } from './scope.ts';
import { runChoice } from './states/choice.ts';
import { runFail } from './states/fail.ts';
import { runMap } from './states/map.ts';
import { runParallel } from './states/parallel.ts';
import { runPass } from './states/pass.ts';
import { runSucceed } from './states/succeed.ts';
import { runTask } from './states/task.ts';
import { runWait } from './states/wait.ts';

/**
 * Runs the states of one scope from StartAt until one ends it.
 * @throws StateError when a state fails and nothing in the scope catches it; the signal's reason when interrupted
 */
export async function interpret(
  block: Block,
  input: Json,
  run: Run,
  scope: Scope,
  signal: AbortSignal,
): Promise<Json> {
  let name = block.StartAt;
  let data = input;
  for (;;) {
    signal.throwIfAborted();
    const state = block.States[name] as State; // the check has followed every Next
    const visit = enter(name, state, data, run, scope, signal);
    const { output, next } = await runState(state, visit);
    run.history.add(); // StateExited
    emit(run, { type: 'StateExited', state: name, stateType: state.Type });
    if (next === undefined) return output;
    name = next;
    data = output;
  }
}

function enter(name: string, state: State, input: Json, run: Run, scope: Scope, signal: AbortSignal): Visit {
  const enteredEvent = run.history.add();
  emit(run, { type: 'StateEntered', state: name, stateType: state.Type });
  const enteredTime = isoTime(run.services.clock.now());
  return {
    run,
    scope,
    variables: scope.snapshot(),
    name,
    type: state.Type,
    input,
    enteredEvent,
    enteredTime,
    signal,
  };
}

function runState(state: State, visit: Visit): Promise<Outcome> {
  switch (state.Type) {
    case 'Pass':
      return runPass(state, visit);
    case 'Task':
      return runTask(state, visit);
    case 'Choice':
      return runChoice(state, visit);
    case 'Wait':
      return runWait(state, visit);
    case 'Succeed':
      return runSucceed(state, visit);
    case 'Fail':
      return runFail(state, visit);
    case 'Parallel':
      return runParallel(state, visit);
    case 'Map':
      return runMap(state, visit);
  }
}
