import { readFileSync } from 'node:fs';
import { parseDataset } from '../../core/evaluator/parse-dataset.ts';
import { describeIssues } from '../../core/manifest/describe-issues.ts';
import { parseConfig, type ParsedConfig } from '../../core/manifest/parse-config.ts';
import type { ObjectStore } from '../../core/ports.ts';
import type { EvaluatorSettings } from '../../core/tasks/evaluator-ports.ts';
import { composeManifest } from '../../core/tasks/load-manifest.ts';
import { buildMeasure, type Measure } from '../../core/tasks/measure.ts';
import {
  evaluatorConfigSchema,
  type EvaluatorConfig,
  type Question,
} from '../../schemas/evaluator-config.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';
import { SEED_ENV } from '../../schemas/names.ts';
import { DEFAULT_PROFILE } from '../commands/select.ts';
import { CliError } from '../failure.ts';
import { folderConfig } from './folder-config.ts';
import { paidModels } from './paid-models.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface EvaluatorChoice {
  /** A model of the registry, or its provider's name; default MASTER_MODEL_NAME, then the profile's simulated judge. */
  judge?: string | undefined;
  dataset?: string | undefined;
  maxCostUsd?: number | undefined;
}

/** What the evaluator works by: config/evaluator, the flags, and seed 4's environment names. Throws usage and config errors. */
export async function evaluatorSettings(
  store: ObjectStore,
  configFolder: string | undefined,
  environment: Environment,
  choice: EvaluatorChoice,
): Promise<{ settings: EvaluatorSettings; measure: Measure }> {
  const files = await folderConfig(configFolder).files();
  const config = readConfig(files);
  const questions = readQuestions(files, config, choice.dataset ?? given(environment, SEED_ENV.dataset));
  const parsed = parseConfig(files);
  const measure = await shippedMeasure(store, parsed);
  const name = choice.judge ?? given(environment, SEED_ENV.model);
  const judge = name === undefined ? simulatedJudge(measure) : judgeNamed(name, parsed, measure);
  const isPaid = paidModels([judge]).length > 0;
  const cap_usd = isPaid ? (choice.maxCostUsd ?? config.limits.max_cost_usd_per_day) : 0;
  return {
    settings: {
      config,
      answerTemplate: textOf(files, `evaluator/${config.answer_prompt}.txt`),
      questions,
      judge,
      temperature: numberOf(environment, SEED_ENV.temperature, 0, 2) ?? config.judge.temperature,
      max_output_tokens:
        numberOf(environment, SEED_ENV.maxTokens, 1, 100_000) ?? config.judge.max_output_tokens,
      cap_usd,
      notices: noticesOf(environment, config, judge, cap_usd),
    },
    measure: withJudge(measure, judge),
  };
}

/** What the default profile measures by, as config/ has it today. */
async function shippedMeasure(store: ObjectStore, config: ParsedConfig): Promise<Measure> {
  const now = new Date().toISOString();
  const manifest = await composeManifest(store, config, DEFAULT_PROFILE, {}, now);
  const texts = manifest.content.artefacts.map(({ kind, stem }) => config.files.get(`${kind}/${stem}`)!.text);
  return buildMeasure(manifest, texts);
}

function readConfig(files: readonly { path: string; text: string }[]): EvaluatorConfig {
  const path = files
    .map((file) => file.path)
    .filter((one) => /^evaluator\/evaluator-.+\.json$/.test(one))
    .sort()
    .at(-1);
  if (path === undefined)
    throw new CliError('config', 'config/evaluator: expected evaluator-<version>.json, got none');
  const value: unknown = JSON.parse(textOf(files, path));
  const parsed = evaluatorConfigSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new CliError('config', describeIssues(`config/${path}`, value, parsed.error.issues).join('\n'));
}

function textOf(files: readonly { path: string; text: string }[], path: string): string {
  const file = files.find((one) => one.path === path);
  if (file !== undefined) return file.text;
  throw new CliError('config', `config/${path}: expected a file, got none`);
}

function readQuestions(
  files: readonly { path: string; text: string }[],
  config: EvaluatorConfig,
  path: string | undefined,
): Question[] {
  if (path === undefined) {
    const shipped = `evaluator/${config.dataset}.json`;
    return parseDataset(`config/${shipped}`, textOf(files, shipped));
  }
  try {
    return parseDataset(path, readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new CliError('usage', `${path}: expected a dataset, got ${(error as NodeJS.ErrnoException).code}`);
  }
}

function simulatedJudge(measure: Measure): ModelConfig {
  return measure.model(measure.manifest.content.profile.judges.primary);
}

function judgeNamed(name: string, config: ParsedConfig, measure: Measure): ModelConfig {
  const registry = config.models.get(measure.manifest.content.profile.artefacts.models)!;
  const found =
    registry.models.find(({ model_id }) => model_id === name) ??
    registry.models.find(({ endpoint }) => endpoint === name);
  if (found !== undefined && found.simulated?.kind !== 'tutor') return found;
  const known = registry.models
    .filter(({ provider, simulated }) => provider === 'openai-compatible' || simulated?.kind === 'judge')
    .map(({ model_id }) => model_id);
  throw new CliError(
    'usage',
    `judge: no model "${name}" in ${registry.version} that can judge`,
    `there are ${known.join(', ')} and the models of Bedrock; \`socratic-bench init\` starts a config folder for more`,
  );
}

/** The measure with the evaluator's judge first; a second one of another vendor is asked where the profile's are simulated. */
function withJudge(measure: Measure, judge: ModelConfig): Measure {
  const { content } = measure.manifest;
  const judges = {
    ...content.profile.judges,
    primary: judge.model_id,
    secondary: judge.provider === 'simulated' ? content.profile.judges.secondary : null,
  };
  return {
    ...measure,
    manifest: { ...measure.manifest, content: { ...content, profile: { ...content.profile, judges } } },
    model: (model_id) => (model_id === judge.model_id ? judge : measure.model(model_id)),
  };
}

function noticesOf(
  environment: Environment,
  config: EvaluatorConfig,
  judge: ModelConfig,
  cap_usd: number,
): string[] {
  const notices = [
    'Answers are kept in the lake under evaluator/ and deleted after 90 days on AWS; e-mail addresses, telephone and card numbers are taken out before anything is sent or stored.',
  ];
  if (judge.provider === 'simulated')
    notices.push(
      `The judge ${judge.model_id} is simulated: it knows phrases of its bank and abstains on everything else; then stage 1 decides, by words in common (answers) or by the detectors of the weekly run (Socratic turns).`,
    );
  else if (cap_usd > 0)
    notices.push(
      `Each evaluation calls ${judge.model_id}: $${judge.usd_per_1m_input_tokens} and $${judge.usd_per_1m_output_tokens} a million tokens in and out, at most $${cap_usd} a day.`,
    );
  if (given(environment, SEED_ENV.key) !== undefined && judge.provider === 'simulated')
    notices.push(
      `${SEED_ENV.key} is set, but no judge is named: ${SEED_ENV.model}=${config.judge.model} asks that model.`,
    );
  if (given(environment, SEED_ENV.sentiment) !== undefined)
    notices.push(
      `${SEED_ENV.sentiment} is ignored: sentiment is read off a word list (AFINN-165), offline, so no model is downloaded.`,
    );
  return notices;
}

function numberOf(environment: Environment, name: string, least: number, most: number): number | undefined {
  const text = given(environment, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value >= least && value <= most) return value;
  throw new CliError('usage', `${name}: expected a number from ${least} to ${most}, got "${text}"`);
}

/** An empty variable counts as none. */
function given(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value === '' ? undefined : value;
}
