import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { fracSchema, modelIdSchema, phaseSchema, slugSchema, weekSchema } from '../../schemas/common.ts';
import { simulatedFailureSchema, simulatedTutorSchema } from '../../schemas/model-config.ts';
import { confusionSchema } from '../../schemas/phrase-bank.ts';
import { rubricSchema } from '../../schemas/rubric.ts';

const at = fracSchema.describe('share of the history that has passed');
const why = z.string();

/** scripts/demo/story.json: who is in the demo history, and what happens when. */
const storySchema = z.strictObject({
  about: z.string(),
  last_week: weekSchema,
  weeks: z.number().int().min(3).max(104),
  profile: z.strictObject({
    name: slugSchema,
    like: slugSchema.describe('shipped profile that everything else is taken from'),
    title: z.string(),
    temperatures: z.array(z.number()).min(1),
    seeds: z.array(slugSchema).min(1),
    phases: z.array(phaseSchema).min(1),
    phase_file: z.string(),
    judge: modelIdSchema,
    canary_items: z.number().int().min(1),
    budget_usd: z.number().min(0),
  }),
  small: z.strictObject({
    about: z.string(),
    weeks: z.number().int().min(3),
    models: z.array(modelIdSchema).min(1),
    seeds: z.array(slugSchema).min(1),
    phases: z.array(phaseSchema).min(1),
    canary_items: z.number().int().min(1),
  }),
  models: z.array(
    z.strictObject({
      model_id: modelIdSchema,
      priced_like: modelIdSchema.describe('shipped model whose prices and windows it has'),
      version: z.string(),
      defect: simulatedTutorSchema.shape.defect,
      failure: simulatedFailureSchema,
    }),
  ),
  events: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('model'),
        at,
        why,
        model_id: modelIdSchema,
        version: z.string(),
        failure: simulatedFailureSchema,
      }),
      z.strictObject({
        kind: z.literal('rubric'),
        at,
        why,
        stem: z.string(),
        weights: rubricSchema.shape.weights,
      }),
      z.strictObject({ kind: z.literal('judge_drift'), at, why, confusion: confusionSchema.partial() }),
      z.strictObject({ kind: z.literal('retired'), at, why, model_id: modelIdSchema }),
    ]),
  ),
});
export type Story = z.infer<typeof storySchema>;
export type StoryEvent = Story['events'][number];

/** The story, whole or small. */
export function readStory(size: 'full' | 'small'): Story {
  const path = fileURLToPath(new URL('./story.json', import.meta.url));
  const story = storySchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  if (size === 'full') return story;
  const { weeks, models, seeds, phases, canary_items } = story.small;
  return {
    ...story,
    weeks,
    profile: { ...story.profile, seeds, phases, canary_items },
    models: story.models.filter(({ model_id }) => models.includes(model_id)),
  };
}

/** The week (1-based) of an event in a history of so many weeks: never the first, which is what it is compared with. */
export function weekOf(event: StoryEvent, weeks: number): number {
  return Math.max(2, Math.ceil(event.at * weeks));
}
