import { SCHEMA_VERSION, ALL_PHASES } from '../../schemas/names.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import type { WeeklySummary } from '../../schemas/weekly-summary.ts';
import type { LabelledPrediction } from '../statistics/prediction-powered.ts';
import { allPhasesHalfLife, phaseHalfLife } from './half-life-figures.ts';
import { judgeFigures } from './judge-figures.ts';
import { meanCsd, meanFigures } from './mean-figures.ts';
import { noiseFloor } from './noise-floor.ts';
import { rankModels } from './rank-models.ts';
import { round6, round6OrNull } from './round-record.ts';
import { scoredRuns, type RunGroup } from './run-group.ts';
import { weekOnWeek } from './week-on-week.ts';

export interface WeekFacts {
  execution_id: string;
  manifest_id: string;
  measure_sha256: string;
  series: string;
  week: string;
  dt: string;
}

/** What a week is compared with and corrected by. */
export interface WeekContext {
  /** Run summaries of the official execution of the week before in this series; empty when there is none. */
  previous: readonly RunSummary[];
  /** Human labels on randomly drawn turns of this series and measure, at most twelve weeks old. */
  labels: readonly LabelledPrediction[];
}

export interface WeekOptions extends WeekFacts, WeekContext {
  permutations: number;
  /** A smaller decline is none (rubric). */
  smallest_decline_pts: number;
  week_root_sha256: string;
}

/** A row in the making: the phases it is over. */
interface Slot {
  phase: WeeklySummary['phase'];
  groups: readonly RunGroup[];
}

/**
 * The weekly rows: one per model × variant × phase, and one over all phases for a model that has planned runs in every phase
 * of its variant. Half-life, means and CSD dimensions over phases are unweighted means of the phases; counts, violations and
 * judge figures are pooled. A figure that cannot be computed is null.
 */
export function summarizeWeek(groups: readonly RunGroup[], options: WeekOptions): WeeklySummary[] {
  const comparable = options.previous.filter(
    ({ measure_sha256 }) => measure_sha256 === options.measure_sha256,
  );
  const slots = slotsOf(groups);
  const rows = slots.map((slot) => ({ slot, row: rowOf(slot, comparable, options) }));
  for (const field of groupBy(rows, ({ row }) => `${row.variant}|${row.phase}`)) {
    const ranked = field.filter(({ row }) => row.rmst_turns !== null);
    const places = rankModels(ranked.map(({ row, slot }) => ({ model: row.model, groups: slot.groups })));
    for (const { row } of ranked) {
      Object.assign(row, places.get(row.model)!, { n_ranked: ranked.length });
    }
  }
  return rows.map(({ row }) => row).sort(byModelVariantPhase);
}

function slotsOf(groups: readonly RunGroup[]): Slot[] {
  return groupBy(groups, ({ variant }) => variant).flatMap((ofVariant) => {
    const phases = new Set(ofVariant.map(({ phase }) => phase));
    return groupBy(ofVariant, ({ model }) => model).flatMap((ofModel) => {
      const sorted = [...ofModel].sort((a, b) => (a.phase < b.phase ? -1 : 1));
      const single = sorted.map((group): Slot => ({ phase: group.phase, groups: [group] }));
      const isWhole = sorted.length === phases.size && sorted.every(({ n_planned }) => n_planned > 0);
      return isWhole ? [...single, { phase: ALL_PHASES, groups: sorted }] : single;
    });
  });
}

function rowOf(slot: Slot, previous: readonly RunSummary[], options: WeekOptions): WeeklySummary {
  const { groups, phase } = slot;
  const { model, variant, provider, is_simulated } = groups[0]!;
  const summaries = groups.flatMap((group) => group.summaries);
  const runs = scoredRuns(summaries);
  const n_planned = groups.reduce((sum, group) => sum + group.n_planned, 0);
  const total = (value: (run: RunSummary) => number) => summaries.reduce((sum, run) => sum + value(run), 0);
  const ended = (how: RunSummary['ended']) => summaries.filter((run) => run.ended === how).length;
  const cost_usd = total((run) => run.cost_usd);
  const earlier = previous.filter(
    (run) =>
      run.model === model && run.variant === variant && groups.some((group) => group.phase === run.phase),
  );
  return {
    execution_id: options.execution_id,
    manifest_id: options.manifest_id,
    measure_sha256: options.measure_sha256,
    series: options.series,
    week: options.week,
    dt: options.dt,
    model,
    provider,
    is_simulated,
    variant,
    phase,
    n_planned,
    n_runs: runs.length,
    n_skipped: ended('skipped'),
    n_failed: ended('failed'),
    n_overflow_failed: summaries.filter((run) => run.ended === 'failed' && run.n_context_overflow > 0).length,
    n_censored: ended('censored'),
    n_turns: total((run) => run.n_turns),
    n_scored_turns: total((run) => run.n_scored_turns),
    n_seeds: new Set(runs.map(({ seed_id }) => seed_id)).size,
    coverage_frac: n_planned === 0 ? 0 : round6(Math.min(1, runs.length / n_planned)),
    ...(phase === ALL_PHASES ? allPhasesHalfLife(groups) : phaseHalfLife(groups[0]!)),
    ...meanFigures(groups, options),
    csd: phase === ALL_PHASES ? null : meanCsd(groups[0]!),
    rank: null,
    rank_max: null,
    n_ranked: 0,
    cost_usd: round6(cost_usd),
    cost_per_run_usd: runs.length === 0 ? 0 : round6(cost_usd / runs.length),
    input_tokens: total((run) => run.input_tokens),
    output_tokens: total((run) => run.output_tokens),
    cache_read_tokens: total((run) => run.cache_read_tokens),
    cache_write_tokens: total((run) => run.cache_write_tokens),
    ...judgeFigures(groups),
    ...weekOnWeek(runs, scoredRuns(earlier), {
      permutations: options.permutations,
      seed: `${options.execution_id}:${model}:${variant}:${phase}`,
    }),
    noise_floor_rmst_turns: round6OrNull(noiseFloor(groups, phase === ALL_PHASES ? 'display' : 'phase')),
    week_root_sha256: options.week_root_sha256,
    schema_version: SCHEMA_VERSION,
  };
}

function byModelVariantPhase(a: WeeklySummary, b: WeeklySummary): number {
  // 'all' sorts behind P0 … P3 because lower case follows upper case in UTF-16.
  const key = ({ model, variant, phase }: WeeklySummary) => `${model}\u0000${variant}\u0000${phase}`;
  return key(a) < key(b) ? -1 : 1;
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
