import type { Command } from 'commander';
import type { Act } from '../main.ts';
import { usd, whole } from './arguments.ts';

/** Commands that hold the measure against people, against itself and against what it claims to explain. */
export function addMeasureCommands(program: Command, act: Act): void {
  program
    .command('validity')
    .requiredOption('--data <folder>', 'labelled utterances in the common form, one .jsonl a set')
    .description('agreement with human labels, beside baselines and goals')
    .action(
      act(async () => {
        const { validityCommand } = await import('../commands/validity.ts');
        return (_args, options, context) => validityCommand(options, context);
      }),
    );
  program
    .command('factorial')
    .argument('[execution]', 'a week, an execution, or latest', 'latest')
    .description('is it length, pressure or the turns that costs half-life?')
    .action(
      act(async () => {
        const { factorialCommand } = await import('../commands/factorial.ts');
        return ([which], _options, context) => factorialCommand(which as string, context);
      }),
    );
  program
    .command('drift')
    .argument('[execution]', 'a week, an execution, or latest', 'latest')
    .description('half-life over thresholds, noise floor, recall, threads, templates, variants')
    .action(
      act(async () => {
        const { driftCommand } = await import('../commands/drift.ts');
        return ([which], _options, context) => driftCommand(which as string, context);
      }),
    );
  addGoldenCommands(program, act);
  addCanaryCommands(program, act);
}

function addGoldenCommands(program: Command, act: Act): void {
  const golden = program.command('golden').description('sets of labelled turns that judges are held against');
  golden
    .command('import')
    .argument('<folder>', 'public sets in the common form')
    .description('human labels as a golden set in the lake')
    .option('--as <name>', 'name of the set; default golden_set_public_v<next>')
    .option('--items <n>', 'items drawn, balanced over sources and findings (default 300)', whole)
    .action(
      act(async () => {
        const { goldenImportCommand } = await import('../commands/golden.ts');
        return ([folder], options, context) => goldenImportCommand(folder as string, options, context);
      }),
    );
  golden
    .command('build')
    .description('the next set from labels made here')
    .option('--override-note <reason>', "build although raters' α is below 0.67, and say why")
    .action(
      act(async () => {
        const { goldenBuildCommand } = await import('../commands/golden.ts');
        return (_args, options, context) => goldenBuildCommand(options, context);
      }),
    );
  golden
    .command('stats')
    .argument('[name]', "a set of the lake or of config/; default the default profile's")
    .description('what a set holds, and how far its raters agree')
    .action(
      act(async () => {
        const { goldenStatsCommand } = await import('../commands/golden.ts');
        return ([name], _options, context) => goldenStatsCommand(name as string | undefined, context);
      }),
    );
}

function addCanaryCommands(program: Command, act: Act): void {
  program
    .command('canary')
    .description('is the judge still the judge?')
    .command('run')
    .description('a judge reads a golden set now: agreement by criterion')
    .option('--judge <model>', "default the profile's primary judge")
    .option('--golden-set <name>', "default the default profile's")
    .option('--items <n>', 'the first n items', whole)
    .option('--repeats <n>', 'readings of the same input: how far the judge agrees with itself', whole)
    .option('--profile <name>', 'whose rubric and prompt the judge gets (default quick)')
    .option('--max-cost-usd <usd>', 'hard cap; a paid judge needs it, and --yes', usd)
    .action(
      act(async () => {
        const { canaryRunCommand } = await import('../commands/canary.ts');
        return (_args, options, context) => canaryRunCommand(options, context);
      }),
    );
}
