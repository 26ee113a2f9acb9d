import type { Criteria } from '../../schemas/common.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import type { Turn } from '../../schemas/turn.ts';
import { resolvedCriteria } from '../judging/resolve-score.ts';

/**
 * The nine criteria behind a turn's score: those of the source that `scored_by` names; for `resolved` what the two judges and
 * the heuristic come to. Null when unscored.
 */
export function turnCriteria(turn: Turn, rubric: Rubric): Criteria | null {
  const { heuristic, judge, secondary_judge: secondary } = turn;
  if (turn.scored_by === 'unscored') return null;
  if (turn.scored_by === 'resolved' && judge !== null && secondary !== null)
    return resolvedCriteria(heuristic, judge, secondary, rubric);
  const source = turn.scored_by === 'heuristic' ? heuristic : (judge ?? secondary ?? heuristic);
  return source.criteria;
}
