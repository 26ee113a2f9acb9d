import type { RunRow } from '../../../schemas/dashboard-runs.ts';
import { temperatureLabel } from './labels.ts';

/** Parameters of the Runs page that choose rows; others in the URL are not its business. */
export function filterRuns(
  runs: readonly RunRow[],
  filters: Readonly<Record<string, string | undefined>>,
): RunRow[] {
  const is = (value: string, key: string) => filters[key] === undefined || filters[key] === value;
  return runs.filter(
    (run) =>
      is(run.model, 'model') &&
      is(run.phase, 'phase') &&
      is(run.seed_id, 'seed') &&
      is(run.variant, 'variant') &&
      is(temperatureLabel(run.temperature), 'temperature') &&
      hasEnded(run, filters['ended']) &&
      (filters['violation'] === undefined ||
        run.violation_counts.some(({ violation }) => violation === filters['violation'])),
  );
}

/** `lost`: half-life reached; `held`: watched to the horizon without reaching it; else the record's own word. */
function hasEnded(run: RunRow, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  if (wanted === 'lost') return run.half_life_turn !== null;
  if (wanted === 'held') return run.censor_reason === 'horizon';
  return run.ended === wanted;
}

/** What a head of the runs table sorts by. A run that held sorts behind every turn it was watched for. */
export const RUN_SORTS: Readonly<Record<string, (run: RunRow) => number | string | null>> = {
  model: (run) => run.model,
  phase: (run) => run.phase,
  half_life: (run) => run.half_life_turn ?? (run.is_censored ? run.observed_turns + 0.5 : null),
  mean_score: (run) => run.mean_score,
  compliance: (run) => run.compliance_rate,
  decline: (run) => run.decline_pts,
  csd: (run) => run.csd,
  cost: (run) => run.cost_usd,
};
