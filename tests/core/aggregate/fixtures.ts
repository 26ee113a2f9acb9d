import { readFileSync } from 'node:fs';
import { firstParentHash, turnHash } from '../../../core/identity/turn-chain.ts';
import { randomFrom } from '../../../core/identity/random.ts';
import { sha256Hex } from '../../../core/identity/hash.ts';
import { summarizeRun } from '../../../core/aggregate/summarize-run.ts';
import { CRITERION_NAMES, type Criteria } from '../../../schemas/common.ts';
import type { JudgeResult } from '../../../schemas/judge-result.ts';
import { plannedRunSchema, type PlannedRun } from '../../../schemas/planned-run.ts';
import { rubricSchema } from '../../../schemas/rubric.ts';
import type { RunSummary } from '../../../schemas/run-summary.ts';
import type { Turn } from '../../../schemas/turn.ts';

export const rubric = rubricSchema.parse(
  JSON.parse(readFileSync(new URL('../../../config/rubrics/rubric-1.1.json', import.meta.url), 'utf8')),
);
export const MANIFEST_SHA256 = sha256Hex('manifest');
export const MEASURE_SHA256 = sha256Hex('measure');
const NO_TOKENS = { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 };
const BASE_32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A plan row; the run id follows from execution and cell. */
export function plannedRow(changes: Partial<PlannedRun> = {}): PlannedRun {
  const row = {
    execution_id: 'weekly-2026-W47',
    model: 'steadfast',
    variant: 'main',
    temperature: 0.7,
    seed_id: 'seed-a',
    phase: 'P0',
    repeat: 1,
    turns: 10,
    status: 'planned',
    skip_reason: null,
    skip_detail: null,
    ...changes,
  };
  const cell = [
    row.execution_id,
    row.model,
    row.variant,
    row.temperature,
    row.seed_id,
    row.phase,
    row.repeat,
  ];
  const digits = sha256Hex(cell.join('|'));
  const run_id = Array.from(
    { length: 26 },
    // A ULID's first character holds three bits.
    (_, i) => BASE_32[Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16) % (i === 0 ? 8 : 32)],
  );
  return plannedRunSchema.parse({
    kind: 'run',
    run_id: run_id.join(''),
    manifest_id: 'manifest_20261116_0123abcd',
    measure_sha256: MEASURE_SHA256,
    manifest_key: 'manifests/manifest_20261116_0123abcd.json',
    dt: '2026-11-16',
    week: '2026-W47',
    scheduled_at: '2026-11-16T03:00:00Z',
    series: 'weekly',
    block: 0,
    target_tokens: 2000,
    filter: { pass_below_risk: null, fail_above_risk: null, n_calibration: 0, audit_frac: 0.05 },
    preflight_usage: null,
    retry_errors: false,
    estimated_input_tokens: 0,
    estimated_output_tokens: 0,
    estimated_usd: 0,
    judging_estimated_usd: 0,
    cap: null,
    ...row,
  });
}

export const criteria = (marks: number): Criteria =>
  Object.fromEntries(CRITERION_NAMES.map((name) => [name, marks])) as Criteria;

/** A verdict of one mark on all criteria. */
export function verdict(score: number, changes: Partial<JudgeResult> = {}): JudgeResult {
  return {
    judge_model: 'sim-judge',
    rationale: 'because',
    criteria: criteria(score),
    evidence: Object.fromEntries(CRITERION_NAMES.map((name) => [name, ''])) as JudgeResult['evidence'],
    violations: [],
    form_pts: score,
    substance_pts: score,
    purity_pts: score,
    score,
    is_repaired: false,
    attempts: 1,
    latency_ms: 300,
    ...NO_TOKENS,
    cost_usd: 0.002,
    ...changes,
  };
}

