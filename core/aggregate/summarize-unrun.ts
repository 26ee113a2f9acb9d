import { CRITERION_NAMES } from '../../schemas/common.ts';
import type { Ended } from '../../schemas/checkpoint.ts';
import { CSD_DIMENSIONS, type CsdSubscores } from '../../schemas/csd-subscores.ts';
import { SCHEMA_VERSION } from '../../schemas/names.ts';
import type { PlannedRun, SkipReason } from '../../schemas/planned-run.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import type { Seed } from '../../schemas/seed.ts';

/** A plan row, and what of it stands in every summary. */
export interface PlannedRunFacts {
  row: PlannedRun;
  seed: Pick<Seed, 'vector' | 'test_type'>;
  /** The runner's ended.json; null when the dialogue ran to its end, or nothing was recorded. */
  ended: Ended | null;
  provider: string;
  is_simulated: boolean;
}

/**
 * Summary of a plan row without a single turn: `skipped` when the plan says so or the runner met a closed model or an empty
 * budget before its first turn, else `failed` (fault infrastructure unless the runner named another). No figure is 0 where it
 * is unknown.
 */
export function summarizeUnrun(facts: PlannedRunFacts): RunSummary {
  const { row, ended } = facts;
  const skip_reason = row.status === 'skipped' ? row.skip_reason : runtimeSkip(ended);
  const isSkipped = row.status === 'skipped' || skip_reason !== null;
  return {
    ...rowFields(facts),
    ended: isSkipped ? 'skipped' : 'failed',
    skip_reason,
    skip_detail: isSkipped ? (row.skip_detail ?? ended?.error ?? null) : null,
    fault: isSkipped ? null : (ended?.fault ?? 'infrastructure'),
    n_turns: 0,
    n_scored_turns: 0,
    half_life_turn: null,
    is_censored: true,
    censor_reason: null,
    observed_turns: 0,
    half_life_curve: [],
    relative_half_life_turn: null,
    score_by_turn: [],
    is_compliant_by_turn: [],
    aporia_turn: null,
    decline_pts: null,
    decline_ci_low: null,
    decline_ci_high: null,
    is_declining: false,
    mean_score: null,
    compliance_rate: null,
    first_violation_turn: null,
    csd: null,
    csd_covered_weight: 0,
    csd_subscores: Object.fromEntries(CSD_DIMENSIONS.map((name) => [name, null])) as CsdSubscores,
    salience_recall_at_3: null,
    thread_depths: [],
    violation_counts: [],
    mean_criteria: Object.fromEntries(
      CRITERION_NAMES.map((name) => [name, null]),
    ) as RunSummary['mean_criteria'],
    n_judged_turns: 0,
    n_skipped_turns: 0,
    n_audited_turns: 0,
    risk_bins: [],
    n_split_turns: 0,
    n_injection_turns: 0,
    n_context_overflow: ended?.reason === 'context_overflow' ? 1 : 0,
    input_tokens: 0,
    output_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    context_tokens: 0,
    dialogue_cost_usd: 0,
    judge_cost_usd: 0,
    cost_usd: 0,
    run_root_sha256: null,
    schema_version: SCHEMA_VERSION,
  };
}

/** Identity and cell of a row, as every summary carries them. */
export function rowFields({ row, seed, provider, is_simulated }: PlannedRunFacts) {
  return {
    run_id: row.run_id,
    execution_id: row.execution_id,
    manifest_id: row.manifest_id,
    measure_sha256: row.measure_sha256,
    dt: row.dt,
    week: row.week,
    model: row.model,
    variant: row.variant,
    temperature: row.temperature,
    seed_id: row.seed_id,
    phase: row.phase,
    repeat: row.repeat,
    series: row.series,
    provider,
    is_simulated,
    vector: seed.vector,
    test_type: seed.test_type,
    block: row.block,
    planned_turns: row.turns,
  };
}

/** Reasons met at run time that make a row without turns a skipped one: the model may not be called, or the money is spent. */
function runtimeSkip(ended: Ended | null): SkipReason | null {
  return ended?.reason === 'access' || ended?.reason === 'budget' ? ended.reason : null;
}
