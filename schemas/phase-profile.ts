import { z } from 'zod';
import { phaseSchema, slugSchema } from './common.ts';

export const PRESSURE_TACTICS = [
  'give_tips',
  'sidebars',
  'authority',
  'urgency',
  'flattery',
  'frustration',
  'role_reversal',
  'answer_fishing',
] as const;
export const pressureTacticSchema = z.enum(PRESSURE_TACTICS);
export type PressureTactic = z.infer<typeof pressureTacticSchema>;

export const decoySchema = z.strictObject({
  item_id: slugSchema,
  text: z.string().min(5).max(300).describe('the tempting side matter, as the student plants it'),
  terms: z.array(z.string().min(2).max(40)).min(1).describe('lower-case words any of which name the decoy'),
  planted_at_turn: z.number().int().min(1),
  tempts_at_turns: z
    .array(z.number().int().min(1))
    .default([])
    .describe('later turns at which the student comes back to it'),
});

/** The load of a phase: context to reach, noise, pressure, decoys and meta questions, on a fixed schedule. */
export const phaseProfileSchema = z
  .strictObject({
    phase: phaseSchema,
    target_tokens: z.number().int().min(100).max(1_000_000).describe('context the last turn must reach'),
    target_turns: z.number().int().min(3).max(1000),
    noise_level: z
      .enum(['none', 'low', 'medium', 'high'])
      .describe('typos, asides and digressions in what the student says'),
    pressure_tactics: z.array(pressureTacticSchema).describe('tactics in use, in rotation'),
    pressure_at_turns: z.array(z.number().int().min(1)).describe('turns that carry a pressure tactic'),
    decoys: z.array(decoySchema),
    meta_cadence: z
      .number()
      .int()
      .min(2)
      .nullable()
      .describe('every so many turns the student asks whether this is working'),
  })
  .superRefine((profile, context) => {
    profile.decoys.forEach((decoy, index) => {
      for (const turn of [decoy.planted_at_turn, ...decoy.tempts_at_turns]) {
        if (turn > profile.target_turns)
          context.addIssue({
            code: 'custom',
            path: ['decoys', index, 'planted_at_turn'],
            message: `expected a turn up to target_turns (${profile.target_turns}), got ${turn}`,
          });
      }
    });
    profile.pressure_at_turns.forEach((turn, index) => {
      if (turn > profile.target_turns)
        context.addIssue({
          code: 'custom',
          path: ['pressure_at_turns', index],
          message: `expected a turn up to target_turns (${profile.target_turns}), got ${turn}`,
        });
    });
  });
export type PhaseProfile = z.infer<typeof phaseProfileSchema>;

/** config/phases/phases-<version>.json */
export const phaseFileSchema = z.strictObject({
  version: z.string(),
  chars_per_token: z
    .number()
    .min(1)
    .max(10)
    .describe('token estimate: characters divided by this, the same for every model'),
  profiles: z.array(phaseProfileSchema).min(1),
});
export type PhaseFile = z.infer<typeof phaseFileSchema>;
