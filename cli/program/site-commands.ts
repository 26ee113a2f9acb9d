import type { Command } from 'commander';
import type { Act } from '../main.ts';
import { whole } from './arguments.ts';

/** Commands that show a lake as pages. */
export function addSiteCommands(program: Command, act: Act): void {
  program
    .command('view')
    .description('the dashboard on 127.0.0.1, with evaluator and rating pages')
    .option('--port <n>', 'default 4747, or any free one', whole)
    .option('--host <address>', 'let others reach it, behind the token in SOCRATIC_VIEW_TOKEN')
    .option('--open', 'in the browser of this machine')
    .action(
      act(async () => {
        const { viewCommand } = await import('../commands/view.ts');
        return (_args, options, context) => viewCommand(options, context);
      }),
    );
  program
    .command('bundle')
    .description('dashboard and data as plain files, for any static server')
    .requiredOption('--out <dir>', 'an empty folder, or an earlier bundle')
    .action(
      act(async () => {
        const { bundleCommand } = await import('../commands/bundle.ts');
        return (_args, options, context) => bundleCommand(options, context);
      }),
    );
  program
    .command('publish')
    .description("the dashboard's pages into the site bucket; its data come out of the lake")
    .option('--bucket <name>', 'default: that of the deployment --lake s3://… belongs to')
    .action(
      act(async () => {
        const { publishCommand } = await import('../commands/publish.ts');
        return (_args, options, context) => publishCommand(options, context);
      }),
    );
}
