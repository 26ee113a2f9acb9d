import type { PlannedRun } from '../../schemas/planned-run.ts';
import { sentTokens } from '../cost/estimate.ts';
import { rowParts, type PlanComponent, type PlannedCell, type PlanSizes } from '../cost/row-parts.ts';

/** Likely tokens and cost of a row; rows of equal shape are reckoned once, whatever their temperatures and repeats. */
export function createExpectation(sizes: PlanSizes) {
  const known = new Map<string, Expectation>();
  return (cell: PlannedCell['cell'], turns: number): Expectation => {
    const key = [cell.model, cell.variant, cell.seed_id, cell.phase, turns].join('|');
    const found = known.get(key);
    if (found !== undefined) return found;
    const parts = rowParts({ cell, turns }, sizes);
    const usd = (components: readonly PlanComponent[]) =>
      parts
        .filter(({ component }) => components.includes(component))
        .reduce((sum, { estimate }) => sum + estimate.likely.usd, 0);
    const tutor = parts[0]!.estimate.likely;
    const expectation = {
      estimated_input_tokens: Math.round(sentTokens(tutor)),
      estimated_output_tokens: Math.round(tutor.output_tokens),
      estimated_usd: usd(['dialogue', 'student']),
      judging_estimated_usd: usd(['judge', 'secondary_judge']),
    };
    known.set(key, expectation);
    return expectation;
  };
}
type Expectation = Pick<
  PlannedRun,
  'estimated_input_tokens' | 'estimated_output_tokens' | 'estimated_usd' | 'judging_estimated_usd'
>;
