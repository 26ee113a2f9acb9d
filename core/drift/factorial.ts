import type { Variant } from '../../schemas/profile.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import { halfLifePairs, type CellAxis } from '../aggregate/paired-runs.ts';
import { DISPLAY_TURNS, groupByPhase, rmstOf, runShares, survivalOf } from '../aggregate/run-group.ts';
import { randomFrom } from '../identity/random.ts';
import { clusterMean, type ClusterMean } from '../statistics/cluster-mean.ts';
import { isDecline } from '../metrics/decline.ts';
import { holm } from '../statistics/holm.ts';
import { pairedChange, type Pair, type PairedChange } from '../statistics/paired-change.ts';

/** What made a tutor lose half-life. */
export type Cause = 'length' | 'pressure' | 'turns';

/** What a load costs: RMST with it − RMST without, turns on the scale of 40, negative where it costs. */
export interface LoadEffect extends PairedChange {
  /** One-sided p for a cost, Holm over the loads of all models. */
  p_adjusted: number;
}

/** The factorial of one model: pad (grow or prefill) × pressure (on or off) on the same cells. */
export interface Attribution {
  model: string;
  n_runs: number;
  /** RMST of each arm, turns on the scale of 40; null without a known one. */
  rmst_by_arm: { variant: string; pad: Variant['pad']; pressure: Variant['pressure']; rmst: number | null }[];
  /** The whole text at turn 1 against the text spread over the turns, pressure alike. Null without a pair. */
  length: LoadEffect | null;
  /** Pressure on against off, padding alike. Null without a pair. */
  pressure: LoadEffect | null;
  /**
   * `decline_pts` where length stands still and nobody presses (prefill, pressure off): what is lost there, is lost to the
   * turns alone. Null where no such run has a decline.
   */
  turns: ClusterMean | null;
  /** Causes that the data show; empty: none. */
  causes: Cause[];
  /** The finding in one sentence, with its interval and n. */
  sentence: string;
}

export interface FactorialOptions {
  /** Variants of the profile by name. */
  variants: Readonly<Record<string, Variant>>;
  permutations: number;
  /** A smaller decline is none (rubric). */
  smallest_decline_pts: number;
  /** Seeds the permutations where there are too many to count. */
  seed: string;
  alpha?: number;
}

/** Variants differ between the two sides; everything else of the cell is alike. */
const CELL_BESIDE_VARIANT: readonly CellAxis[] = ['model', 'temperature', 'seed_id', 'phase', 'repeat'];

type Arm = { variant: string } & Pick<Variant, 'pad' | 'pressure'>;

/**
 * Attributes the loss of half-life to length, pressure or the turns. Padding that grows makes length and turns go together;
 * padding put whole into turn 1 takes them apart. A load is a cause where the one-sided sign-flip p of its cost, Holm over
 * all models and loads, is below alpha and its interval excludes 0; the turns are one where, in the arm without any
 * other load, RMST lies below the horizon beyond chance and the decline counts as one. Seeds are fixed, the unit is the pair.
 * @param runs summaries of one execution, or of several with the same measure.
 * @returns one per model, by name; empty when the variants hold no two arms that differ in pad or pressure alone.
 */
export function attributeCollapse(runs: readonly RunSummary[], options: FactorialOptions): Attribution[] {
  const arms = armsOf(options.variants);
  const contrasts = {
    length: contrastsOf(arms, 'pad', 'prefill', 'pressure'),
    pressure: contrastsOf(arms, 'pressure', 'on', 'pad'),
  };
  if (contrasts.length.length + contrasts.pressure.length === 0) return [];
  const alpha = options.alpha ?? 0.05;
  const models = [...new Set(runs.map(({ model }) => model))].sort();
  const changes = models.flatMap((model) => {
    const own = runs.filter((run) => run.model === model);
    return (['length', 'pressure'] as const).map((load) =>
      changeOf(own, contrasts[load], options, `${options.seed}:${model}:${load}`),
    );
  });
  const adjusted = adjustedOf(changes);
  return models.map((model, index) => {
    const own = runs.filter((run) => run.model === model);
    const effect = (at: number): LoadEffect | null =>
      changes[at] === null ? null : { ...changes[at]!, p_adjusted: adjusted[at]! };
    const [length, pressure] = [effect(2 * index), effect(2 * index + 1)];
    const rmst_by_arm = arms.map((arm) => ({ ...arm, rmst: armRmst(own, arm.variant) }));
    const bare = rmst_by_arm.find(({ pad, pressure: on }) => pad === 'prefill' && on === 'off');
    const without = own.filter(({ variant }) => variant === bare?.variant);
    const turns = declineOf(without);
    const declines =
      turns !== null &&
      isDecline({ decline_pts: turns.mean, decline_ci_low: turns.ci_low }, options.smallest_decline_pts);
    const losesToTurns = declines && losesHalfLife(without);
    const causes: Cause[] = [
      ...(costs(length, alpha) ? (['length'] as const) : []),
      ...(costs(pressure, alpha) ? (['pressure'] as const) : []),
      ...(losesToTurns ? (['turns'] as const) : []),
    ];
    const finding = {
      model,
      n_runs: own.length,
      rmst_by_arm,
      length,
      pressure,
      turns,
      causes,
    };
    return { ...finding, sentence: sentenceOf(finding) };
  });
}

