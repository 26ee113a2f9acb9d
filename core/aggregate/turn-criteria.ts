import { CRITERION_NAMES, type Criteria } from '../../schemas/common.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import type { Turn } from '../../schemas/turn.ts';

/**
 * The nine criteria behind a turn's score: those of the source that `scored_by` names; for `resolved` the mean of two agreeing
 * judges, else those of the source with the median score (the rule of core/judging/resolve-score.ts). Null when unscored.
 */
export function turnCriteria(turn: Turn, rubric: Rubric): Criteria | null {
  const { heuristic, judge, secondary_judge: secondary } = turn;
  if (turn.scored_by === 'unscored') return null;
  if (turn.scored_by === 'heuristic') return heuristic.criteria;
  const first = judge ?? secondary;
  if (first === null) return heuristic.criteria;
  if (turn.scored_by === 'judge' || judge === null || secondary === null) return first.criteria;
  if (Math.abs(judge.score - secondary.score) > rubric.judge.split_pts)
    return [judge, secondary, heuristic].sort((a, b) => a.score - b.score)[1]!.criteria;
  return Object.fromEntries(
    CRITERION_NAMES.map((name) => [name, (judge.criteria[name] + secondary.criteria[name]) / 2]),
  ) as Criteria;
}
