import type { PlannedRun } from '../../schemas/planned-run.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import type { Turn } from '../../schemas/turn.ts';
import type { WeeklySummary } from '../../schemas/weekly-summary.ts';
import { isWanted, type RunGroup } from './run-group.ts';
import { summarizeWeek, type WeekContext, type WeekFacts } from './summarize-week.ts';
import { emptyTurnTally, tallySplit, tallyTurn } from './turn-tally.ts';
import { weekRoot } from './week-root.ts';

export interface WeekAccumulator {
  /** One plan row, in plan order: its summary and, while they are at hand, its judged turns. */
  addRun(
    row: Pick<PlannedRun, 'status' | 'skip_reason' | 'filter'>,
    summary: RunSummary,
    turns: Iterable<Turn>,
  ): void;
  /** The weekly rows, sorted by model, variant and phase (`all` last). */
  finish(context: WeekContext): WeeklySummary[];
}

/**
 * Gathers an execution run by run. Turns leave memory with their run: what stays is one summary per plan row and constant
 * counts per model, variant and phase.
 * @param options.permutations draws of a sign-flip test (config/alerts).
 */
export function createWeekAccumulator(
  facts: WeekFacts,
  options: { rubric: Rubric; permutations: number },
): WeekAccumulator {
  const groups = new Map<string, RunGroup>();
  const roots: { run_id: string; run_root_sha256: string | null }[] = [];
  return {
    addRun(row, summary, turns) {
      const key = `${summary.model}|${summary.variant}|${summary.phase}`;
      const group = groups.get(key) ?? emptyGroup(summary);
      groups.set(key, group);
      if (isWanted(row)) group.n_planned += 1;
      group.horizon = Math.max(group.horizon, summary.planned_turns);
      group.summaries.push(summary);
      const splits = { run_id: summary.run_id, split: 0, judged: 0 };
      for (const turn of turns) {
        tallyTurn(group.tally, turn, options.rubric, row.filter.audit_frac);
        tallySplit(splits, turn, options.rubric, row.filter.audit_frac);
      }
      if (splits.judged > 0) group.splits.push(splits);
      roots.push({ run_id: summary.run_id, run_root_sha256: summary.run_root_sha256 });
    },
    finish: (context) =>
      summarizeWeek([...groups.values()], {
        ...facts,
        ...context,
        permutations: options.permutations,
        smallest_decline_pts: options.rubric.half_life.smallest_decline_pts,
        week_root_sha256: weekRoot(roots),
      }),
  };
}

function emptyGroup({ model, variant, phase, provider, is_simulated }: RunSummary): RunGroup {
  return {
    model,
    variant,
    phase,
    provider,
    is_simulated,
    horizon: 0,
    n_planned: 0,
    summaries: [],
    tally: emptyTurnTally(),
    splits: [],
  };
}
