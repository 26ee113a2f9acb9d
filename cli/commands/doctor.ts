import { access, constants, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { unknownName } from '../../core/manifest/closest-name.ts';
import { parseConfig } from '../../core/manifest/parse-config.ts';
import { awsPricesSchema } from '../../schemas/aws-prices.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context, GlobalOptions } from '../context.ts';
import { CliError } from '../failure.ts';
import type { Check } from '../host/aws-doctor-check.ts';
import { localModels } from '../host/embedded-host.ts';
import { isOnS3 } from '../host/aws-environment.ts';
import { folderConfig } from '../host/folder-config.ts';
import { packageRoot, packageVersion } from '../host/package-root.ts';

const NEEDED_NODE = [20, 19] as const;
const LOW_DISK_BYTES = 1e9;

interface DoctorOptions {
  online?: boolean;
  target?: 'local' | 'aws';
  profile?: string;
}

/**
 * `doctor [--online] [--target aws]`: looks at everything a run needs, changes nothing; each setting with the source that
 * won. For AWS: account, quotas, buckets, tables, machine, topic and models of a deployment.
 */
export async function doctorCommand(
  options: DoctorOptions,
  globals: GlobalOptions,
  context: Context,
): Promise<number> {
  const checks: Check[] = [
    nodeCheck(),
    { name: 'package', status: 'ok', detail: `socratic-bench ${packageVersion()} in ${packageRoot()}` },
    ...settings(globals, context),
  ];
  const config = await configCheck(context);
  checks.push(config.check);
  if (options.target === 'aws' || isOnS3(context.lake))
    checks.push(...(await deploymentChecks(options, context)));
  else
    checks.push(
      await lakeCheck(context.lake),
      await diskCheck(context.lake),
      ...keyChecks(config.models, context),
    );
  if (options.online === true) checks.push(...(await onlineChecks(config.models, context)));
  const failed = checks.filter((check) => check.status === 'fail').length;
  if (context.json) context.out(`${JSON.stringify({ checks, is_ready: failed === 0 })}\n`);
  else {
    const { green, yellow, red, dim } = context.colors;
    const mark = { ok: green('ok  '), warn: yellow('warn'), fail: red('fail') };
    for (const check of checks) {
      context.out(`${mark[check.status]} ${check.name.padEnd(18)} ${dim(check.detail)}\n`);
      if (check.mend !== undefined) context.out(`     ${''.padEnd(18)} mend: ${check.mend}\n`);
    }
    if (options.online !== true)
      context.out(dim('models were not called; --online looks at each with one 1-token call\n'));
  }
  return failed === 0 ? EXIT.ok : EXIT.failed;
}

/** The deployment that the lake names, with the models of a profile. */
async function deploymentChecks(
  { profile = 'weekly-bedrock' }: DoctorOptions,
  context: Context,
): Promise<Check[]> {
  const config = parseConfig(await folderConfig(context.configFolder).files());
  const found = config.profiles.get(profile)?.profile;
  if (found === undefined)
    throw new CliError('usage', unknownName('profile', profile, [...config.profiles.keys()]));
  const { judges, models, concurrency, artefacts } = found;
  const named = new Set([...models, judges.primary, judges.secondary]);
  const registry = config.models.get(artefacts.models)?.models ?? [];
  const prices = awsPricesSchema.parse(JSON.parse(config.files.get(`prices/${artefacts.aws_prices}`)!.text));
  const { awsChecks } = await import('../host/aws-doctor.ts');
  return awsChecks(
    {
      models: registry.filter((model) => model.provider === 'bedrock' && named.has(model.model_id)),
      concurrency: Math.max(concurrency.runs, concurrency.judges),
      vcpu: prices.usage.task_vcpu,
    },
    context,
  );
}

function nodeCheck(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isNew = major > NEEDED_NODE[0] || (major === NEEDED_NODE[0] && minor >= NEEDED_NODE[1]);
  return {
    name: 'node',
    status: isNew ? 'ok' : 'fail',
    detail: `${process.versions.node} (needs ${NEEDED_NODE.join('.')} or newer)`,
  };
}

/** Flag, environment, default: who won. */
function settings(globals: GlobalOptions, context: Context): Check[] {
  const sourceOf = (flag: 'lake' | 'config', variable: string) =>
    globals[flag] !== undefined
      ? `flag --${flag}`
      : (context.environment[variable] ?? '') === ''
        ? 'default'
        : `environment ${variable}`;
  return [
    { name: 'setting lake', status: 'ok', detail: `${context.lake} (${sourceOf('lake', 'SOCRATIC_LAKE')})` },
    {
      name: 'setting config',
      status: 'ok',
      detail: `${context.configFolder ?? 'shipped config only'} (${sourceOf('config', 'SOCRATIC_CONFIG')})`,
    },
  ];
}

async function configCheck(context: Context): Promise<{ check: Check; models: ModelConfig[] }> {
  try {
    const config = parseConfig(await folderConfig(context.configFolder).files());
    const models = [...config.models.values()].flatMap((registry) => registry.models);
    return {
      check: {
        name: 'config',
        status: 'ok',
        detail: `${config.files.size} files, ${config.profiles.size} profiles, ${models.length} models`,
      },
      models,
    };
  } catch (error) {
    return { check: { name: 'config', status: 'fail', detail: (error as Error).message }, models: [] };
  }
}

/** Can the lake be written, and link files (put-if-absent needs it)? Tried in a folder of its own, which is taken away. */
async function lakeCheck(lake: string): Promise<Check> {
  const name = 'lake';
  let folder = resolve(lake);
  while (!existsSync(folder)) folder = dirname(folder);
  if (!statSync(folder).isDirectory())
    return {
      name,
      status: 'fail',
      detail: `${folder}: expected a folder, got a file; name another with --lake`,
    };
  try {
    await access(folder, constants.W_OK);
    const probe = await mkdtemp(join(folder, '.doctor-'));
    try {
      await writeFile(join(probe, 'a'), 'a');
    } finally {
      await rm(probe, { recursive: true });
    }
    return {
      name,
      status: 'ok',
      detail:
        folder === resolve(lake) ? `${folder} is writable` : `${resolve(lake)} will be made in ${folder}`,
    };
  } catch (error) {
    return {
      name,
      status: 'fail',
      detail: `${folder}: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}; name a writable folder with --lake`,
    };
  }
}

async function diskCheck(lake: string): Promise<Check> {
  let folder = resolve(lake);
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  return {
    name: 'disk',
    status: free < LOW_DISK_BYTES ? 'warn' : 'ok',
    detail: `${(free / 1e9).toFixed(1)} GB free (a weekly run takes about 0.2 GB)`,
  };
}

function hasAwsCredentials(context: Context): boolean {
  return [
    'AWS_ACCESS_KEY_ID',
    'AWS_PROFILE',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
  ].some((name) => context.environment[name] !== undefined);
}

function keyChecks(models: readonly ModelConfig[], context: Context): Check[] {
  const names = new Set(models.map((model) => model.api_key_env).filter((name) => name !== undefined));
  const aws = models.some((model) => model.provider === 'bedrock');
  const hasAws = hasAwsCredentials(context);
  return [
    ...[...names].map((name): Check => ({
      name: `key ${name}`,
      status: context.environment[name] === undefined ? 'warn' : 'ok',
      detail: context.environment[name] === undefined ? 'not set; models that name it are skipped' : 'set',
    })),
    ...(aws
      ? [
          {
            name: 'key AWS',
            status: hasAws ? ('ok' as const) : ('warn' as const),
            detail: hasAws
              ? 'credentials in the environment'
              : 'no credentials in the environment; Bedrock models are skipped, and not called by --online',
          },
        ]
      : []),
  ];
}

async function onlineChecks(models: readonly ModelConfig[], context: Context): Promise<Check[]> {
  const hasAws = hasAwsCredentials(context);
  const config = parseConfig(await folderConfig(context.configFolder).files());
  const bank = [...config.files.values()].find((file) => file.kind === 'simulated');
  const open = localModels(context.environment, { turn: () => {}, waiting: () => {}, log: () => {} })({
    simulatedBank: bank?.text ?? '',
  });
  return Promise.all(
    models
      .filter((model) => model.provider !== 'simulated' && (hasAws || model.provider !== 'bedrock'))
      .map(async (model): Promise<Check> => {
        const answer = await open.open(model).probe();
        return {
          name: model.model_id,
          status: answer.usable && answer.usage !== null ? 'ok' : 'warn',
          detail: answer.usable
            ? answer.usage !== null
              ? 'answers'
              : `no answer from ${model.base_url ?? model.provider}: unreachable or busy; a run would keep asking`
            : `${answer.reason}: ${answer.detail}`,
        };
      }),
  );
}
