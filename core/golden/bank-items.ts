import type { CalibrationItem } from '../../schemas/calibration-item.ts';
import { SLOTS, type PhraseBank, type PhraseGroup, type PhraseKind } from '../../schemas/phrase-bank.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import { scoreCriteria } from '../metrics/score-criteria.ts';
import type { BankScene } from './scene.ts';
import { toContext } from './to-context.ts';

export const BANK_SOURCE = 'simulated phrase bank';
/** Phrases taken of a group; together they make about a quarter of the set. */
const OF_CLEAN = 1;
const OF_FAILING = 2;

const SLOT = new RegExp(`\\{(${SLOTS.join('|')})\\}`, 'g');

/**
 * Phrases of the simulated phrase bank, spoken in fitting dialogues, with the bank's own marks: the part of a golden set
 * that simulated judges know. Which phrase meets which dialogue depends on their order in the files alone.
 */
export function bankItems(
  bank: PhraseBank,
  scenes: readonly BankScene[],
  rubric: Rubric,
): { kind: PhraseKind; item: CalibrationItem }[] {
  return bank.groups.flatMap((group, groupIndex) => {
    const wanted = group.kind === 'clean' ? OF_CLEAN : OF_FAILING;
    const fitting = scenes.filter((scene) => fits(scene, group));
    const items: { kind: PhraseKind; item: CalibrationItem }[] = [];
    for (const [at, pattern] of group.patterns.entries()) {
      if (items.length === wanted || fitting.length === 0) break;
      const speakable = fitting.filter((scene) => fill(pattern, scene) !== null);
      const scene = speakable[(groupIndex + at) % Math.max(1, speakable.length)];
      const text = scene === undefined ? null : fill(pattern, scene);
      if (scene !== undefined && text !== null)
        items.push({ kind: group.kind, item: itemOf(group, at + 1, scene, text, rubric) });
    }
    return items;
  });
}

function fits(scene: BankScene, group: PhraseGroup): boolean {
  if (group.occasion !== scene.occasion) return false;
  return group.tactic === undefined || group.tactic === scene.tactic;
}

/** The phrase with its slots filled, or null where the dialogue has nothing for one of them. */
function fill(pattern: string, scene: BankScene): string | null {
  let isComplete = true;
  const text = pattern.replaceAll(SLOT, (_, slot: (typeof SLOTS)[number]) => {
    const value = fillOf(scene, slot);
    if (value === null) isComplete = false;
    return value ?? '';
  });
  return isComplete ? text : null;
}

function fillOf(scene: BankScene, slot: (typeof SLOTS)[number]): string | null {
  if (slot === 'said') return scene.context.at(-1) ?? null;
  if (slot === 'answer') return scene.reference_answer;
  return scene.slots[slot] ?? null;
}

function itemOf(
  group: PhraseGroup,
  phrase: number,
  scene: BankScene,
  tutor_text: string,
  rubric: Rubric,
): CalibrationItem {
  return {
    item_id: `bank--${group.group_id}--${String(phrase).padStart(2, '0')}`,
    domain: scene.domain,
    goal: scene.goal,
    reference_answer: scene.reference_answer,
    context: toContext(scene.context),
    tutor_text,
    expert_criteria: { ...group.criteria },
    expert_score: scoreCriteria(group.criteria, group.violations, rubric).score,
    violations: [...group.violations],
    raters: ['construction'],
    source: BANK_SOURCE,
  };
}
