import type { Phrase } from './compiled-bank.ts';
import type { Conversation } from './conversation.ts';
import { hashText, mixHash } from './hash-text.ts';

/** Phrases that begin like one of so many latest replies wait. */
const OPENINGS_REMEMBERED = 4;

/**
 * The phrase to speak: in the order of the tiers the first not yet spoken, else the one spoken longest ago in the first
 * tier that has any. Within a tier each run has its own order. Throws when every tier is empty.
 */
export function pickPhrase(
  tiers: readonly (readonly Phrase[])[],
  { run_id, conversation }: { run_id: string; conversation: Conversation },
): Phrase {
  const openings = new Set(
    conversation.recent.slice(-OPENINGS_REMEMBERED).map(({ phrase }) => phrase?.opening),
  );
  const run = hashText(run_id);
  const best = (phrases: readonly Phrase[], spokenAt: (phrase: Phrase) => number) => {
    let chosen: Phrase | null = null;
    let lowest: [number, number, number] = [0, 0, 0];
    for (const phrase of phrases) {
      const key: [number, number, number] = [
        spokenAt(phrase),
        openings.has(phrase.opening) ? 1 : 0,
        mixHash(run ^ phrase.hash),
      ];
      if (chosen === null || isLower(key, lowest)) {
        chosen = phrase;
        lowest = key;
      }
    }
    return chosen;
  };
  for (const tier of tiers) {
    const chosen = best(
      tier.filter((phrase) => !conversation.lastSpoken.has(phrase)),
      () => 0,
    );
    if (chosen !== null) return chosen;
  }
  for (const tier of tiers) {
    const chosen = best(tier, (phrase) => conversation.lastSpoken.get(phrase) ?? 0);
    if (chosen !== null) return chosen;
  }
  throw new Error('pickPhrase: expected a phrase that can be spoken in this turn');
}

function isLower(a: readonly [number, number, number], b: readonly [number, number, number]): boolean {
  return a[0] !== b[0] ? a[0] < b[0] : a[1] !== b[1] ? a[1] < b[1] : a[2] < b[2];
}
