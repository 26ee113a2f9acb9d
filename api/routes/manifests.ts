import { z } from 'zod';
import { dateOf, isoWeekOf, scheduledAtOf } from '../../core/identity/iso-week.ts';
import { expandMatrix } from '../../core/manifest/expand-matrix.ts';
import { parseConfig, type ParsedConfig } from '../../core/manifest/parse-config.ts';
import { composeManifest } from '../../core/tasks/load-manifest.ts';
import {
  artefactStemSchema,
  countSchema,
  executionIdSchema,
  manifestIdSchema,
  modelIdSchema,
  slugSchema,
  temperatureSchema,
  usdSchema,
  weekSchema,
} from '../../schemas/common.ts';
import { overridesSchema, type Overrides } from '../../schemas/profile.ts';
import { ApiProblem } from '../problem.ts';
import { route } from '../route.ts';

const common = {
  max_cost_usd: usdSchema
    .max(100_000)
    .optional()
    .describe("hard cap of the execution; default the profile's budget_usd"),
  week: weekSchema.optional().describe('ISO week of the schedule; default the current one'),
};
const profileFormSchema = z.strictObject({
  profile: slugSchema,
  overrides: overridesSchema.optional(),
  ...common,
});
const seedFormSchema = z.strictObject({
  prompt_id: artefactStemSchema.describe('system prompt of the tutors'),
  judge_prompt_id: artefactStemSchema,
  rubric_id: artefactStemSchema,
  seed_ids: z.array(slugSchema).min(1).max(100),
  model_configs: z
    .array(z.strictObject({ model_id: modelIdSchema, temperature: temperatureSchema }))
    .min(1)
    .max(1000),
  ...common,
});
const manifestRequestSchema = z.union([profileFormSchema, seedFormSchema]);
type SeedForm = z.infer<typeof seedFormSchema>;

const manifestAnswerSchema = z.object({
  manifest_id: manifestIdSchema,
  execution_id: executionIdSchema,
  week: weekSchema,
  outcome: z
    .enum(['started', 'exists'])
    .describe('exists: this content has an execution in this week already'),
  runs: countSchema.describe('dialogues that the matrix plans'),
  jobs_queued: countSchema.describe('dialogues and judgements queued by this request; 0 when it exists'),
});

/** POST /manifests: what the schedule and the command line do, by a signed request. */
export const manifestsRoute = route({
  method: 'POST',
  path: '/manifests',
  summary: 'Start an execution: a profile with overrides, or prompt, rubric, seeds and models',
  params: z.strictObject({}),
  query: z.strictObject({}),
  body: manifestRequestSchema,
  answer: { status: 201, description: 'it is started, or was before', schema: manifestAnswerSchema },
  problems: [403, 415, 422],
  handle: async ({ body }, ports) => {
    if (ports.start === null) throw new ApiProblem(403, 'executions are not started from here');
    const now = ports.clock.now();
    const scheduled_at = scheduledAtOf(existingWeek(body.week ?? isoWeekOf(now)));
    const config = parseConfig(await ports.config.files());
    const { profile, overrides } = 'profile' in body ? body : fromSeedForm(body, config);
    const output = await ports.start({
      profile,
      scheduled_at,
      ...(overrides === undefined ? {} : { overrides }),
      ...(body.max_cost_usd === undefined ? {} : { limits: { max_cost_usd: body.max_cost_usd } }),
    });
    const { content } = await composeManifest(ports.store, config, profile, overrides ?? {}, scheduled_at);
    const { profiles } = config.phases.get(content.profile.artefacts.phases)!;
    const planned = expandMatrix(content, profiles, dateOf(scheduled_at)).filter(({ skip }) => skip === null);
    const { manifest_id, execution_id, week, outcome } = output;
    const judgements = planned.length + (content.profile.canary.is_on ? 1 : 0);
    return {
      status: 201,
      json: {
        manifest_id,
        execution_id,
        week,
        outcome,
        runs: planned.length,
        jobs_queued: outcome === 'started' ? planned.length + judgements : 0,
      },
    };
  },
});

function existingWeek(week: string): string {
  try {
    scheduledAtOf(week);
    return week;
  } catch {
    throw refuse('week', `expected a week that the calendar has, got "${week}"`);
  }
}

/**
 * Profile and overrides of the seed's form. Prompts and rubric choose the profile that measures with them; the models must
 * be a whole matrix of models × temperatures, since a profile knows no other.
 */
function fromSeedForm(body: SeedForm, config: ParsedConfig): { profile: string; overrides: Overrides } {
  const fitting = [...config.profiles].filter(
    ([, { profile }]) =>
      Object.values(profile.variants).length === 1 &&
      Object.values(profile.variants)[0]!.system_prompt === body.prompt_id &&
      profile.artefacts.judge_prompt === body.judge_prompt_id &&
      profile.artefacts.rubric === body.rubric_id,
  );
  const [name] = fitting.find(([key]) => key === 'weekly') ?? fitting[0] ?? [];
  if (name === undefined)
    throw refuse(
      'prompt_id',
      `expected a profile that measures with ${body.prompt_id}, ${body.judge_prompt_id} and ${body.rubric_id}, got none; add one to config/profiles`,
    );
  const models = [...new Set(body.model_configs.map(({ model_id }) => model_id))];
  const asked = [...new Set(body.model_configs.map(({ temperature }) => temperature))];
  if (
    new Set(body.model_configs.map((one) => JSON.stringify([one.model_id, one.temperature]))).size !==
    body.model_configs.length
  )
    throw refuse('model_configs', 'expected each model and temperature once');
  const temperatures = asked.filter((value) => value !== null);
  if (asked.length !== temperatures.length && temperatures.length > 0)
    throw refuse('model_configs', 'expected a temperature in all, or null in all');
  if (models.length * asked.length !== body.model_configs.length)
    throw refuse('model_configs', 'expected every model at every temperature; send one request a matrix');
  return {
    profile: name,
    overrides: { models, seeds: body.seed_ids, ...(temperatures.length === 0 ? {} : { temperatures }) },
  };
}

function refuse(field: string, reason: string): ApiProblem {
  const path = `body.${field}`;
  return new ApiProblem(422, `${path}: ${reason}`, { errors: [{ path, reason }] });
}
