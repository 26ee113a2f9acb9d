import type { Rubric } from '../../schemas/rubric.ts';
import { shiftWeek } from '../identity/iso-week.ts';
import { turnItemId } from '../labelling/draw-turns.ts';
import { consensusOf, ratingsByItem, ratingsOf } from '../labelling/ratings.ts';
import type { ObjectStore } from '../ports.ts';
import type { LabelledPrediction } from '../statistics/prediction-powered.ts';
import { readAudit, readTurn } from './label-items.ts';
import { readSessions } from './read-labels.ts';

/** Labels older than this many weeks correct nothing (spec 3.5). */
const POOLED_WEEKS = 12;

/**
 * Human labels that may correct a mean: turns that the audit queue drew at random, with the probability it drew them by, of
 * this series and measure and of the twelve weeks before, on which people have agreed. Without a label nothing else is read.
 */
export async function readCorrectionLabels(
  store: ObjectStore,
  facts: { series: string; measure_sha256: string; week: string },
  rubric: Rubric,
): Promise<LabelledPrediction[]> {
  const ratings = ratingsByItem(ratingsOf(await readSessions(store), rubric));
  if (ratings.size === 0) return [];
  const weeks = Array.from({ length: POOLED_WEEKS }, (_, back) => shiftWeek(facts.week, -1 - back));
  const labels: LabelledPrediction[] = [];
  for (const item of await readAudit(store, weeks)) {
    const given = ratings.get(turnItemId(item.run_id, item.turn_index));
    if (item.drawn_as !== 'random' || given === undefined) continue;
    const consensus = consensusOf(given, rubric);
    const stored = consensus === null ? null : await readTurn(store, item.run_id, item.turn_index);
    if (consensus === null || stored === null || stored.turn.score === null) continue;
    if (stored.run.series !== facts.series || stored.run.measure_sha256 !== facts.measure_sha256) continue;
    labels.push({
      human: consensus.score,
      machine: stored.turn.score,
      draw_probability: item.draw_probability,
    });
  }
  return labels;
}
