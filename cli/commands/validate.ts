import { manifestContent } from '../../core/manifest/build-manifest.ts';
import { parseConfig, type ParsedConfig } from '../../core/manifest/parse-config.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { folderConfig } from '../host/folder-config.ts';

/** `validate`: every file of config/ against its schema, every profile against the files it names. */
export async function validateCommand(context: Context): Promise<number> {
  const config = parseConfig(await folderConfig(context.configFolder).files());
  const problems = profileProblems(config);
  if (problems.length > 0)
    throw new CliError(
      'config',
      problems.slice(0, 40).join('\n'),
      `${problems.length} problem${problems.length === 1 ? '' : 's'}`,
    );
  const report = {
    files: [...config.files.values()].map((file) => `config/${file.path}`),
    profiles: [...config.profiles.keys()],
    models: [...config.models.values()].flatMap((registry) => registry.models.map((model) => model.model_id)),
    seeds: [...config.seeds.values()].flatMap((seeds) => seeds.map((seed) => seed.seed_id)),
  };
  context.out(
    context.json
      ? `${JSON.stringify(report)}\n`
      : `${report.files.length} files are valid\nprofiles: ${report.profiles.join(', ')}\nmodels:   ${report.models.join(', ')}\nseeds:    ${report.seeds.join(', ')}\n`,
  );
  return EXIT.ok;
}

function profileProblems(config: ParsedConfig): string[] {
  return [...config.profiles].flatMap(([name, { stem }]) => {
    try {
      manifestContent(config, name, {});
      return [];
    } catch (error) {
      return [`config/profiles/${stem}.json: profiles.${name}: ${(error as Error).message}`];
    }
  });
}
