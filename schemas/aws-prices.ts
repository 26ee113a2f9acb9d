import { z } from 'zod';
import { dtSchema } from './common.ts';
import { assumedRangeSchema } from './cost-assumptions.ts';

const usd = z.number().min(0).max(1000);

/** config/prices/aws-<version>.json: unit prices of AWS services and how much of each one execution uses. */
export const awsPricesSchema = z.strictObject({
  version: z.string(),
  region: z.string(),
  prices_as_of: dtSchema,
  sources: z.string().max(1000),
  unit_prices: z.strictObject({
    fargate_usd_per_vcpu_hour: usd,
    fargate_usd_per_gb_hour: usd,
    fargate_spot_discount_frac: z
      .strictObject({ low: z.number(), likely: z.number(), high: z.number() })
      .describe('discount by scenario; the dear scenario has none'),
    public_ipv4_usd_per_hour: usd,
    step_functions_usd_per_1k_transitions: usd,
    lambda_usd_per_1m_requests: usd,
    lambda_usd_per_gb_second: usd,
    s3_usd_per_gb_month: usd,
    s3_usd_per_1k_puts: usd,
    s3_usd_per_1k_gets: usd,
    dynamodb_usd_per_1m_writes: usd,
    dynamodb_usd_per_1m_reads: usd,
    logs_usd_per_gb: usd,
    athena_usd_per_tb: usd.describe('bytes scanned by a query, at least 10 MB of them'),
    metric_usd_per_month: usd.describe('custom metric; charged for the hours in which it is sent'),
  }),
  usage: z.strictObject({
    task_vcpu: z.number().positive(),
    task_memory_gb: z.number().positive(),
    task_start_seconds: assumedRangeSchema.describe('image pull and start, billed'),
    seconds_per_turn: assumedRangeSchema.describe('one turn of a dialogue, waiting for the model included'),
    seconds_per_verdict: assumedRangeSchema.describe('one verdict; a judge task asks for several at once'),
    transitions_per_execution: z.number().min(0).describe('states outside the two Maps'),
    transitions_per_run: z.number().min(0).describe('runner child and judge child of one run'),
    lambda_gb_seconds_per_execution: assumedRangeSchema,
    lambda_requests_per_execution: z.number().min(0),
    lambda_gb_seconds_per_run: z.number().min(0).describe('index Lambda, once per raw file'),
    puts_per_turn: z.number().min(0).describe('checkpoint of the turn and of its verdict'),
    puts_per_run: z.number().min(0).describe('raw, judged and summary files'),
    gets_per_run: z.number().min(0),
    bytes_per_turn: assumedRangeSchema.describe('beside the text itself: records, verdicts, curated copies'),
    text_copies: z.number().min(0).describe('how often the new text of a turn is stored'),
    storage_months: z.number().min(0).describe('how long it is stored before it goes to deep archive'),
    dynamodb_writes_per_turn: z.number().min(0).describe('reserve and settle of the budget, twice'),
    dynamodb_writes_per_run: z.number().min(0),
    dynamodb_reads_per_run: z.number().min(0),
    log_bytes_per_turn: z.number().min(0),
    metrics_per_model_and_phase: z.number().min(0),
    metric_hours: z.number().min(0),
  }),
});
export type AwsPrices = z.infer<typeof awsPricesSchema>;
