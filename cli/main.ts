#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { contextOf, PROGRESS_MODES, type GlobalOptions } from './context.ts';
import { reportFailure } from './failure.ts';
import { addMeasureCommands } from './program/measure-commands.ts';
import { addPeopleCommands } from './program/people-commands.ts';
import { addReadCommands } from './program/read-commands.ts';
import { addRunCommands } from './program/run-commands.ts';
import { addToolCommands } from './program/tool-commands.ts';
import { packageVersion } from './host/package-root.ts';

let isRunning = false;

/** The program: parsing only. Each command's work is loaded when it is called, so that `--help` loads no SDK and no DuckDB. */
function createProgram(exitWith: (code: number) => void): Command {
  const program = new Command('socratic-bench')
    .description(
      'Does a model keep asking, or does it start telling? Measures Socratic tutoring over long dialogues and under pressure.',
    )
    .version(packageVersion())
    .option('--lake <dir>', 'folder of the lake (env: SOCRATIC_LAKE; default: lake)')
    .option('--config <dir>', 'folder laid over the shipped config/ (env: SOCRATIC_CONFIG)')
    .option('--json', 'one JSON document on stdout; NDJSON for run')
    .option('-q, --quiet', 'no progress, no talk')
    .option('-v, --verbose', 'say more; stack traces on errors')
    .addOption(new Option('--progress <mode>', 'how progress is shown').choices(PROGRESS_MODES))
    .option('--no-color', 'no colours (NO_COLOR works too)')
    .option('-y, --yes', 'answer yes to questions')
    .showSuggestionAfterError()
    // Parse errors go the way of all errors: as text or, with --json, as the JSON form.
    .configureOutput({ outputError: () => {} })
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  const act: Act = (load) =>
    async function (this: Command, ...args: unknown[]) {
      isRunning = this.name() === 'run';
      const context = contextOf(this.optsWithGlobals<GlobalOptions>(), process);
      try {
        const command = await load();
        exitWith(await command(args.slice(0, -2), this.opts(), context));
      } catch (error) {
        exitWith(reportFailure(error, context));
      }
    };
  addRunCommands(program, act);
  addReadCommands(program, act);
  addToolCommands(program, act);
  addMeasureCommands(program, act);
  addPeopleCommands(program, act);
  return program;
}

/** A command's work: positional arguments, its own options, the context; gives the exit code. */
export type CommandWork = (
  args: unknown[],
  options: never,
  context: ReturnType<typeof contextOf>,
) => Promise<number>;
export type Act = (load: () => Promise<CommandWork>) => (this: Command, ...args: unknown[]) => Promise<void>;

export function main(argv: readonly string[]): void {
  // Node 20 is supported here; the SDK says on stderr that its own next year is not.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const program = createProgram((code) => {
    process.exitCode = code;
  });
  // A reader that leaves early (head, less) is no error, and no reason to leave an execution half done.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (!isRunning) process.exit(0);
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  program.parseAsync([...argv]).catch((error: unknown) => {
    if (error instanceof CommanderError && error.exitCode === 0) return;
    // Called without a command: the help that commander printed is the message.
    if (error instanceof CommanderError && error.code === 'commander.help') process.exitCode = 2;
    else
      process.exitCode = reportFailure(
        error,
        contextOf({ json: argv.includes('--json'), color: !argv.includes('--no-color') }, process),
      );
  });
}

main(process.argv);
