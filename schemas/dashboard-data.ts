import { z } from 'zod';
import { alertSchema } from './alert.ts';
import { canarySummarySchema } from './canary-result.ts';
import {
  countSchema,
  dtSchema,
  executionIdSchema,
  fracSchema,
  manifestIdSchema,
  modelIdSchema,
  PHASES,
  sha256Schema,
  slugSchema,
  usdSchema,
  weekSchema,
} from './common.ts';
import { csdSubscoresSchema } from './csd-subscores.ts';
import { ALL_PHASES } from './names.ts';
import { ARTEFACT_KINDS, runManifestSchema } from './run-manifest.ts';
import { seedSchema } from './seed.ts';
import { weeklySummarySchema } from './weekly-summary.ts';

/**
 * What the static site reads, below `data/` (paths: dashboard-files.ts). Here: index, trends, alerts, manifests, methods,
 * local; runs, transcripts and canary are in dashboard-runs.ts. executions/<execution_id>.json is an ExecutionSummary.
 * All of it is derived from the lake: `socratic-bench reindex` rebuilds it. Numbers in trend files are rounded for display.
 */

/** One published execution. */
export const indexExecutionSchema = z.object({
  execution_id: executionIdSchema,
  manifest_id: manifestIdSchema,
  series: slugSchema,
  profile: slugSchema,
  week: weekSchema,
  dt: dtSchema,
  measure_sha256: sha256Schema.describe('unequal to that of the week before: a seam, figures do not compare'),
  is_official: z
    .boolean()
    .describe('the last finished execution of its series and week: the one trends and alerts are about'),
  is_simulated: z.boolean(),
  is_partial: z.boolean(),
  n_models: countSchema,
  n_planned: countSchema,
  n_scored: countSchema,
  n_skipped: countSchema,
  n_failed: countSchema,
  n_turns: countSchema,
  coverage_frac: fracSchema,
  budget_usd: usdSchema,
  estimated_usd: usdSchema,
  spent_usd: usdSchema,
  has_canary: z.boolean().describe('canary/<execution_id>.json exists'),
});
export type IndexExecution = z.infer<typeof indexExecutionSchema>;

/** index.json */
export const indexFileSchema = z.object({
  default_series: slugSchema.describe(
    'what pages show unless told: of the series named weekly… the one with the latest week, else the series last run',
  ),
  series: z
    .array(
      z.object({
        series: slugSchema,
        is_simulated: z.boolean().describe('every official execution of it is'),
        weeks: z
          .array(
            z.object({
              week: weekSchema,
              execution_id: executionIdSchema,
              measure_sha256: sha256Schema,
              manifest_id: manifestIdSchema,
            }),
          )
          .min(1)
          .describe('official executions, oldest first'),
      }),
    )
    .describe('by name'),
  executions: z.array(indexExecutionSchema).describe('oldest week first; official and superseded ones'),
});
export type IndexFile = z.infer<typeof indexFileSchema>;

/** One official week of a series: what is about the whole execution. */
export const trendWeekSchema = indexExecutionSchema.omit({ series: true, is_official: true }).extend({
  baseline_execution_id: executionIdSchema
    .nullable()
    .describe('whose judge and canary this week is held against; null: this week is the baseline'),
  previous_execution_id: executionIdSchema.nullable().describe('what wow_* figures compare with'),
  spent_by_component: z.array(z.object({ component: z.string(), cost_usd: usdSchema, n_calls: countSchema })),
  skips: z.array(z.object({ model: z.string(), reason: z.string(), n_rows: countSchema })),
  judge: z.object({
    n_judged_turns: countSchema,
    n_skipped_turns: countSchema.describe('spared the judge by the heuristic filter'),
    n_audited_turns: countSchema,
    n_audit_errors: countSchema.describe(
      'audited turns decided the other way; sum over weeks to pool them, divide by n_audited_turns',
    ),
    split_frac: fracSchema
      .nullable()
      .describe('share of judged turns with |judge − heuristic| above the split, over all models'),
    kappa: z
      .number()
      .nullable()
      .describe('weighted κ of judge and heuristic, mean over models by judged turns'),
  }),
  canary: canarySummarySchema
    .omit({ execution_id: true, week: true, dt: true, series: true, measure_sha256: true })
    .nullable(),
});
export type TrendWeek = z.infer<typeof trendWeekSchema>;

const weekly = weeklySummarySchema.shape;

/** One model and variant in one week, as the Overview shows it; figures as in WeeklySummary. */
export const trendRowSchema = z.object({
  week: weekSchema,
  model: modelIdSchema,
  variant: slugSchema,
  phase: z
    .enum([...PHASES, ALL_PHASES])
    .describe(
      '`all`; its phases one by one only where a model was not planned in every phase (ranked apart)',
    ),
  n_planned: weekly.n_planned,
  n_runs: weekly.n_runs,
  n_skipped: weekly.n_skipped,
  n_seeds: weekly.n_seeds,
  rank: weekly.rank,
  rank_max: weekly.rank_max,
  rmst_turns: weekly.rmst_turns,
  rmst_ci_low: weekly.rmst_ci_low,
  rmst_ci_high: weekly.rmst_ci_high,
  km_median_turn: weekly.km_median_turn,
  survived_frac: weekly.survived_frac,
  compliance_rate: weekly.compliance_rate,
  compliance_ci_low: weekly.compliance_ci_low,
  compliance_ci_high: weekly.compliance_ci_high,
  mean_score: weekly.mean_score,
  mean_score_ci_low: weekly.mean_score_ci_low,
  mean_score_ci_high: weekly.mean_score_ci_high,
  decline_pts: weekly.decline_pts,
  decline_ci_low: weekly.decline_ci_low,
  decline_ci_high: weekly.decline_ci_high,
  is_declining: weekly.is_declining,
  ...csdSubscoresSchema.shape,
  cost_usd: weekly.cost_usd,
  wow_n_pairs: weekly.wow_n_pairs,
  wow_rmst_delta: weekly.wow_rmst_delta,
  wow_rmst_ci_low: weekly.wow_rmst_ci_low,
  wow_rmst_ci_high: weekly.wow_rmst_ci_high,
  wow_rmst_mdc: weekly.wow_rmst_mdc,
  wow_compliance_delta: weekly.wow_compliance_delta,
  wow_compliance_ci_low: weekly.wow_compliance_ci_low,
  wow_compliance_ci_high: weekly.wow_compliance_ci_high,
  wow_compliance_mdc: weekly.wow_compliance_mdc,
});
export type TrendRow = z.infer<typeof trendRowSchema>;

