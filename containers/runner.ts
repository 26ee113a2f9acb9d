import { createRunDialogue } from '../core/tasks/run-dialogue.ts';
import { plannedRunSchema } from '../schemas/planned-run.ts';
import { runContainer } from './run-container.ts';

await runContainer((ports) => {
  const runDialogue = createRunDialogue(ports);
  return (work, stop) => runDialogue(plannedRunSchema.parse(work), stop);
});
