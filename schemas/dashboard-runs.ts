import { z } from 'zod';
import { calibrationItemSchema } from './calibration-item.ts';
import { canaryResultSchema, canarySummarySchema } from './canary-result.ts';
import {
  countSchema,
  criteriaSchema,
  executionIdSchema,
  fracSchema,
  manifestIdSchema,
  ptsSchema,
  sha256Schema,
  slugSchema,
  turnIndexSchema,
  violationSchema,
  weekSchema,
} from './common.ts';
import { csdSubscoresSchema } from './csd-subscores.ts';
import { heuristicResultSchema, violationSpanSchema } from './heuristic-result.ts';
import { judgeResultSchema } from './judge-result.ts';
import { runSummarySchema } from './run-summary.ts';
import { seedSchema } from './seed.ts';
import { turnSchema } from './turn.ts';

/** Runs, transcripts and canary of the static site; the other files: dashboard-data.ts. All text is plain text. */

/** A turn worth a click: where it is, what it got, and the words that lost the points. */
export const turnPointerSchema = z.object({
  turn_index: turnIndexSchema,
  score: ptsSchema,
  violations: z.array(violationSchema),
  text: z
    .string()
    .max(400)
    .describe('the span of its first violation that has one, else how the reply begins'),
});
export type TurnPointer = z.infer<typeof turnPointerSchema>;

const run = runSummarySchema.shape;

/** One plan row. Fields as in RunSummary, but the two turns. */
export const runRowSchema = runSummarySchema
  .pick({
    run_id: true,
    model: true,
    variant: true,
    temperature: true,
    seed_id: true,
    phase: true,
    repeat: true,
    vector: true,
    test_type: true,
    is_simulated: true,
    ended: true,
    skip_reason: true,
    skip_detail: true,
    fault: true,
    n_turns: true,
    n_scored_turns: true,
    planned_turns: true,
    half_life_turn: true,
    is_censored: true,
    censor_reason: true,
    observed_turns: true,
    relative_half_life_turn: true,
    aporia_turn: true,
    decline_pts: true,
    decline_ci_low: true,
    decline_ci_high: true,
    is_declining: true,
    mean_score: true,
    compliance_rate: true,
    first_violation_turn: true,
    score_by_turn: true,
    csd: true,
    csd_subscores: true,
    violation_counts: true,
    n_judged_turns: true,
    n_split_turns: true,
    n_injection_turns: true,
    context_tokens: true,
    dialogue_cost_usd: true,
    judge_cost_usd: true,
    cost_usd: true,
  })
  .extend({
    worst_turn: turnPointerSchema
      .nullable()
      .describe('lowest score, the first of equals; null without a scored turn'),
    breaking_turn: turnPointerSchema
      .nullable()
      .describe(
        'lowest of the turns whose average first fell below the threshold (the half-life window), the last of equals; null where the half-life was not reached',
      ),
  });
export type RunRow = z.infer<typeof runRowSchema>;

/** What a page needs to draw lines: from the rubric of the execution. */
export const scaleSchema = z.object({
  pass_score: ptsSchema.describe('a turn complies from this score on'),
  half_life_threshold_pts: ptsSchema,
  half_life_window_turns: countSchema,
  split_pts: ptsSchema,
});

/** runs/<execution_id>.json: every row of the plan, in plan order; skipped and failed ones too. */
export const runsFileSchema = z.object({
  execution_id: executionIdSchema,
  manifest_id: manifestIdSchema,
  series: slugSchema,
  week: weekSchema,
  scale: scaleSchema,
  seeds: z.array(seedSchema.pick({ seed_id: true, vector: true, test_type: true, title: true })),
  runs: z.array(runRowSchema),
});
export type RunsFile = z.infer<typeof runsFileSchema>;

