import { heuristicsModelSchema } from '../../schemas/heuristics-model.ts';
import { calibrationItemSchema } from '../../schemas/calibration-item.ts';
import { phraseBankSchema } from '../../schemas/phrase-bank.ts';
import { studentScriptSchema } from '../../schemas/student-script.ts';
import { awsPricesSchema } from '../../schemas/aws-prices.ts';
import { costAssumptionsSchema } from '../../schemas/cost-assumptions.ts';
import { manifestContent } from '../../core/manifest/build-manifest.ts';
import { describeIssues } from '../../core/manifest/describe-issues.ts';
import { parseConfig, type ParsedConfig } from '../../core/manifest/parse-config.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { folderConfig } from '../host/folder-config.ts';

type Schema = {
  safeParse: (value: unknown) => {
    success: boolean;
    error?: { issues: Parameters<typeof describeIssues>[2] };
  };
};

/** `validate`: every file of config/ against its schema, every profile against the files it names. */
export async function validateCommand(context: Context): Promise<number> {
  const config = parseConfig(await folderConfig(context.configFolder).files());
  const problems = [...ownedElsewhere(config), ...profileProblems(config)];
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

/** Files that parseConfig leaves to the modules that read them. */
function ownedElsewhere(config: ParsedConfig): string[] {
  return [...config.files.values()].flatMap((file) => {
    const where = `config/${file.path}`;
    if (file.kind === 'golden') {
      return file.text
        .split('\n')
        .flatMap((line, index) =>
          line === '' ? [] : check(`${where}:${index + 1}`, line, calibrationItemSchema),
        );
    }
    const schema: Schema | null =
      file.kind === 'heuristics'
        ? heuristicsModelSchema
        : file.kind === 'student'
          ? studentScriptSchema
          : file.kind === 'simulated'
            ? phraseBankSchema
            : file.kind === 'prices'
              ? file.stem.startsWith('aws')
                ? awsPricesSchema
                : costAssumptionsSchema
              : null;
    return schema === null ? [] : check(where, file.text, schema);
  });
}

function check(where: string, text: string, schema: Schema): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return [`${where}: (root): expected JSON, got ${(error as SyntaxError).message}`];
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : describeIssues(where, value, parsed.error!.issues);
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
