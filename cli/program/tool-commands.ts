import type { Command } from 'commander';
import type { GlobalOptions } from '../context.ts';
import type { Act } from '../main.ts';
import { targetOption } from './arguments.ts';
import { addSiteCommands } from './site-commands.ts';

/** Commands about dialogues made elsewhere, configuration, this machine and pages. */
export function addToolCommands(program: Command, act: Act): void {
  addSiteCommands(program, act);
  program
    .command('score')
    .argument(
      '<transcripts>',
      'JSON lines or one JSON list of {"dialogue_id", "messages": [{"role": "user|student" or "assistant|tutor|teacher", "content" or "text"}]}; - is stdin',
    )
    .description('score dialogues made elsewhere; no model needed')
    .option('--out <file>', 'every turn as JSON lines, into a file that does not exist yet')
    .action(
      act(async () => {
        const { scoreCommand } = await import('../commands/score.ts');
        return ([file], options, context) => scoreCommand(file as string, options, context);
      }),
    );
  program
    .command('validate')
    .description('check every file of config/')
    .action(
      act(async () => {
        const { validateCommand } = await import('../commands/validate.ts');
        return (_args, _options, context) => validateCommand(context);
      }),
    );
  const manifest = program.command('manifest').description('what an execution depends on, content-addressed');
  manifest
    .command('build')
    .description('publish artefacts and manifest without running anything')
    .option('--profile <name>', 'default quick')
    .option('--week <week>', 'ISO week; decides the date in the id')
    .action(
      act(async () => {
        const { manifestBuildCommand } = await import('../commands/manifest.ts');
        return (_args, options, context) => manifestBuildCommand(options, context);
      }),
    );
  manifest
    .command('show')
    .argument('[which]', 'a manifest, execution or week', 'latest')
    .description('what a manifest pins, and the hash of each')
    .action(
      act(async () => {
        const { manifestShowCommand } = await import('../commands/manifest.ts');
        return ([which], _options, context) => manifestShowCommand(which as string, context);
      }),
    );
  manifest
    .command('diff')
    .description('what differs between two manifests, path by path')
    .argument('<a>')
    .argument('<b>')
    .action(
      act(async () => {
        const { manifestDiffCommand } = await import('../commands/manifest.ts');
        return ([a, b], _options, context) => manifestDiffCommand(a as string, b as string, context);
      }),
    );
  program
    .command('reindex')
    .description('rebuild what is derived from the lake')
    .addOption(targetOption())
    .action(
      act(async () => {
        const { reindexCommand } = await import('../commands/reindex.ts');
        return (_args, options, context) => reindexCommand(options, context);
      }),
    );
  program
    .command('doctor')
    .description('look at everything a run needs; changes nothing')
    .option('--online', 'call each model once, one token')
    .addOption(targetOption())
    .option('--profile <name>', 'with --target aws: whose models are looked at (default weekly-bedrock)')
    .action(
      act(async () => {
        const { doctorCommand } = await import('../commands/doctor.ts');
        return (_args, options, context) => doctorCommand(options, program.opts<GlobalOptions>(), context);
      }),
    );
  program
    .command('init')
    .argument('[dir]', 'folder to write', 'socratic-config')
    .description('a starter config folder: a model of your own and a profile')
    .action(
      act(async () => {
        const { initCommand } = await import('../commands/init.ts');
        return ([folder], _options, context) => initCommand(folder as string, context);
      }),
    );
}
