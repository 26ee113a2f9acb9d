import { Option, type Command } from 'commander';
import type { Act } from '../main.ts';
import { targetOption, whole } from './arguments.ts';

/** Commands that look at a lake; `stop` alone does something, to an execution. */
export function addReadCommands(program: Command, act: Act): void {
  program
    .command('status')
    .argument('[execution]')
    .description('executions of the lake, or how far one is')
    .option('--follow', 'again until it ends')
    .addOption(targetOption())
    .action(
      act(async () => {
        const { statusCommand } = await import('../commands/status.ts');
        return ([execution], options, context) =>
          statusCommand(execution as string | undefined, options, context);
      }),
    );
  program
    .command('stop')
    .argument('<execution>', 'an execution id')
    .description('end an execution under way; run --resume goes on')
    .addOption(targetOption())
    .action(
      act(async () => {
        const { stopCommand } = await import('../commands/stop.ts');
        return ([execution], options, context) => stopCommand(execution as string, options, context);
      }),
    );
  program
    .command('results')
    .argument('[week]', 'a week, an execution, or latest', 'latest')
    .description('the table of an execution')
    .action(
      act(async () => {
        const { resultsCommand } = await import('../commands/results.ts');
        return ([which], _options, context) => resultsCommand(which as string, context);
      }),
    );
  program
    .command('show')
    .argument('<run_id>', 'a run, or the first or last characters of its id')
    .description('one dialogue, turn by turn')
    .option('--turn <n>', 'one turn with marks, evidence and cost', whole)
    .action(
      act(async () => {
        const { showCommand } = await import('../commands/show.ts');
        return ([run], options, context) => showCommand(run as string, options, context);
      }),
    );
  program
    .command('compare')
    .argument('<a>', 'earlier week or execution')
    .argument('<b>', 'later week or execution')
    .description('what changed, paired cell by cell')
    .option('--series <name>', "default: that of the later week's execution")
    .option('--allow-different-measure', 'compare though rubric, seeds, prompts or judges changed')
    .action(
      act(async () => {
        const { compareCommand } = await import('../commands/compare.ts');
        return ([a, b], options, context) => compareCommand(a as string, b as string, options, context);
      }),
    );
  program
    .command('cost')
    .argument('[week]', 'a week, an execution, or latest', 'latest')
    .description('the ledger: predicted against billed')
    .action(
      act(async () => {
        const { costCommand } = await import('../commands/cost.ts');
        return ([which], _options, context) => costCommand(which as string, context);
      }),
    );
  program
    .command('alerts')
    .argument('[week]', 'a week, an execution, or latest', 'latest')
    .description('what fires, is muted, is resolved')
    .action(
      act(async () => {
        const { alertsCommand } = await import('../commands/alerts.ts');
        return ([which], _options, context) => alertsCommand(which as string, context);
      }),
    );
  program
    .command('digest')
    .argument('[week]', 'a week, an execution, or latest', 'latest')
    .description('the weekly message')
    .addOption(new Option('--format <format>', 'default text').choices(['text', 'slack', 'json']))
    .action(
      act(async () => {
        const { digestCommand } = await import('../commands/digest.ts');
        return ([which], options, context) => digestCommand(which as string, options, context);
      }),
    );
  program
    .command('query')
    .argument('[sql]')
    .description('SQL over the lake, read-only')
    .option('--name <query>', 'a saved query, e.g. 01_half_life_trend')
    .option('--list', 'the saved queries')
    .addOption(targetOption())
    .action(
      act(async () => {
        const { queryCommand } = await import('../commands/query.ts');
        return ([sql], options, context) => queryCommand(sql as string | undefined, options, context);
      }),
    );
  program
    .command('export')
    .description('a table, a saved query or SQL as a file')
    .addOption(
      new Option('--format <format>', 'kind of file')
        .choices(['csv', 'parquet', 'arrow', 'jsonl'])
        .default('csv'),
    )
    .option('--table <name>', 'default weekly_summary')
    .option('--name <query>', 'a saved query')
    .option('--sql <sql>', 'a SELECT of your own')
    .option('--out <file>', 'default exports/ of the lake; - is stdout')
    .action(
      act(async () => {
        const { exportCommand } = await import('../commands/export.ts');
        return (_args, options, context) => exportCommand(options, context);
      }),
    );
  program
    .command('verify')
    .argument('[week]', 'a week, an execution, or latest', 'latest')
    .description('every sealed byte and every turn against its hash')
    .action(
      act(async () => {
        const { verifyCommand } = await import('../commands/verify.ts');
        return ([which], _options, context) => verifyCommand(which as string, context);
      }),
    );
}
