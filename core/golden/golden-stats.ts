import type { CalibrationItem } from '../../schemas/calibration-item.ts';
import {
  CRITERION_NAMES,
  VIOLATIONS,
  type Criteria,
  type CriterionName,
  type Violation,
} from '../../schemas/common.ts';
import { krippendorffAlpha } from '../statistics/krippendorff-alpha.ts';
import { canonicalJson } from '../identity/canonical-json.ts';

export interface GoldenStats {
  n_items: number;
  /** Items without any violation. */
  n_clean: number;
  by_violation: Record<Violation, number>;
  by_domain: Record<string, number>;
  by_rater: Record<string, number>;
  by_source: Record<string, number>;
  /** Items in which a criterion is marked, not a stand-in. */
  by_criterion: Record<CriterionName, number>;
  /** Null where no turn was marked by two raters. */
  agreement: RaterAgreement | null;
}

export interface RaterAgreement {
  /** Turns that at least two raters marked. */
  n_turns: number;
  /** Krippendorff's α, interval, by criterion; null where every mark is equal or nobody marked it twice. */
  alpha_by_criterion: Record<CriterionName, number | null>;
  /** Krippendorff's α, nominal, present or absent; null likewise. */
  alpha_by_violation: Record<Violation, number | null>;
  /** Mean absolute difference of two raters' scores on one turn, points; null where no two marked all nine criteria. */
  mutual_mae_pts: number | null;
}

/** Counts of a golden set, and how far its raters agree on the turns that several of them marked. */
export function goldenStats(items: readonly CalibrationItem[]): GoldenStats {
  const by_violation = zeros(VIOLATIONS);
  const by_criterion = zeros(CRITERION_NAMES);
  const by_domain = new Map<string, number>();
  const by_rater = new Map<string, number>();
  const by_source = new Map<string, number>();
  for (const item of items) {
    for (const violation of new Set(item.violations)) by_violation[violation] += 1;
    for (const name of item.labelled?.criteria ?? CRITERION_NAMES) by_criterion[name] += 1;
    for (const rater of new Set(item.raters)) count(by_rater, rater);
    count(by_domain, item.domain);
    count(by_source, item.source);
  }
  return {
    n_items: items.length,
    n_clean: items.filter(({ violations }) => violations.length === 0).length,
    by_violation,
    by_domain: sorted(by_domain),
    by_rater: sorted(by_rater),
    by_source: sorted(by_source),
    by_criterion,
    agreement: raterAgreement(items),
  };
}

/**
 * Agreement of raters: items of different raters with the same goal, context and reply are ratings of one turn. An item
 * whose marks several raters made together is one rating.
 */
export function raterAgreement(items: readonly CalibrationItem[]): RaterAgreement | null {
  const turns = [...groupByTurn(items).values()].filter((ratings) => ratings.length >= 2);
  if (turns.length === 0) return null;
  const criteria = {} as Record<CriterionName, number | null>;
  for (const name of CRITERION_NAMES)
    criteria[name] = krippendorffAlpha(
      turns.map((ratings) => ratings.map((item) => markOf(item, name))),
      'interval',
    );
  const violations = {} as Record<Violation, number | null>;
  for (const violation of VIOLATIONS)
    violations[violation] = krippendorffAlpha(
      turns.map((ratings) => ratings.map((item) => presenceOf(item, violation))),
      'nominal',
    );
  return {
    n_turns: turns.length,
    alpha_by_criterion: criteria,
    alpha_by_violation: violations,
    mutual_mae_pts: mutualError(turns),
  };
}

function groupByTurn(items: readonly CalibrationItem[]): Map<string, CalibrationItem[]> {
  const turns = new Map<string, CalibrationItem[]>();
  for (const item of items) {
    const key = canonicalJson([item.goal, item.context, item.tutor_text]);
    const ratings = turns.get(key) ?? [];
    const raters = canonicalJson([...item.raters].sort());
    // The same raters twice on one turn are a copy, not a second opinion.
    if (!ratings.some((known) => canonicalJson([...known.raters].sort()) === raters)) ratings.push(item);
    turns.set(key, ratings);
  }
  return turns;
}

function markOf({ expert_criteria, labelled }: CalibrationItem, name: keyof Criteria): number | null {
  return labelled === undefined || labelled.criteria.includes(name) ? expert_criteria[name] : null;
}

function presenceOf({ violations, labelled }: CalibrationItem, violation: Violation): number | null {
  if (labelled !== undefined && !labelled.violations.includes(violation)) return null;
  return violations.includes(violation) ? 1 : 0;
}

function mutualError(turns: readonly (readonly CalibrationItem[])[]): number | null {
  let sum = 0;
  let pairs = 0;
  for (const ratings of turns) {
    const whole = ratings.filter(({ labelled }) => labelled === undefined);
    for (const [index, first] of whole.entries())
      for (const second of whole.slice(index + 1)) {
        sum += Math.abs(first.expert_score - second.expert_score);
        pairs += 1;
      }
  }
  return pairs === 0 ? null : sum / pairs;
}

function zeros<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** Most frequent first; equal ones by name. */
function sorted(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)));
}