/** A verdict as the Run page shows it. */
export const verdictViewSchema = judgeResultSchema
  .pick({
    judge_model: true,
    rationale: true,
    criteria: true,
    violations: true,
    score: true,
    is_repaired: true,
    attempts: true,
    latency_ms: true,
    cost_usd: true,
  })
  .extend({
    evidence: z
      .array(z.object({ criterion: z.string(), quote: z.string() }))
      .describe('quotes the judge gave, empty ones left out'),
  });
export type VerdictView = z.infer<typeof verdictViewSchema>;

/** One turn of a transcript. */
export const turnViewSchema = turnSchema
  .pick({
    turn_index: true,
    tutor_text: true,
    stop_reason: true,
    attempts: true,
    latency_ms: true,
    input_tokens: true,
    output_tokens: true,
    cache_read_tokens: true,
    cache_write_tokens: true,
    context_tokens: true,
    cost_usd: true,
    filter: true,
    is_injection_flagged: true,
    form_pts: true,
    substance_pts: true,
    purity_pts: true,
    score: true,
    scored_by: true,
    unscored_reason: true,
    is_compliant: true,
    violations: true,
    turn_hash: true,
  })
  .extend({
    student: z.object({
      said: z.string().describe('what the student says'),
      pasted_words: countSchema.describe('words of pasted material left out here; raw/ has them'),
      pasted_note: z.string().describe('"[… n words pasted …]", empty without any'),
      move: turnSchema.shape.student.shape.move,
      injected: turnSchema.shape.student.shape.injected,
    }),
    ma3_pts: ptsSchema
      .nullable()
      .describe('mean of the last three scored turns; null where unscored or fewer than three'),
    violation_spans: z
      .array(violationSpanSchema.omit({ text: true }))
      .describe('UTF-16 offsets into tutor_text, end exclusive; 0–0: the whole reply'),
    csd_subscores: csdSubscoresSchema,
    judge: verdictViewSchema.nullable(),
    secondary_judge: verdictViewSchema.nullable(),
    heuristic: heuristicResultSchema
      .pick({
        score: true,
        is_compliant: true,
        probabilities: true,
        question_type: true,
        noncompliance_risk: true,
      })
      .extend({ criteria: criteriaSchema, violations: z.array(violationSchema) }),
  });
export type TurnView = z.infer<typeof turnViewSchema>;

/** transcripts/<run_id>.json */
export const transcriptFileSchema = z.object({
  execution_id: executionIdSchema,
  manifest_id: manifestIdSchema,
  series: slugSchema,
  week: weekSchema,
  provider: z.string(),
  system_prompt: z.string().describe('name@hash8; its text is in manifests/<manifest_id>.json'),
  scale: scaleSchema,
  seed: seedSchema
    .pick({ title: true, domain: true, persona: true, student_name: true, goal: true })
    .extend({ reference_answer: z.string().nullable() }),
  run: runRowSchema,
  half_life_curve: run.half_life_curve,
  salience_recall_at_3: run.salience_recall_at_3,
  csd_covered_weight: fracSchema,
  run_root_sha256: sha256Schema.nullable(),
  raw_key: z.string().describe('lake key of what the runner saw, pasted material included'),
  judged_key: z.string(),
  turns: z.array(turnViewSchema),
});
export type TranscriptFile = z.infer<typeof transcriptFileSchema>;

/** canary/<execution_id>.json: the judge on the golden set of the week. */
export const canaryFileSchema = z.object({
  summary: canarySummarySchema,
  baseline_execution_id: executionIdSchema.nullable(),
  items: z.array(
    canaryResultSchema
      .pick({
        item_id: true,
        expert_score: true,
        judge_score: true,
        expert_criteria: true,
        judge_criteria: true,
        expert_violations: true,
        judge_violations: true,
        deviation_pts: true,
      })
      .extend({
        ...calibrationItemSchema.pick({ domain: true, tutor_text: true, source: true }).shape,
        student_text: z.string().describe('the last message before the reply'),
      }),
  ),
});
export type CanaryFile = z.infer<typeof canaryFileSchema>;