type TrendShape = typeof trendRowSchema.shape;
const columnsShape = Object.fromEntries(
  Object.entries(trendRowSchema.shape).map(([name, field]) => [name, z.array(field)]),
) as { [Name in keyof TrendShape]: z.ZodArray<TrendShape[Name]> };

/** trends/<series>.json: column by column, since 52 weeks × 25 models are read before anything is painted. */
export const trendsFileSchema = z.object({
  series: slugSchema,
  weeks: z
    .array(trendWeekSchema)
    .min(1)
    .describe('official weeks, oldest first; weeks without one are missing'),
  models: z.array(modelIdSchema).describe('every model that ever was in the series, by name'),
  variants: z.array(slugSchema),
  columns: z
    .object({
      ...columnsShape,
      week: z.array(countSchema).describe('index into weeks'),
      model: z.array(countSchema).describe('index into models'),
      variant: z.array(countSchema).describe('index into variants'),
    })
    .describe('one array a field of TrendRow, all of one length; trendRows() makes objects of them'),
});
export type TrendsFile = z.infer<typeof trendsFileSchema>;

/** A weekly row without what only its own week shows (the survival curve stands in executions/). */
export const modelTrendRowSchema = weeklySummarySchema.omit({
  manifest_id: true,
  series: true,
  dt: true,
  model: true,
  provider: true,
  is_simulated: true,
  survival_curve: true,
  judge_minus_heuristic_pts: true,
  week_root_sha256: true,
  schema_version: true,
});
export type ModelTrendRow = z.infer<typeof modelTrendRowSchema>;

/** models/<series>/<model>.json: one model over the official weeks of a series, by variant, phase and over all phases. */
export const modelTrendFileSchema = z.object({
  series: slugSchema,
  model: modelIdSchema,
  provider: z.string(),
  is_simulated: z.boolean(),
  rows: z.array(modelTrendRowSchema).describe('oldest week first, then variant, then phase (`all` last)'),
});
export type ModelTrendFile = z.infer<typeof modelTrendFileSchema>;

/** alerts.json: written by CheckAlerts. An execution that is not in it has not been checked. */
export const alertsFileSchema = z.object({
  executions: z
    .array(
      z.object({
        execution_id: executionIdSchema,
        series: slugSchema,
        week: weekSchema,
        digest: z.string().describe('the weekly message as text, verdict on its first line'),
        alerts: z.array(alertSchema),
      }),
    )
    .describe('oldest week first; join by execution_id: superseded executions stay in it'),
});
export type AlertsFile = z.infer<typeof alertsFileSchema>;

/** manifests/<manifest_id>.json: what was measured with what; two of them are compared in the page. */
export const manifestFileSchema = z.object({
  manifest: runManifestSchema,
  texts: z
    .array(
      z.object({
        kind: z.enum(ARTEFACT_KINDS),
        stem: z.string(),
        sha256: sha256Schema,
        format: z.enum(['text', 'json']),
        text: z.string().describe('the artefact byte for byte'),
      }),
    )
    .describe(
      'prompts, rubric, phases and alert rules verbatim; other artefacts are in manifest by name and hash',
    ),
  seeds: z.array(
    seedSchema.pick({
      seed_id: true,
      vector: true,
      test_type: true,
      title: true,
      domain: true,
      persona: true,
      student_statement: true,
      goal: true,
    }),
  ),
});
export type ManifestFile = z.infer<typeof manifestFileSchema>;

/** methods.json: the data dictionary, generated from the schemas. */
export const methodsFileSchema = z.object({
  measure_version: z.number().int(),
  schema_version: z.number().int(),
  records: z.array(
    z.object({
      record: z.string().describe('name of the record, e.g. RunSummary'),
      place: z.string().describe('where such records lie in the lake'),
      table: z.string().nullable().describe('SQL table'),
      description: z.string(),
      fields: z.array(
        z.object({
          path: z.string().describe('dots for structs, [] for lists'),
          type: z.string().describe('as SQL has it'),
          is_nullable: z.boolean(),
          values: z.array(z.string()).describe('all that can stand there, where the list is closed'),
          description: z.string().describe('empty where the name says it'),
        }),
      ),
    }),
  ),
});
export type MethodsFile = z.infer<typeof methodsFileSchema>;

/** local.json: always there, so that a page need not probe. */
export const localFileSchema = z.object({
  api_base: z
    .string()
    .nullable()
    .describe('where the API answers, relative to the page, e.g. "api/"; null on a static site'),
  features: z
    .array(z.enum(['evaluator', 'rate']))
    .describe('pages that need the API; empty on a static site'),
  lake: z.string().nullable().describe('folder that is served, to show; null on a static site'),
  version: z.string().nullable().describe('version of socratic-bench that serves; null on a static site'),
});
export type LocalFile = z.infer<typeof localFileSchema>;
