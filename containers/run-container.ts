import type { Stop } from '../core/ports.ts';
import type { RunDialoguePorts } from '../core/tasks/run-dialogue.ts';
import { ENV } from '../schemas/names.ts';
import { taskEnvironmentSchema } from '../schemas/task-environment.ts';
import type { WorkOutcome } from '../schemas/task-io.ts';
import { composePorts } from './compose.ts';
import { drainOnSignal } from './drain-on-signal.ts';
import { exitCodeOf } from './exit-code-of.ts';

/**
 * The main of a container: one work item from the environment, as the state machine's overrides set it, then the end of the
 * process.
 */
export async function runContainer(
  create: (ports: RunDialoguePorts) => (work: unknown, stop: Stop) => Promise<WorkOutcome>,
): Promise<void> {
  const stop = drainOnSignal();
  const code = await exitCodeOf(async () => {
    const environment = taskEnvironmentSchema.parse(process.env);
    const work: unknown = JSON.parse(environment[ENV.plannedRun]);
    return create(await composePorts(process.env))(work, stop);
  }, stop.drain);
  // Not process.exitCode: a socket left open must not keep a billed task alive. The write lets the log out first.
  process.stdout.write('', () => process.exit(code));
}
