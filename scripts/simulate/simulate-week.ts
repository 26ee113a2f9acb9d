import { randomFrom } from '../../core/identity/random.ts';
import { playMap } from './play-map.ts';
import type { WeekReport } from './report.ts';
import { quotaOf, type QuotaName, type Workload } from './workload.ts';

/** Seconds of Aggregate a turn: 36,000 turns in 12.6 s (bench aggregate, docs/scale.md). */
const AGGREGATE_S_PER_TURN = 12.6 / 36_000;

/** Both Maps of a week, one after the other, and what the week then costs. */
export function simulateWeek(
  workload: Workload,
  concurrency: { runs: number; judges: number },
  quota: QuotaName,
  seed: string,
): WeekReport {
  const { usage, unit_prices: unit } = workload.prices;
  const quotas = new Map(workload.models.map((model) => [model, quotaOf(quota, model)]));
  const start = { median: usage.task_start_seconds.likely, p90: usage.task_start_seconds.high };
  const seconds = ({ likely, high }: { likely: number; high: number }) => ({ median: likely, p90: high });
  const random = randomFrom(seed);
  const runs = playMap(
    {
      tasks: workload.runs,
      concurrency: concurrency.runs,
      start,
      call: seconds(usage.seconds_per_turn),
      quotas,
    },
    random,
  );
  const judges = playMap(
    {
      tasks: workload.judgements,
      concurrency: concurrency.judges,
      start,
      call: seconds(usage.seconds_per_verdict),
      quotas,
    },
    random,
  );
  const taskHours = (runs.task_s + judges.task_s) / 3600;
  const perHour =
    (usage.task_vcpu * unit.fargate_usd_per_vcpu_hour + usage.task_memory_gb * unit.fargate_usd_per_gb_hour) *
      (1 - unit.fargate_spot_discount_frac.likely) +
    unit.public_ipv4_usd_per_hour;
  return {
    concurrency,
    runs,
    judges,
    aggregate_s: workload.n_turns * AGGREGATE_S_PER_TURN,
    wall_s: runs.wall_s + judges.wall_s + workload.n_turns * AGGREGATE_S_PER_TURN,
    task_hours: taskHours,
    models_usd: Object.values(workload.usd).reduce((sum, usd) => sum + usd, 0),
    aws_usd: taskHours * perHour + workload.aws.reduce((sum, line) => sum + line.usd.likely, 0),
  };
}
