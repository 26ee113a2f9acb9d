import type { Criteria, Violation } from '../../schemas/common.ts';
import { CRITERION_NAMES } from '../../schemas/common.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import { scoreCriteria, type Disposition } from '../metrics/score-criteria.ts';

/** What one source says of a turn. */
export interface Opinion extends Disposition {
  criteria: Criteria;
  violations: readonly Violation[];
}

export interface Resolution extends Disposition {
  scored_by: 'heuristic' | 'judge' | 'resolved';
  violations: Violation[];
}

/** Does the turn need the secondary judge: the first differs from the heuristic by more than the split, or text addressed the judge? */
export function needsSecondary(
  heuristic: Opinion,
  primary: Opinion,
  isInjectionFlagged: boolean,
  rubric: Rubric,
): boolean {
  return isInjectionFlagged || Math.abs(primary.score - heuristic.score) > rubric.judge.split_pts;
}

/**
 * One score from the sources at hand. No judge: the heuristic's. One judge: the judge's. Two that agree within the split:
 * the mean of their criteria; two that do not: whichever of the three has the median score. With two judges a violation
 * stands when at least two of the three sources name it.
 */
export function resolveScore(
  heuristic: Opinion,
  primary: Opinion | null,
  secondary: Opinion | null,
  rubric: Rubric,
): Resolution {
  const first = primary ?? secondary;
  if (first === null)
    return { ...pick(heuristic), scored_by: 'heuristic', violations: [...heuristic.violations] };
  if (primary === null || secondary === null)
    return { ...pick(first), scored_by: 'judge', violations: [...first.violations] };

  const sources = [primary, secondary, heuristic];
  const named = new Map<Violation, number>();
  for (const source of sources)
    for (const violation of new Set(source.violations)) named.set(violation, (named.get(violation) ?? 0) + 1);
  const violations = [...named].filter(([, count]) => count >= 2).map(([violation]) => violation);
  const criteria = resolvedCriteria(heuristic, primary, secondary, rubric);
  return { ...scoreCriteria(criteria, violations, rubric), scored_by: 'resolved', violations };
}

type Marked = Pick<Opinion, 'criteria' | 'score'>;

/** The criteria that two judges and the heuristic come to: the judges' mean when they agree, else those of the median score. */
export function resolvedCriteria(
  heuristic: Marked,
  primary: Marked,
  secondary: Marked,
  rubric: Pick<Rubric, 'judge'>,
): Criteria {
  if (Math.abs(primary.score - secondary.score) > rubric.judge.split_pts)
    return [primary, secondary, heuristic].sort((a, b) => a.score - b.score)[1]!.criteria;
  const criteria = {} as Criteria;
  for (const name of CRITERION_NAMES)
    criteria[name] = (primary.criteria[name] + secondary.criteria[name]) / 2;
  return criteria;
}

function pick({ form_pts, substance_pts, purity_pts, score, is_compliant }: Opinion): Disposition {
  return { form_pts, substance_pts, purity_pts, score, is_compliant };
}
