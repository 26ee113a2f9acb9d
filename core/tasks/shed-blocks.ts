import type { Ended } from '../../schemas/checkpoint.ts';
import { ERROR } from '../../schemas/names.ts';
import type { PlannedRun } from '../../schemas/planned-run.ts';
import { affordableBlocks, type Affordable } from '../cost/affordable-blocks.ts';
import { canaryPart } from '../cost/row-parts.ts';
import { NamedError } from '../errors.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import type { Clock, ObjectStore } from '../ports.ts';
import type { Measure } from './measure.ts';
import { planSizes } from './plan-sizes.ts';
import type { StoredRun } from './read-run.ts';
import { worstCaseUsd } from './worst-case.ts';

/** What of a planned row decides whether a cap pays for it. */
type AffordableRow = Pick<
  PlannedRun,
  | 'model'
  | 'block'
  | 'turns'
  | 'target_tokens'
  | 'estimated_input_tokens'
  | 'estimated_usd'
  | 'judging_estimated_usd'
>;

function isPlanned(row: PlannedRun): boolean {
  return row.status === 'planned';
}

/** The blocks of a plan that a cap pays for: a function of planned rows and cap, so that GenerateRuns and Aggregate agree on it. */
export function affordableOf(
  measure: Measure,
  planned: readonly AffordableRow[],
  cap_usd: number,
): Affordable {
  const priced = planned.map((row) => ({ ...row, worst_call_usd: worstCallUsd(measure, row) }));
  return affordableBlocks(priced, canaryPart(planSizes(measure))?.estimate.likely.usd ?? 0, cap_usd);
}

/** The last call of a dialogue at its worst: its context is the phase's target, or twice the mean where talk alone fills it. */
function worstCallUsd(measure: Measure, row: AffordableRow): number {
  const context = Math.max(row.target_tokens, (2 * row.estimated_input_tokens) / row.turns);
  return worstCaseUsd(context, measure.model(row.model));
}

/**
 * The planned rows that go on the work lists, with the cap they run under. Throws BudgetExhausted when the cap holds no
 * block: nothing is begun that could not be compared.
 */
export function rowsUnderCap(
  measure: Measure,
  plan: readonly PlannedRun[],
  cap_usd: number,
): { rows: PlannedRun[]; expected_usd: number } {
  const { blocks, expected_usd, dialogues_until_usd, next_block_usd } = affordableOf(
    measure,
    plan.filter(isPlanned),
    cap_usd,
  );
  if (blocks.size === 0 && next_block_usd !== null)
    throw new NamedError(
      ERROR.budgetExhausted,
      `the cap of $${cap_usd} holds no block of the plan: the first needs $${next_block_usd.toFixed(4)}, the reserve for its dearest call included${expected_usd > 0 ? ` beside $${expected_usd.toFixed(4)} for the canary` : ''}; no model was called for a dialogue`,
      {
        hint: 'raise --max-cost-usd (budget_usd of the profile), or ask for less: `socratic-bench plan` shows the levers',
      },
    );
  const cap = expected_usd > 0 ? { cap_usd, dialogues_until_usd } : null;
  return {
    rows: plan
      .filter((row) => row.status === 'planned' && blocks.has(row.block))
      .map((row) => ({ ...row, cap })),
    expected_usd,
  };
}

/** Drops a row's whole block: no row of it is begun or judged any more under this cap. */
export async function shedBlock(store: ObjectStore, clock: Clock, row: PlannedRun): Promise<void> {
  if (row.cap === null) return;
  await store.putIfAbsent(
    lakeKeys.shedBlock(row.execution_id, row.cap.cap_usd, row.block),
    JSON.stringify({ block: row.block, run_id: row.run_id, shed_at: clock.now() }),
  );
}

/** Has another row of the block met the cap? */
export async function isShed(store: ObjectStore, row: PlannedRun): Promise<boolean> {
  if (row.cap === null) return false;
  return (await store.get(lakeKeys.shedBlock(row.execution_id, row.cap.cap_usd, row.block))) !== null;
}

/**
 * What Aggregate makes of a stored run: one whose block was dropped under this cap, before it began or while it ran, counts
 * as never begun, so that every model has the same cells. What it has is kept and is taken up again under a higher cap; what
 * it cost stays in the ledger.
 */
export async function createDropper(
  store: ObjectStore,
  measure: Measure,
  plan: readonly PlannedRun[],
  pointers: { execution_id: string; max_cost_usd: number },
): Promise<(run: StoredRun) => StoredRun> {
  const { blocks } = affordableOf(measure, plan.filter(isPlanned), pointers.max_cost_usd);
  const shed = new Set<number>();
  for await (const { key } of store.list(lakeKeys.shedBlocks(pointers.execution_id, pointers.max_cost_usd))) {
    const match = /\/block-(\d+)\.json$/.exec(key);
    if (match !== null) shed.add(Number(match[1]));
  }
  return (run) => {
    const { row } = run;
    if (row.status === 'skipped' || (blocks.has(row.block) && !shed.has(row.block))) return run;
    const error = shed.has(row.block)
      ? `block ${row.block} met the cap of $${pointers.max_cost_usd} and was dropped whole`
      : `the cap of $${pointers.max_cost_usd} is not expected to pay block ${row.block}: it was not begun`;
    const ended: Ended = { last_turn: 0, reason: 'budget', fault: null, error, ended_at: row.scheduled_at };
    return { ...run, turns: [], ended };
  };
}
