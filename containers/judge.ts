import { createJudgeRun } from '../core/tasks/judge-run.ts';
import { judgeWorkSchema } from '../schemas/planned-run.ts';
import { runContainer } from './run-container.ts';

await runContainer((ports) => {
  const judgeRun = createJudgeRun(ports);
  return (work, stop) => judgeRun(judgeWorkSchema.parse(work), stop);
});
