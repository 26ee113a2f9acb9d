import { CRITERION_NAMES } from '../../schemas/common.ts';
import type { LabelQueue, LabelStatistics } from '../../schemas/label.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import { bootstrapInterval } from '../statistics/bootstrap.ts';
import { krippendorffAlpha } from '../statistics/krippendorff-alpha.ts';
import { addRatingPair, emptyRatingTable, weightedKappa } from '../statistics/weighted-kappa.ts';
import { consensusOf, needsAdjudication, ratingsByItem, type Rating } from './ratings.ts';

/** Resamples of an interval: its ends move by about 2% of its width between two seeds. */
const DRAWS = 500;
/** Marks 0–5 of a rater, and whole points 0–10 of a score. */
const MARKS = 6;
const POINTS = 11;

/**
 * How far people agree with each other, with themselves and with the judge, over one queue's labels.
 * @param judgeScores the judge's (or resolved) score by item, where there is one.
 */
export function labelStatistics(
  queue: LabelQueue,
  all: readonly Rating[],
  judgeScores: ReadonlyMap<string, number>,
  rubric: Rubric,
): Omit<LabelStatistics, 'corrections'> {
  const ratings = all.filter((rating) => rating.queue === queue);
  const byItem = ratingsByItem(ratings);
  const firsts = [...byItem.values()].map((item) => item.filter(({ pass }) => pass === 'first'));
  const doubles = firsts.filter((item) => item.length >= 2);
  const labelled = firsts.filter((item) => item.length >= 1).length;
  const scores = doubles.map((item) => item.map(({ score }) => score));
  const seed = `labels:${queue}:${ratings.length}`;
  return {
    queue,
    n_items: labelled,
    n_labels: ratings.length,
    n_double: doubles.length,
    double_frac: labelled === 0 ? null : doubles.length / labelled,
    n_to_adjudicate: [...byItem.values()].filter((item) => needsAdjudication(item)).length,
    alpha: estimate(scores, (units) => krippendorffAlpha(units, 'interval'), `${seed}:alpha`),
    raters_mae_pts: estimate(scores.map(meanDifference), mean, `${seed}:mae`),
    self_mae_pts: estimate(selfDifferences(ratings), mean, `${seed}:self`),
    by_criterion: CRITERION_NAMES.map((criterion) => {
      const table = emptyRatingTable(MARKS);
      const marks = doubles.map((item) => item.map((rating) => rating.marks[criterion]));
      for (const [first, second] of marks.flatMap(pairs)) {
        // Both ways round: neither of two raters is the first.
        addRatingPair(table, first, second, 0.5);
        addRatingPair(table, second, first, 0.5);
      }
      return {
        criterion,
        n_pairs: marks.flatMap(pairs).length,
        kappa: weightedKappa(table, 'quadratic'),
        alpha: krippendorffAlpha(marks, 'interval'),
      };
    }),
    by_rater: byRater(ratings, doubles),
    judge: judgeAgreement(byItem, judgeScores, rubric, seed),
  };
}

function byRater(ratings: readonly Rating[], doubles: readonly (readonly Rating[])[]) {
  const raters = [...new Set(ratings.map(({ rater }) => rater))].sort();
  return raters.map((rater) => {
    const differences = doubles.flatMap((item) => {
      const own = item.find((rating) => rating.rater === rater);
      const others = item.filter((rating) => rating.rater !== rater).map(({ score }) => score);
      return own === undefined || others.length === 0 ? [] : [own.score - mean(others)!];
    });
    return {
      rater,
      n_labels: ratings.filter((rating) => rating.rater === rater).length,
      bias_pts: mean(differences),
    };
  });
}

function judgeAgreement(
  byItem: ReadonlyMap<string, Rating[]>,
  judgeScores: ReadonlyMap<string, number>,
  rubric: Rubric,
  seed: string,
): LabelStatistics['judge'] {
  const both = [...byItem].flatMap(([item_id, item]) => {
    const consensus = consensusOf(item, rubric);
    const judge = judgeScores.get(item_id);
    return consensus === null || judge === undefined ? [] : [{ judge, people: consensus.score }];
  });
  if (both.length === 0) return null;
  const table = emptyRatingTable(POINTS);
  for (const { judge, people } of both) addRatingPair(table, judge, people);
  const differences = both.map(({ judge, people }) => judge - people);
  return {
    n: both.length,
    kappa: weightedKappa(table, 'quadratic'),
    mae_pts: estimate(differences.map(Math.abs), mean, `${seed}:judge-mae`),
    bias_pts: estimate(differences, mean, `${seed}:judge-bias`),
  };
}

/** |second − first| of a rater who was shown an item again. */
function selfDifferences(ratings: readonly Rating[]): number[] {
  return ratings.flatMap((again) => {
    if (again.pass !== 'repeat') return [];
    const first = ratings.find(
      ({ pass, rater, item_id }) => pass === 'first' && rater === again.rater && item_id === again.item_id,
    );
    return first === undefined ? [] : [Math.abs(again.score - first.score)];
  });
}

/** A statistic with a percentile bootstrap over its units; null where it has no value. */
function estimate<T>(
  units: readonly T[],
  statistic: (units: readonly T[]) => number | null,
  seed: string,
): LabelStatistics['alpha'] {
  const value = units.length === 0 ? null : statistic(units);
  if (value === null) return null;
  const interval = bootstrapInterval(units, statistic, { seed, draws: DRAWS });
  return { value, ci_low: interval?.ci_low ?? null, ci_high: interval?.ci_high ?? null, n: units.length };
}

function meanDifference(scores: readonly number[]): number {
  return mean(pairs(scores).map(([a, b]) => Math.abs(a - b)))!;
}

function pairs(values: readonly number[]): [number, number][] {
  return values.flatMap((first, i) => values.slice(i + 1).map((second): [number, number] => [first, second]));
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
