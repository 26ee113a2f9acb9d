#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { contextOf, PROGRESS_MODES, type GlobalOptions } from './context.ts';
import { reportFailure } from './failure.ts';
import { addMeasureCommands } from './program/measure-commands.ts';
import { addReadCommands } from './program/read-commands.ts';
import { addRunCommands } from './program/run-commands.ts';
import { addToolCommands } from './program/tool-commands.ts';
import { packageVersion } from './host/package-root.ts';

/** The program: parsing only. Each command's work is loaded when it is called, so that `--help` loads no SDK and no DuckDB. */
function createProgram(exitWith: (code: number) => void): Command {
  const program = new Command('socratic-bench')
    .description(
      'Does a model keep asking, or does it start telling? Measures Socratic tutoring over long dialogues and under pressure.',
    )
    .version(packageVersion())
    .addOption(new Option('--lake <dir>', 'folder of the lake').env('SOCRATIC_LAKE'))
    .addOption(new Option('--config <dir>', 'folder laid over the shipped config/').env('SOCRATIC_CONFIG'))
    .option('--json', 'one JSON document on stdout; NDJSON for run')
    .option('-q, --quiet', 'no progress, no talk')
    .option('-v, --verbose', 'say more; stack traces on errors')
    .addOption(new Option('--progress <mode>', 'how progress is shown').choices(PROGRESS_MODES))
    .option('--no-color', 'no colours (NO_COLOR works too)')
    .option('-y, --yes', 'answer yes to questions')
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  const act: Act = (load) =>
    async function (this: Command, ...args: unknown[]) {
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
  const program = createProgram((code) => {
    process.exitCode = code;
  });
  // A reader that leaves early (head, less) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  program.parseAsync([...argv]).catch((error: unknown) => {
    if (error instanceof CommanderError && error.exitCode === 0) return;
    // Commander has already written its message for parse errors.
    process.exitCode =
      error instanceof CommanderError || error instanceof InvalidArgumentError
        ? 2
        : reportFailure(error, contextOf({}, process));
  });
}

main(process.argv);
