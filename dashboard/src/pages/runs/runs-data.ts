import type { RunRow } from '../../../../schemas/dashboard-runs.ts';
import { CSD_LIST } from '../../format/labels.ts';

const FIELDS = [
  'run_id',
  'model',
  'variant',
  'temperature',
  'seed_id',
  'phase',
  'repeat',
  'is_simulated',
  'ended',
  'skip_reason',
  'censor_reason',
  'n_turns',
  'n_scored_turns',
  'half_life_turn',
  'is_censored',
  'observed_turns',
  'relative_half_life_turn',
  'aporia_turn',
  'mean_score',
  'compliance_rate',
  'decline_pts',
  'decline_ci_low',
  'decline_ci_high',
  'csd',
  'n_judged_turns',
  'n_split_turns',
  'dialogue_cost_usd',
  'judge_cost_usd',
  'cost_usd',
] as const satisfies readonly (keyof RunRow)[];

/** Runs as a table: names as in the lake, so that a saved file joins with it. */
export function runsData(runs: readonly RunRow[]) {
  return {
    columns: [...FIELDS, ...CSD_LIST.map((name) => `csd_${name}`), 'breaking_turn', 'breaking_text'],
    rows: runs.map((run) => [
      ...FIELDS.map((field) => run[field]),
      ...CSD_LIST.map((name) => run.csd_subscores[name]),
      run.breaking_turn?.turn_index,
      run.breaking_turn?.text,
    ]),
  };
}
