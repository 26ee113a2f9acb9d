import { readFileSync } from 'node:fs';
import { isDecline } from '../../core/metrics/decline.ts';
import { clusterMean, type ClusterMean } from '../../core/statistics/cluster-mean.ts';
import { CSD_DIMENSIONS, type CsdDimension } from '../../schemas/csd-subscores.ts';
import type { Phase } from '../../schemas/common.ts';
import { rubricSchema } from '../../schemas/rubric.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import { measure, shippedSeeds } from './harness.ts';

/** What is measured of tutors whose truth is known: the figures of known-answers.test.ts and of docs/methods.md. */

const rubric = rubricSchema.parse(
  JSON.parse(readFileSync(new URL('../../config/rubrics/rubric-1.1.json', import.meta.url), 'utf8')),
);

export const PHASES: readonly Phase[] = ['P0', 'P1', 'P2', 'P3'];
const DEFECT_PHASES: readonly Phase[] = ['P1', 'P2'];
/** Drifters and the turn from which on they tell. */
export const DRIFTERS = { 'drifter-5': 5, 'drifter-10': 10, 'drifter-20': 20, 'drifter-30': 30 } as const;

/** A tutor built to fail one dimension, and the dimensions its defect cannot but touch as well. */
export const DEFECTS: readonly {
  model: string;
  dimension: CsdDimension;
  touches: readonly CsdDimension[];
  why: string;
}[] = [
  {
    model: 'template',
    dimension: 'nvt',
    touches: ['st', 'tc', 'cr'],
    why: 'its few sentences name none of the points raised',
  },
  {
    model: 'forgetful',
    dimension: 'st',
    touches: ['cr', 'tc'],
    why: 'who forgets every point takes up none and pursues none',
  },
  { model: 'decoy-chaser', dimension: 'rhd', touches: [], why: '' },
  { model: 'contradiction-blind', dimension: 'ch', touches: [], why: '' },
  { model: 'meta-deaf', dimension: 'ma', touches: [], why: '' },
  {
    model: 'echo',
    dimension: 'cr',
    touches: ['st', 'tc'],
    why: 'its question, "Why?", names no point and links to none',
  },
];

/** Every n-th shipped seed: for n = 5 one of each kind of test and of each vector. */
async function everySeed(n: number): Promise<string[]> {
  return (await shippedSeeds()).filter((_, position) => position % n === 0);
}

/** Drifters, steadfast and inconsistent-05 under every phase of phases-1.1 on five seeds. */
export async function measureHalfLives(): Promise<RunSummary[]> {
  const { runs } = await measure({
    models: ['steadfast', 'inconsistent-05', ...Object.keys(DRIFTERS)],
    seeds: await everySeed(5),
    phases: [...PHASES],
  });
  return runs;
}

/** Drifters in phases-1.0, where P0 ends at turn 10 and P1 and P2 at turn 20. */
export async function measureShortPhases(): Promise<RunSummary[]> {
  const { runs } = await measure({
    models: ['drifter-5', 'drifter-10', 'drifter-20', 'drifter-30'],
    seeds: (await everySeed(4)).slice(0, 3),
    phases: ['P0', 'P1'],
    phase_file: 'phases-1.0',
  });
  return runs;
}

/**
 * The six tutors of `DEFECTS` in P1 and P2, where decoys and questions about the process occur, beside steadfast's runs of
 * `measureHalfLives` on the same cells.
 */
export async function measureDimensions(halfLives: readonly RunSummary[]): Promise<RunSummary[]> {
  const steadfast = halfLives.filter(
    ({ model, phase }) => model === 'steadfast' && DEFECT_PHASES.includes(phase),
  );
  const { runs } = await measure({
    models: DEFECTS.map(({ model }) => model),
    seeds: await everySeed(5),
    phases: [...DEFECT_PHASES],
  });
  return [...steadfast, ...runs];
}

export interface HalfLifeAnswer {
  model: string;
  phase: Phase;
  truth: number;
  n_runs: number;
  n_within_one: number;
  n_exact: number;
}

/** By drifter and phase: in how many runs the half-life is the truth, and within one turn of it. */
export function halfLifeAnswers(runs: readonly RunSummary[]): HalfLifeAnswer[] {
  return Object.entries(DRIFTERS).flatMap(([model, truth]) =>
    PHASES.map((phase) => {
      const half = runs
        .filter((run) => run.model === model && run.phase === phase)
        .map(({ half_life_turn }) => half_life_turn ?? Infinity);
      return {
        model,
        phase,
        truth,
        n_runs: half.length,
        n_within_one: half.filter((turn) => Math.abs(turn - truth) <= 1).length,
        n_exact: half.filter((turn) => turn === truth).length,
      };
    }),
  );
}

/** May a page say that the tutor declines, by these runs taken together? */
export function declines(runs: readonly RunSummary[], model: string): boolean {
  const { mean, ci_low } = declineOf(runs, model);
  return isDecline({ decline_pts: mean, decline_ci_low: ci_low }, rubric.half_life.smallest_decline_pts);
}

/** Runs of a tutor of which alone it might be said. */
export function declinesClaimed(runs: readonly RunSummary[], model: string): number {
  return runs.filter((run) => run.model === model && isDecline(run, rubric.half_life.smallest_decline_pts))
    .length;
}

/** Mean `decline_pts` of a tutor over its runs, phases as strata, seeds as clusters. */
export function declineOf(runs: readonly RunSummary[], model: string): ClusterMean {
  return clusterMean(
    runs
      .filter((run) => run.model === model && run.decline_pts !== null)
      .map((run) => ({ stratum: run.phase, cluster: run.seed_id, value: run.decline_pts!, weight: 1 })),
  )!;
}

/** How much more a tutor declines than another on the same cells. */
export function declineBeyond(runs: readonly RunSummary[], model: string, other: string): ClusterMean {
  const others = new Map(runs.filter((run) => run.model === other).map((run) => [cellOf(run), run]));
  return clusterMean(
    runs
      .filter((run) => run.model === model)
      .map((run) => ({
        stratum: run.phase,
        cluster: run.seed_id,
        value: run.decline_pts! - others.get(cellOf(run))!.decline_pts!,
        weight: 1,
      })),
  )!;
}

export interface DimensionGap {
  model: string;
  other: string;
  dimension: CsdDimension;
  /** other − model on the same cells; cluster = seed. */
  gap: ClusterMean;
}

/** How far a tutor lies below another on each dimension, paired by cell. */
export function dimensionGaps(runs: readonly RunSummary[], model: string, other: string): DimensionGap[] {
  const others = new Map(runs.filter((run) => run.model === other).map((run) => [cellOf(run), run]));
  return CSD_DIMENSIONS.flatMap((dimension) => {
    const pairs = runs
      .filter((run) => run.model === model)
      .flatMap((run) => {
        const own = run.csd_subscores[dimension];
        const theirs = others.get(cellOf(run))?.csd_subscores[dimension] ?? null;
        return own === null || theirs === null
          ? []
          : [{ stratum: run.phase, cluster: run.seed_id, value: theirs - own, weight: 1 }];
      });
    const gap = clusterMean(pairs);
    return gap === null ? [] : [{ model, other, dimension, gap }];
  });
}

/** Mean of a dimension over a tutor's runs. */
export function dimensionMean(
  runs: readonly RunSummary[],
  model: string,
  dimension: CsdDimension,
): number | null {
  const values = runs
    .filter((run) => run.model === model)
    .flatMap((run) => run.csd_subscores[dimension] ?? []);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function cellOf({ seed_id, phase, repeat }: RunSummary): string {
  return `${seed_id}|${phase}|${repeat}`;
}
