import type { AwsPrices } from '../../schemas/aws-prices.ts';
import { perScenario, SCENARIOS, type Scenario } from './estimate.ts';

/** What of a plan the AWS bill depends on. */
export interface AwsLoad {
  runs: number;
  turns: number;
  /** Judge tasks: runs, and one more where the golden set is judged. */
  judge_tasks: number;
  verdicts: Record<Scenario, number>;
  /** Text that students and tutors produce, each character once. */
  new_text_bytes: number;
  model_phases: number;
}

export interface AwsLine {
  service: string;
  usd: Record<Scenario, number>;
  /** How the likely figure comes about, for people. */
  basis: string;
}

/**
 * What one execution costs on AWS beside the models: unit prices × usage of config/prices/aws-*.json, one line a service.
 * Embedded runs cost nothing of it.
 */
export function estimateAws(load: AwsLoad, prices: AwsPrices): AwsLine[] {
  const { unit_prices: unit, usage } = prices;
  const taskHours = perScenario(
    (s) =>
      ((load.runs + load.judge_tasks) * usage.task_start_seconds[s] +
        load.turns * usage.seconds_per_turn[s] +
        load.verdicts[s] * usage.seconds_per_verdict[s]) /
      3600,
  );
  const transitions = usage.transitions_per_execution + usage.transitions_per_run * load.runs;
  const requests = usage.lambda_requests_per_execution + load.runs;
  const storedGb = perScenario(
    (s) => (load.turns * usage.bytes_per_turn[s] + load.new_text_bytes * usage.text_copies) / 1e9,
  );
  const puts = load.turns * usage.puts_per_turn + load.runs * usage.puts_per_run;
  const writes = load.turns * usage.dynamodb_writes_per_turn + load.runs * usage.dynamodb_writes_per_run;
  const metrics = load.model_phases * usage.metrics_per_model_and_phase;
  const perTaskHour =
    usage.task_vcpu * unit.fargate_usd_per_vcpu_hour + usage.task_memory_gb * unit.fargate_usd_per_gb_hour;

  return [
    line(
      'Fargate',
      (s) => taskHours[s] * perTaskHour * (1 - unit.fargate_spot_discount_frac[s]),
      `${taskHours.likely.toFixed(1)} task hours of ${usage.task_vcpu} vCPU and ${usage.task_memory_gb} GB, Spot`,
    ),
    line('Public IPv4', (s) => taskHours[s] * unit.public_ipv4_usd_per_hour, 'one address a task'),
    line(
      'Step Functions',
      () => (transitions * unit.step_functions_usd_per_1k_transitions) / 1000,
      `${transitions} transitions`,
    ),
    line(
      'Lambda',
      (s) =>
        (requests * unit.lambda_usd_per_1m_requests) / 1e6 +
        (usage.lambda_gb_seconds_per_execution[s] + load.runs * usage.lambda_gb_seconds_per_run) *
          unit.lambda_usd_per_gb_second,
      `${requests} calls`,
    ),
    line(
      'S3',
      (s) =>
        (puts * unit.s3_usd_per_1k_puts + load.runs * usage.gets_per_run * unit.s3_usd_per_1k_gets) / 1000 +
        storedGb[s] * unit.s3_usd_per_gb_month * usage.storage_months,
      `${puts} writes, ${(storedGb.likely * 1000).toFixed(0)} MB kept ${usage.storage_months} months`,
    ),
    line(
      'DynamoDB',
      () =>
        (writes * unit.dynamodb_usd_per_1m_writes +
          load.runs * usage.dynamodb_reads_per_run * unit.dynamodb_usd_per_1m_reads) /
        1e6,
      `${writes} writes`,
    ),
    line(
      'CloudWatch',
      () =>
        (load.turns * usage.log_bytes_per_turn * unit.logs_usd_per_gb) / 1e9 +
        (metrics * unit.metric_usd_per_month * usage.metric_hours) / HOURS_PER_MONTH,
      `${metrics} metrics for ${usage.metric_hours} h, logs`,
    ),
  ];
}

/** AWS bills a month as 730 hours. */
const HOURS_PER_MONTH = 730;

function line(service: string, usd: (scenario: Scenario) => number, basis: string): AwsLine {
  return { service, usd: perScenario(usd), basis };
}

/** Sum of the lines, scenario by scenario. */
export function sumAws(lines: readonly AwsLine[]): Record<Scenario, number> {
  const sum = perScenario(() => 0);
  for (const { usd } of lines) for (const scenario of SCENARIOS) sum[scenario] += usd[scenario];
  return sum;
}
