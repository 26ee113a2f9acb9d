import type { CriterionName, Violation } from '../../../../schemas/common.ts';
import { CRITERION_LIST, VIOLATION_NAMES } from '../../format/labels.ts';
import { VIOLATION_KEYS } from '../../../../schemas/violation-keys.ts';

/** Marks as far as they are given; `at` is the criterion that the next digit marks. */
export interface Draft {
  marks: Partial<Record<CriterionName, number>>;
  violations: readonly Violation[];
  at: number;
}

export const EMPTY: Draft = { marks: {}, violations: [], at: 0 };

/** Criteria in the order of the rubric: the order of the nine digits. */
export const CRITERIA = CRITERION_LIST;

/** The draft after a key; the same one where the key means nothing to it. */
export function afterKey(draft: Draft, key: string): Draft {
  if (/^[0-5]$/.test(key)) return mark(draft, CRITERIA[draft.at]!, Number(key));
  if (key === 'Backspace' || key === 'ArrowUp') return { ...draft, at: Math.max(0, draft.at - 1) };
  if (key === 'ArrowDown') return { ...draft, at: Math.min(CRITERIA.length - 1, draft.at + 1) };
  const violation = VIOLATION_NAMES.find((name) => VIOLATION_KEYS[name] === key);
  return violation === undefined ? draft : toggle(draft, violation);
}

/** A mark given; the next unmarked criterion is next. */
export function mark(draft: Draft, name: CriterionName, value: number): Draft {
  const marks = { ...draft.marks, [name]: value };
  const place = CRITERIA.indexOf(name);
  return { ...draft, marks, at: Math.min(CRITERIA.length - 1, place + 1) };
}

export function toggle(draft: Draft, violation: Violation): Draft {
  const violations = draft.violations.includes(violation)
    ? draft.violations.filter((one) => one !== violation)
    : [...draft.violations, violation];
  return { ...draft, violations };
}

export function isWhole(draft: Draft): draft is Draft & { marks: Record<CriterionName, number> } {
  return CRITERIA.every((name) => draft.marks[name] !== undefined);
}

/** A draft kept by this browser, if it still is one. */
export function readDraft(text: string | null): Draft {
  if (text === null) return EMPTY;
  try {
    const { marks, violations, at } = JSON.parse(text) as Draft;
    return typeof marks === 'object' && Array.isArray(violations) && Number.isInteger(at)
      ? { marks, violations, at }
      : EMPTY;
  } catch {
    return EMPTY;
  }
}
