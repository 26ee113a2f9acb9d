import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomFrom } from '../../core/identity/random.ts';
import { shiftWeek } from '../../core/identity/iso-week.ts';
import { PHASES } from '../../schemas/common.ts';
import { trendRowSchema, type IndexFile, type TrendsFile } from '../../schemas/dashboard-data.ts';
import { DASHBOARD_FILES } from '../../schemas/dashboard-files.ts';

const SERIES = 'weekly';
const LAST_WEEK = '2026-W47';

/**
 * Writes what the Overview reads of a long history: made-up numbers in the contract's form, no execution behind them. Only for
 * measuring the page.
 */
export function writeLongHistory(data: string, size: { weeks: number; models: number; runs: number }): void {
  const random = randomFrom('dashboard bench');
  const write = (path: string, value: unknown) => {
    mkdirSync(dirname(join(data, path)), { recursive: true });
    writeFileSync(join(data, path), JSON.stringify(value));
  };
  const weeks = Array.from({ length: size.weeks }, (_, index) =>
    weekOf(shiftWeek(LAST_WEEK, index + 1 - size.weeks), size),
  );
  const models = Array.from(
    { length: size.models },
    (_, index) => `model-${String(index + 1).padStart(2, '0')}`,
  );
  const columns: Record<string, unknown[]> = Object.fromEntries(
    Object.keys(trendRowSchema.shape).map((name) => [name, [] as unknown[]]),
  );
  weeks.forEach((_, week) =>
    models.forEach((_, model) => {
      const rmst = 8 + model + 2 * random();
      const row: Record<string, unknown> = {
        week,
        model,
        variant: 0,
        phase: 'all',
        rank: size.models - model,
        rank_max: size.models - model,
        rmst_turns: round(rmst),
        rmst_ci_low: round(rmst - 2),
        rmst_ci_high: round(rmst + 2),
        wow_rmst_delta: round(random() / 10 - 0.05),
        wow_rmst_ci_low: -0.1,
        wow_rmst_ci_high: 0.1,
      };
      for (const [name, values] of Object.entries(columns)) values.push(row[name] ?? round(random()));
    }),
  );
  const executions = weeks.map((week) => ({ ...week, series: SERIES, is_official: true }));
  const index = {
    default_series: SERIES,
    series: [{ series: SERIES, is_simulated: true, weeks: executions }],
    executions,
  } satisfies Record<keyof IndexFile, unknown>;
  write(DASHBOARD_FILES.index, index);
  write(DASHBOARD_FILES.trends(SERIES), {
    series: SERIES,
    weeks,
    models,
    variants: ['main'],
    columns,
  } satisfies Record<keyof TrendsFile, unknown>);
  write(DASHBOARD_FILES.alerts, {
    executions: weeks.map(({ execution_id, week }) => ({
      execution_id,
      series: SERIES,
      week,
      digest: '',
      alerts: [],
    })),
  });
  write(DASHBOARD_FILES.local, { api_base: null, features: [], lake: null, version: null });
  const last = weeks.at(-1)!.execution_id;
  write(DASHBOARD_FILES.execution(last), {
    execution_id: last,
    weekly: models.flatMap((model) =>
      PHASES.map((phase) => ({
        model,
        variant: 'main',
        phase,
        survival_curve: Array.from({ length: 40 }, (_, turn) => ({
          turn,
          survival: round(random()),
          at_risk: 36,
          events: 1,
        })),
        violations_per_100_turns: [{ violation: 'telling', per_100: round(random()) }],
      })),
    ),
  });
  write(DASHBOARD_FILES.runs(last), {
    execution_id: last,
    scale: { pass_score: 8, half_life_threshold_pts: 8, half_life_window_turns: 3, split_pts: 2 },
    seeds: [],
    runs: Array.from({ length: size.runs }, (_, run) => ({
      run_id: String(run),
      model: models[run % models.length],
      variant: 'main',
      phase: PHASES[run % PHASES.length],
      mean_score: round(10 * random()),
      score_by_turn: Array.from({ length: 40 }, () => round(10 * random())),
      breaking_turn: {
        turn_index: 9,
        score: 2,
        violations: ['telling'],
        text: 'It follows that the answer is four.',
      },
    })),
  });
}

function weekOf(week: string, size: { models: number; runs: number }) {
  return {
    execution_id: `${SERIES}-${week}`,
    manifest_id: 'manifest_20261116_00000000',
    profile: SERIES,
    week,
    dt: '2026-11-16',
    measure_sha256: '0'.repeat(64),
    is_simulated: true,
    is_partial: false,
    n_models: size.models,
    n_planned: size.runs,
    n_scored: size.runs,
    n_skipped: 0,
    n_failed: 0,
    n_turns: size.runs * 40,
    coverage_frac: 1,
    budget_usd: 40,
    estimated_usd: 30,
    spent_usd: 29,
    has_canary: false,
    baseline_execution_id: null,
    previous_execution_id: `${SERIES}-${shiftWeek(week, -1)}`,
    spent_by_component: [{ component: 'dialogue', cost_usd: 29, n_calls: size.runs * 40 }],
    skips: [],
    judge: {
      n_judged_turns: 1000,
      n_skipped_turns: 0,
      n_audited_turns: 0,
      n_audit_errors: 0,
      split_frac: 0.1,
      kappa: 0.6,
    },
    canary: null,
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
