import { z } from 'zod';

const atLeast0 = z.number().min(0);

/** A figure that cannot be known before the run: the least, the expected and the most that is reckoned with. */
export const assumedRangeSchema = z
  .strictObject({ low: atLeast0, likely: atLeast0, high: atLeast0 })
  .refine((range) => range.low <= range.likely && range.likely <= range.high, 'expected low ≤ likely ≤ high');

const frac = assumedRangeSchema.refine((range) => range.high <= 1, 'expected fractions up to 1');

/** config/prices/estimates-<version>.json: what a plan assumes about calls not made yet. */
export const costAssumptionsSchema = z.strictObject({
  version: z.string(),
  sources: z.string().max(2000).describe('where the figures come from'),
  reply_tokens: z
    .strictObject({ low: atLeast0, likely: atLeast0 })
    .describe("visible tokens of a tutor's reply; high is the model's max_output_tokens"),
  simulated_reply_tokens: atLeast0.describe('the same for simulated tutors, which speak from short phrases'),
  said_extra_chars: z
    .strictObject({ plain: atLeast0, injected: atLeast0 })
    .describe(
      'characters a student says around a beat of its seed: in a turn of its own, and in one that carries an injection',
    ),
  token_ratio: assumedRangeSchema.describe(
    'billed tokens per estimated token (characters ÷ chars_per_token)',
  ),
  cache_hit_frac: z
    .strictObject({
      low: z.number().min(0).max(1),
      likely: z.number().min(0).max(1),
      high: z.number().min(0).max(1),
    })
    .describe(
      'share of cacheable prefixes found in the cache, by scenario; the cheap scenario has the most hits',
    ),
  judged_frac: frac.describe('share of turns that go to the judge when the filter is on'),
  secondary_frac: frac.describe('share of judged turns that go to the secondary judge'),
  repair_frac: frac.describe('share of verdicts asked for twice because the first was malformed'),
  verdict_tokens: assumedRangeSchema.describe('output tokens of one verdict'),
  simulated_verdict_tokens: atLeast0.describe('the same for simulated judges, which quote short phrases'),
  early_stop: z
    .strictObject({ collapse_frac: frac, collapse_turn: z.number().int().min(3) })
    .describe('share of runs that collapse, and the turn at which they do, for what early stopping saves'),
  student_reply_tokens: assumedRangeSchema.describe('output tokens of a student played by a model'),
});
export type CostAssumptions = z.infer<typeof costAssumptionsSchema>;
