import { z } from 'zod';

/** config/heuristics/heuristics-<version>.json: what stage 1 has learned. Written by scripts/train.ts, never by hand. */
export const heuristicsModelSchema = z.strictObject({
  version: z.string(),
  noncompliance: z.strictObject({ bias: z.number(), per_point: z.number() }),
});
export type HeuristicsModel = z.infer<typeof heuristicsModelSchema>;
