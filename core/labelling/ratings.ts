import { CRITERION_NAMES, type Criteria, type Violation } from '../../schemas/common.ts';
import type { LabelMarks, LabelQueue, LabelRecord, LabelSession } from '../../schemas/label.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import { scoreCriteria } from '../metrics/score-criteria.ts';
import { replaySession } from './replay-session.ts';

/** One session with its records. */
export interface StoredSession {
  session: LabelSession;
  records: readonly LabelRecord[];
}

/** One rater's marks on one item, as points. */
export interface Rating {
  item_id: string;
  rater: string;
  queue: LabelQueue;
  pass: 'first' | 'repeat' | 'adjudication';
  marks: LabelMarks;
  criteria: Criteria;
  violations: readonly Violation[];
  /** 0–10, by the rubric. */
  score: number;
}

/** Marks are given on 0–5 and kept on 0–10, as the judge's. */
const POINTS_PER_MARK = 2;
/** Raters that differ by more than this on a score are adjudicated (spec 4.6). */
export const ADJUDICATE_PTS = 1.5;

/** Every rating that stands: the first one of a rater on an item, repeats and adjudications apart. */
export function ratingsOf(sessions: readonly StoredSession[], rubric: Rubric): Rating[] {
  const ratings: Rating[] = [];
  const seen = new Set<string>();
  for (const { session, records } of [...sessions].sort(byCreation)) {
    for (const act of replaySession(session, records).acts.values()) {
      if (act.action !== 'label') continue;
      const key = `${session.rater} ${act.item_id}`;
      const isAgain = session.items[act.position]?.is_repeat === true || seen.has(key);
      const pass = session.kind === 'adjudication' ? 'adjudication' : isAgain ? 'repeat' : 'first';
      if (pass === 'first') seen.add(key);
      const criteria = {} as Criteria;
      for (const name of CRITERION_NAMES) criteria[name] = act.marks[name] * POINTS_PER_MARK;
      ratings.push({
        item_id: act.item_id,
        rater: session.rater,
        queue: session.queue,
        pass,
        marks: act.marks,
        criteria,
        violations: act.violations,
        score: scoreCriteria(criteria, act.violations, rubric).score,
      });
    }
  }
  return ratings;
}

function byCreation(a: StoredSession, b: StoredSession): number {
  const [x, y] = [a, b].map(({ session }) => `${session.created_at} ${session.rater} ${session.session}`);
  return x! < y! ? -1 : 1;
}

/** Ratings by item, repeats left out. */
export function ratingsByItem(ratings: readonly Rating[]): Map<string, Rating[]> {
  const byItem = new Map<string, Rating[]>();
  for (const rating of ratings) {
    if (rating.pass === 'repeat') continue;
    byItem.set(rating.item_id, [...(byItem.get(rating.item_id) ?? []), rating]);
  }
  return byItem;
}

export interface Consensus {
  raters: string[];
  criteria: Criteria;
  violations: Violation[];
  score: number;
}

/**
 * What people say of an item: the adjudication where there is one, else the mean of the marks and the violations that at
 * least half of the raters name. Null while raters differ by more than 1.5 points and nobody has adjudicated.
 */
export function consensusOf(ratings: readonly Rating[], rubric: Rubric): Consensus | null {
  const raters = [...new Set(ratings.map(({ rater }) => rater))].sort();
  const decided = ratings.findLast(({ pass }) => pass === 'adjudication');
  if (decided !== undefined)
    return { raters, criteria: decided.criteria, violations: [...decided.violations], score: decided.score };
  if (ratings.length === 0 || needsAdjudication(ratings)) return null;
  const criteria = {} as Criteria;
  for (const name of CRITERION_NAMES)
    criteria[name] = ratings.reduce((sum, rating) => sum + rating.criteria[name], 0) / ratings.length;
  const named = new Map<Violation, number>();
  for (const rating of ratings)
    for (const violation of new Set(rating.violations)) named.set(violation, (named.get(violation) ?? 0) + 1);
  const violations = [...named]
    .filter(([, count]) => 2 * count >= ratings.length)
    .map(([violation]) => violation)
    .sort();
  return { raters, criteria, violations, score: scoreCriteria(criteria, violations, rubric).score };
}

/** Do two raters differ by more than 1.5 points, and has nobody decided? */
export function needsAdjudication(ratings: readonly Rating[]): boolean {
  if (ratings.some(({ pass }) => pass === 'adjudication')) return false;
  const scores = ratings.map(({ score }) => score);
  return Math.max(...scores) - Math.min(...scores) > ADJUDICATE_PTS;
}