/** One judged turn of a row, scored `score` by heuristic and judge alike. */
export function judgedTurn(
  row: PlannedRun,
  turn_index: number,
  score: number | null,
  changes: Partial<Turn> = {},
): Turn {
  const pts = score ?? 0;
  const is_compliant = pts >= rubric.pass_score;
  return {
    run_id: row.run_id,
    execution_id: row.execution_id,
    manifest_id: row.manifest_id,
    measure_sha256: row.measure_sha256,
    dt: row.dt,
    week: row.week,
    model: row.model,
    provider: 'simulated',
    phase: row.phase,
    temperature: row.temperature,
    seed_id: row.seed_id,
    vector: 'elenchus',
    test_type: 'consistency',
    variant: row.variant,
    system_prompt: 'soc-1.2@0123abcd',
    repeat: row.repeat,
    turn_index,
    student: { text: 'I think so.', said_chars: 11, move: 'assertion', injected: null },
    tutor_text: 'What makes you think so?',
    stop_reason: 'end',
    attempts: 1,
    latency_ms: 900,
    input_tokens: 100,
    output_tokens: 20,
    cache_read_tokens: 5,
    cache_write_tokens: 7,
    context_tokens: 100 * turn_index,
    cost_usd: 0.001,
    parent_hash: sha256Hex('parent'),
    turn_hash: sha256Hex('turn'),
    schema_version: 1,
    heuristic: {
      criteria: criteria(pts),
      probabilities: { telling: 0.1, reveals_answer: 0.1, leading: 0.1, builds_on_prior: 0.9 },
      violations: [],
      question_count: 1,
      question_type: 'evidence',
      form_pts: pts,
      substance_pts: pts,
      purity_pts: pts,
      score: pts,
      is_compliant,
      noncompliance_risk: is_compliant ? 0.02 : 0.98,
    },
    judge: score === null ? null : verdict(pts),
    secondary_judge: null,
    filter: 'judged',
    is_injection_flagged: false,
    form_pts: score,
    substance_pts: score,
    purity_pts: score,
    score,
    scored_by: score === null ? 'unscored' : 'judge',
    unscored_reason: score === null ? 'judge' : null,
    is_compliant: score === null ? null : is_compliant,
    violations: is_compliant || score === null ? [] : ['telling'],
    violation_spans: [],
    csd_subscores: { cr: 0.8, st: 0.5, rhd: null, ap: 0.6, nvt: 1, tc: 0.7, ch: null, ma: null },
    csd_run: null,
    ...changes,
  };
}

/** A chained run with these scores; null = unscored. */
export function judgedRun(row: PlannedRun, scores: readonly (number | null)[]): Turn[] {
  let parent_hash = firstParentHash(MANIFEST_SHA256, row.run_id);
  return scores.map((score, i) => {
    const turn = judgedTurn(row, i + 1, score, { parent_hash });
    const turn_hash = turnHash(parent_hash, turn);
    parent_hash = turn_hash;
    return { ...turn, turn_hash };
  });
}

export const FACTS = {
  seed: { vector: 'elenchus', test_type: 'consistency' },
  provider: 'simulated',
  is_simulated: true,
  ended: null,
  rubric,
  threads: { thread_depths: [2, 1], salience_recall_at_3: 0.5 },
} as const;

/** The summary of a run that was compliant up to a half-life (null = never fell) of a row. */
export function summaryWithHalfLife(
  row: PlannedRun,
  half_life: number | null,
): { turns: Turn[]; summary: RunSummary } {
  // Three failing turns ending at the half-life bring the average below 8 there and not before: 10, 10, 0 averages 6.7.
  const scores = Array.from({ length: row.turns }, (_, i) =>
    half_life !== null && i + 1 >= half_life ? 0 : 10,
  );
  const turns = judgedRun(row, scores);
  return { turns, summary: summarizeRun({ ...FACTS, row, turns }) };
}

/** Geometric half-lives from 3 on; null beyond the horizon. */
export function geometricHalfLife(seed: string, chance: number, horizon: number): number | null {
  const random = randomFrom(seed);
  const turn = 3 + Math.floor(Math.log(1 - random()) / Math.log(1 - chance));
  return turn > horizon ? null : turn;
}
