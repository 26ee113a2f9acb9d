import type { CalibrationItem } from '../../schemas/calibration-item.ts';
import { CRITERION_NAMES, VIOLATIONS, type Criteria, type Violation } from '../../schemas/common.ts';
import type { PhraseBank } from '../../schemas/phrase-bank.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import { sha256Hex } from '../identity/hash.ts';
import { scoreCriteria } from '../metrics/score-criteria.ts';
import { bankItems } from './bank-items.ts';
import { CLEAN_MARKS, DEFECTS, furtherQuestionsMark } from './defects.ts';
import { SHARED_DEFECTS, type BankScene, type Scene, type SharedReplies } from './scene.ts';
import { toContext } from './to-context.ts';

/** All that a constructed golden set is made of. */
export interface GoldenSources {
  scenes: readonly Scene[];
  replies: SharedReplies;
  bankScenes: readonly BankScene[];
  bank: PhraseBank;
}

export const CONSTRUCTED_SOURCE = 'constructed: clean turn with one planted defect';
/** Items of a shared defect that are not written for a scene of their own. */
const SHARED_ITEMS: Readonly<Record<(typeof SHARED_DEFECTS)[number], number>> = {
  praise_only: 6,
  refusal: 8,
  empty: 4,
};
const POINTS_PER_MARK = 2;

/**
 * The constructed golden set: labels hold by construction, not by anybody's reading. Every clean turn of the scenes, every
 * planted defect of them, shared replies over changing scenes, and phrases of the simulated phrase bank with the bank's
 * own truth. Any head of the result holds the kinds of items in nearly their overall shares, for canaries that judge only so many.
 */
export function buildConstructed(sources: GoldenSources, rubric: Rubric): CalibrationItem[] {
  const { scenes, replies, bankScenes, bank } = sources;
  const strata = new Map<string, CalibrationItem[]>();
  const add = (stratum: string, item: CalibrationItem) => {
    const items = strata.get(stratum);
    if (items === undefined) strata.set(stratum, [item]);
    else items.push(item);
  };
  for (const scene of scenes) add('clean', cleanItem(scene, rubric));
  for (const violation of VIOLATIONS)
    for (const scene of scenes) {
      const planted = scene.defects[violation];
      if (planted !== undefined) add(violation, spoiltItem(scene, violation, planted, rubric));
    }
  for (const violation of SHARED_DEFECTS) {
    const free = scenes.filter((scene) => scene.defects[violation] === undefined);
    for (let at = 0; at < SHARED_ITEMS[violation]; at += 1) {
      // Scenes are spread over the whole list, so that the shared replies meet every domain.
      const scene = free[Math.floor(((at + 0.5) * free.length) / SHARED_ITEMS[violation])];
      const reply = replies[violation][at % replies[violation].length];
      if (scene !== undefined && reply !== undefined)
        add(violation, spoiltItem(scene, violation, reply, rubric));
    }
  }
  for (const { kind, item } of bankItems(bank, bankScenes, rubric)) add(`bank ${kind}`, item);
  return interleave(strata);
}

function cleanItem(scene: Scene, rubric: Rubric): CalibrationItem {
  return itemOf(scene, 'clean', `${scene.uptake} ${scene.question}`, cleanMarks(scene), [], rubric);
}

function spoiltItem(scene: Scene, violation: Violation, planted: string, rubric: Rubric): CalibrationItem {
  const { placement, violations, marks } = DEFECTS[violation];
  const text = {
    before_question: `${scene.uptake} ${planted} ${scene.question}`,
    after_question: `${scene.uptake} ${scene.question} ${planted}`,
    instead_of_question: `${scene.uptake} ${planted}`,
    instead_of_turn: planted,
  }[placement];
  const all = { ...cleanMarks(scene), ...marks };
  if (violation === 'multiple_questions') all.single_question = furtherQuestionsMark(planted);
  return itemOf(scene, violation.replaceAll('_', '-'), text, all, violations, rubric);
}

function cleanMarks(scene: Scene): Record<keyof Criteria, number> {
  return { ...CLEAN_MARKS, probing_depth: scene.depth_mark };
}

function itemOf(
  scene: Scene,
  label: string,
  tutor_text: string,
  marks: Readonly<Record<keyof Criteria, number>>,
  violations: readonly Violation[],
  rubric: Rubric,
): CalibrationItem {
  const criteria = {} as Criteria;
  for (const name of CRITERION_NAMES) criteria[name] = marks[name] * POINTS_PER_MARK;
  return {
    item_id: `${scene.scene_id}--${label}`,
    domain: scene.domain,
    goal: scene.goal,
    reference_answer: scene.reference_answer,
    context: toContext(scene.context),
    tutor_text,
    expert_criteria: criteria,
    expert_score: scoreCriteria(criteria, violations, rubric).score,
    violations: [...violations],
    raters: ['construction'],
    source: CONSTRUCTED_SOURCE,
  };
}

/** Each stratum spread evenly over the whole, in an order within it that depends on the ids alone. */
function interleave(strata: ReadonlyMap<string, readonly CalibrationItem[]>): CalibrationItem[] {
  const placed = [...strata].flatMap(([stratum, items]) =>
    items
      .map((item) => ({ item, hash: sha256Hex(item.item_id) }))
      .sort((a, b) => (a.hash < b.hash ? -1 : 1))
      .map(({ item }, rank) => ({ item, stratum, at: (rank + 0.5) / items.length })),
  );
  return placed
    .sort((a, b) => a.at - b.at || (a.stratum < b.stratum ? -1 : a.stratum > b.stratum ? 1 : 0))
    .map(({ item }) => item);
}