/** The variants that are alike in everything but pad and pressure: the largest such group, in the order of the profile. */
function armsOf(variants: FactorialOptions['variants']): Arm[] {
  const groups = new Map<string, Arm[]>();
  for (const [variant, { pad, pressure, system_prompt, student, student_model }] of Object.entries(
    variants,
  )) {
    const key = `${system_prompt}|${student}|${student_model ?? ''}`;
    const group = groups.get(key) ?? [];
    group.push({ variant, pad, pressure });
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.length - a.length)[0] ?? [];
}

/** Pairs of arms that differ in one load alone: with it, without it, and the level of the other load. */
function contrastsOf(
  arms: readonly Arm[],
  load: 'pad' | 'pressure',
  loaded: string,
  other: 'pad' | 'pressure',
) {
  return arms
    .filter((arm) => arm[load] === loaded)
    .flatMap((arm) =>
      arms
        .filter((one) => one[load] !== loaded && one[other] === arm[other])
        .map((one) => ({ with_load: arm.variant, without: one.variant, level: arm[other] })),
    );
}

function changeOf(
  runs: readonly RunSummary[],
  contrasts: ReturnType<typeof contrastsOf>,
  { permutations }: FactorialOptions,
  seed: string,
): PairedChange | null {
  const of = (variant: string) => runs.filter((run) => run.variant === variant);
  const pairs = contrasts.flatMap(({ with_load, without, level }): Pair[] =>
    halfLifePairs(of(with_load), of(without), CELL_BESIDE_VARIANT).map((pair) => ({
      ...pair,
      stratum: `${pair.stratum}|${level}`,
    })),
  );
  return pairedChange(pairs, { draws: permutations, random: randomFrom(seed) });
}

function adjustedOf(changes: readonly (PairedChange | null)[]): number[] {
  const tested = changes.flatMap((change, index) => (change === null ? [] : [{ index, p: change.p_fall }]));
  const adjusted = holm(tested.map(({ p }) => p));
  const byChange: number[] = changes.map(() => 1);
  tested.forEach(({ index }, rank) => {
    byChange[index] = adjusted[rank]!;
  });
  return byChange;
}

function costs(effect: LoadEffect | null, alpha: number): boolean {
  return effect?.ci_high != null && effect.ci_high < 0 && effect.p_adjusted < alpha;
}

function declineOf(runs: readonly RunSummary[]): ClusterMean | null {
  return clusterMean(
    runs.flatMap(({ phase, seed_id, decline_pts }) =>
      decline_pts === null ? [] : [{ stratum: phase, cluster: seed_id, value: decline_pts, weight: 1 }],
    ),
  );
}

/** Does RMST lie below the horizon beyond chance? One run of many that misses it by an unlucky turn is chance. */
function losesHalfLife(runs: readonly RunSummary[]): boolean {
  const mean = clusterMean(
    [...groupByPhase(runs).values()].flatMap((group) =>
      (runShares(group) ?? []).map(({ run, pseudo_turns }) => ({
        stratum: run.phase,
        cluster: run.seed_id,
        value: pseudo_turns / group.horizon,
        weight: 1,
      })),
    ),
  );
  return mean?.ci_high != null && mean.ci_high < 1;
}

function armRmst(runs: readonly RunSummary[], variant: string): number | null {
  const groups = [...groupByPhase(runs.filter((run) => run.variant === variant)).values()];
  const shares = groups.map((group) => {
    const rmst = rmstOf(group, survivalOf);
    return rmst === null ? null : (rmst / group.horizon) * DISPLAY_TURNS;
  });
  if (shares.length === 0 || shares.includes(null)) return null;
  return shares.reduce<number>((sum, share) => sum + share!, 0) / shares.length;
}

function sentenceOf({ model, length, pressure, turns, causes }: Omit<Attribution, 'sentence'>): string {
  if (length === null && pressure === null)
    return `${model}: no two arms hold the same cells; nothing to compare.`;
  const parts: Record<Cause, string> = {
    length: `the whole text at turn 1 costs ${costText(length)}`,
    pressure: `pressure costs ${costText(pressure)}`,
    turns: `without either load it declines by ${turns === null ? '' : `${turns.mean.toFixed(1)} points${range(turns.ci_low, turns.ci_high)}`}`,
  };
  if (causes.length > 0)
    return `${model}: ${causes.join(' and ')}. ${sentenceCase(causes.map((cause) => parts[cause]).join('; '))}.`;
  const detectable = [detectableText('length', length), detectableText('pressure', pressure)].filter(
    (text) => text !== null,
  );
  return (
    `${model}: none. Neither length nor pressure costs half-life beyond chance, and no half-life is lost to a decline without them.` +
    (detectable.length > 0 ? ` Found with 80% power: ${detectable.join(', ')}.` : '')
  );
}

function costText(effect: LoadEffect | null): string {
  if (effect === null) return '–';
  const interval =
    effect.ci_low === null || effect.ci_high === null ? '' : range(-effect.ci_high, -effect.ci_low);
  const p = effect.p_adjusted < 0.001 ? 'p < .001' : `p = ${effect.p_adjusted.toFixed(3)}`;
  return `${(-effect.delta).toFixed(1)} turns of half-life${interval}, ${p}, ${effect.n_pairs} pairs`;
}

function detectableText(load: string, effect: LoadEffect | null): string | null {
  return effect?.mdc == null ? null : `a cost of ${load} of ${effect.mdc.toFixed(1)} turns`;
}

function range(low: number | null, high: number | null): string {
  return low === null || high === null ? '' : ` [${low.toFixed(1)}, ${high.toFixed(1)}]`;
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
