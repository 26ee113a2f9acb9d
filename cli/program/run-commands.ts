import { Option, type Command } from 'commander';
import { GATES, type Gate } from '../commands/gates.ts';
import { InvalidArgumentError } from 'commander';
import type { Act } from '../main.ts';
import { list, numbers, targetOption, usd, whole } from './arguments.ts';

/** `run` and `plan`: what starts or prices an execution. */
export function addRunCommands(program: Command, act: Act): void {
  const withSelectors = (command: Command) =>
    command
      .option(
        '--profile <name>',
        'what is measured: quick, mvp, weekly, weekly-bedrock, weekly-40usd, seed-25, factorial (default quick)',
      )
      .option('--models <ids>', "models instead of the profile's", list)
      .option('--phases <names>', "phases instead of the profile's, e.g. P0,P1", list)
      .option('--temps <values>', "temperatures instead of the profile's", numbers)
      .option('--seeds <ids>', "seeds instead of the profile's", list)
      .option('--turns <n>', 'cut every phase to so many turns', whole)
      .option('--repeats <n>', 'samples per cell', whole)
      .option('--week <week>', 'ISO week, e.g. 2026-W47; decides dt and ids');

  withSelectors(program.command('run'))
    .description('run the benchmark: seven states, on this machine or on AWS')
    .option('--concurrency <n>', 'dialogues at once', whole)
    .option('--max-cost-usd <usd>', 'hard cap on what the execution may spend', usd)
    .option('--resume [execution]', 'go on with an execution (default: the last unfinished)')
    .option('--retry-errors', 're-open rows that ended failed or censored by infrastructure or judge')
    .option('--new', 'start another execution, though this week has one')
    .addOption(targetOption())
    .addOption(
      new Option(
        '--isolation <kind>',
        'dialogues and judging in this process, or each in one of its own as on AWS (default inline)',
      ).choices(['inline', 'process']),
    )
    .option('--detach', 'with --target aws: do not wait')
    .option('--fail-on <gates>', `exit 3 when a gate is broken: ${GATES.join(', ')}`, gates)
    .action(
      act(async () => {
        const { runCommand } = await import('../commands/run.ts');
        return (_args, options, context) => runCommand(options, context);
      }),
    );
  withSelectors(program.command('plan'))
    .description('matrix, calls, tokens and dollars before anything is spent')
    .action(
      act(async () => {
        const { planCommand } = await import('../commands/plan.ts');
        return (_args, options, context) => planCommand(options, context);
      }),
    );
}

function gates(value: string): Gate[] {
  return list(value).map((name) => {
    const gate = GATES.find((candidate) => candidate === name);
    if (gate === undefined) throw new InvalidArgumentError(`expected ${GATES.join(', ')}.`);
    return gate;
  });
}
