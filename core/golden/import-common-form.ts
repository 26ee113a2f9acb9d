import type { CalibrationItem } from '../../schemas/calibration-item.ts';
import { CRITERION_NAMES, type Criteria, type CriterionName, type Violation } from '../../schemas/common.ts';
import type { LabelledUtterance, LabelTask } from '../../schemas/labelled-utterance.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import { canonicalJson } from '../identity/canonical-json.ts';
import { sha256Hex } from '../identity/hash.ts';
import { scoreCriteria } from '../metrics/score-criteria.ts';
import { PUBLIC_SETS, type PublicSet } from './public-sets.ts';

/** What a yes or a no to a public label says of a turn; criteria in points, 0–10. */
interface Meaning {
  criteria: Readonly<Partial<Record<CriterionName, number>>>;
  violations: readonly Violation[];
}

/**
 * Public labels as marks of rubric-1.1. A no decides a criterion only where the criterion asks nothing more: a turn that
 * does not reveal the answer may still tell.
 */
export const MEANING_OF: Readonly<Record<LabelTask, { yes: Meaning; no: Meaning }>> = {
  telling: {
    // "States the key step or orders the student to do it."
    yes: { criteria: { non_directive: 4 }, violations: ['telling'] },
    no: { criteria: { non_directive: 10 }, violations: [] },
  },
  reveals_answer: {
    // "A lecture, or the answer is given away."
    yes: { criteria: { non_directive: 0 }, violations: ['reveals_answer'] },
    no: { criteria: {}, violations: [] },
  },
  // NCTE: focusing lets the student think on, funneling leads to the teacher's own procedure.
  open_question: {
    yes: { criteria: { open_ended: 10, no_leading: 10 }, violations: [] },
    no: { criteria: { open_ended: 4, no_leading: 4 }, violations: [] },
  },
  builds_on_prior: {
    yes: { criteria: { builds_on_prior: 10 }, violations: [] },
    no: { criteria: { builds_on_prior: 4 }, violations: [] },
  },
};
/** Violations that a label decides, present or absent. */
const DECIDES: Readonly<Record<LabelTask, readonly Violation[]>> = {
  telling: ['telling'],
  reveals_answer: ['reveals_answer'],
  open_question: [],
  builds_on_prior: [],
};
/** Middle of the scale: what a criterion holds that nobody marked. */
const STAND_IN_PTS = 5;

type Skipped = 'unknown_set' | 'no_label' | 'no_student';
export type Import = { item: CalibrationItem } | { skipped: Skipped };

/**
 * A public row as a CalibrationItem. Public sets mark one or two things of a turn; `labelled` says which, and the rest are
 * stand-ins that count in no figure. Rows without a label of ours, or without any student message to judge by, are skipped.
 */
export function importCommonForm(row: LabelledUtterance, rubric: Rubric): Import {
  const set = Object.hasOwn(PUBLIC_SETS, row.dataset) ? PUBLIC_SETS[row.dataset] : undefined;
  if (set === undefined) return { skipped: 'unknown_set' };
  const tasks = set.tasks.filter((task) => typeof row.binary[task] === 'boolean');
  if (tasks.length === 0) return { skipped: 'no_label' };
  if (!row.context.some(({ role, text }) => role === 'student' && text.trim() !== ''))
    return { skipped: 'no_student' };

  const marked: Partial<Record<CriterionName, number>> = {};
  const violations: Violation[] = [];
  for (const task of tasks) {
    const meaning = MEANING_OF[task][row.binary[task] === true ? 'yes' : 'no'];
    Object.assign(marked, meaning.criteria);
    violations.push(...meaning.violations);
  }
  const criteria = {} as Criteria;
  for (const name of CRITERION_NAMES) criteria[name] = marked[name] ?? STAND_IN_PTS;
  return {
    item: {
      item_id: idOf(row),
      domain: set.domain,
      goal: goalOf(row, set),
      reference_answer: row.meta?.reference_answer?.slice(0, 400) ?? null,
      context: row.context.map(({ role, text }) => ({ role, text })),
      tutor_text: row.utterance,
      expert_criteria: criteria,
      expert_score: scoreCriteria(criteria, violations, rubric).score,
      violations,
      raters: [...set.raters],
      source: set.source,
      labelled: {
        criteria: CRITERION_NAMES.filter((name) => marked[name] !== undefined),
        violations: tasks.flatMap((task) => DECIDES[task]),
      },
    },
  };
}

/** Items of all rows, each once, and how many rows gave none, by reason. Rows with the same context and words are copies: the first stands. */
export function importRows(
  rows: Iterable<LabelledUtterance>,
  rubric: Rubric,
): { items: CalibrationItem[]; skipped: Record<Skipped | 'copy', number> } {
  const items = new Map<string, CalibrationItem>();
  const skipped = { unknown_set: 0, no_label: 0, no_student: 0, copy: 0 };
  for (const row of rows) {
    const result = importCommonForm(row, rubric);
    if ('skipped' in result) skipped[result.skipped] += 1;
    else if (items.has(result.item.item_id)) skipped.copy += 1;
    else items.set(result.item.item_id, result.item);
  }
  return { items: [...items.values()], skipped };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The same row has the same id in every import; two replies to one context differ by their words. */
function idOf(row: LabelledUtterance): string {
  const hash = sha256Hex(canonicalJson([row.dialogue_id, row.turn, row.utterance]));
  return `${row.dataset}-${hash.slice(0, 20)}`;
}

function goalOf(row: LabelledUtterance, set: PublicSet): string {
  const subject = textOf(row.meta?.['problem']) ?? textOf(row.meta?.['lesson_topic']) ?? '';
  return (subject.trim() === '' ? set.goal : `${set.goal} ${subject.trim()}`).slice(0, 1000);
}
