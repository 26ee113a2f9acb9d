import { Option, type Command } from 'commander';
import { LABEL_QUEUES } from '../../schemas/label.ts';
import { EVALUATION_MODES } from '../../schemas/evaluation.ts';
import type { Act } from '../main.ts';
import { usd, whole } from './arguments.ts';

/** Commands in which people take part: evaluating answers, labelling turns, the audit queue. */
export function addPeopleCommands(program: Command, act: Act): void {
  program
    .command('evaluate')
    .description(
      'answers to questions, scored against references; or tutor turns, as the weekly run scores them',
    )
    .option('--dataset <file>', '[{"id"?, "question", "answer", "rubric"?, "tags"?}] (env: DATA_PATH)')
    .option('--answers <file>', '[{"id", "answer"}] or {"<id>": "<answer>"}; without it you are asked')
    .addOption(
      new Option('--mode <mode>', 'what the answers are').choices(EVALUATION_MODES).default('answer'),
    )
    .option('--judge <model>', 'env: MASTER_MODEL_NAME; default the simulated judge')
    .option('--repeats <n>', 'readings of each answer, for the spread', whole)
    .option('--max-cost-usd <usd>', 'hard cap; a paid judge needs it, and --yes', usd)
    .option('--csv', 'every evaluation of the lake as CSV, instead of evaluating')
    .action(
      act(async () => {
        const { evaluateCommand } = await import('../commands/evaluate.ts');
        return (_args, options, context) => evaluateCommand(options, context);
      }),
    );
  program
    .command('label')
    .description('mark turns blind, 25 a session: in the browser, or here with --rater')
    .option('--rater <name>', 'label in this terminal under this name')
    .addOption(new Option('--queue <queue>', 'what is labelled').choices(LABEL_QUEUES).default('golden'))
    .option('--adjudicate', 'only turns on which raters differ by more than 1.5 points')
    .option('--stats', "agreement of the queue's raters, instead of labelling")
    .action(
      act(async () => {
        const { labelCommand } = await import('../commands/label.ts');
        return (_args, options, context) => labelCommand(options, context);
      }),
    );
  program
    .command('audit')
    .argument('[week]', 'an ISO week; default every week')
    .description('turns drawn for human eyes, and how many labels correct the means')
    .action(
      act(async () => {
        const { auditCommand } = await import('../commands/audit.ts');
        return ([week], _options, context) => auditCommand(week as string | undefined, context);
      }),
    );
}
