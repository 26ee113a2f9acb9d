import type { Phrase } from './compiled-bank.ts';
import type { Conversation } from './conversation.ts';
import { hashText, mixHash } from './hash-text.ts';

/** Phrases that begin like one of so many latest replies wait. */
const OPENINGS_REMEMBERED = 4;

/** What a choice depends on beside the phrases. */
export interface PickContext {
  run_id: string;
  conversation: Pick<Conversation, 'recent' | 'lastSpoken'>;
  /** Can every slot of the phrase be filled in this turn? */
  isSpeakable: (phrase: Phrase) => boolean;
}

/**
 * The phrase to speak: in the order of the tiers the first not yet spoken, else the one spoken longest ago in the first
 * tier that has any. Within a tier each run has its own order. Throws when no phrase can be spoken.
 */
export function pickPhrase(tiers: readonly (() => readonly Phrase[])[], context: PickContext): Phrase {
  const { lastSpoken, recent } = context.conversation;
  const openings = new Set<string | undefined>();
  for (const { phrase } of recent.slice(-OPENINGS_REMEMBERED)) openings.add(phrase?.opening);
  const run = hashText(context.run_id);

  const lowest = (phrases: readonly Phrase[], wantsUnspoken: boolean): Phrase | null => {
    let chosen: Phrase | null = null;
    let lowestAge = 0;
    let lowestRank = 0;
    for (const phrase of phrases) {
      const age = lastSpoken.get(phrase) ?? 0;
      if ((wantsUnspoken && age > 0) || !context.isSpeakable(phrase)) continue;
      // A phrase that begins like a recent one ranks behind all others of its age.
      const rank = mixHash(run ^ phrase.hash) + (openings.has(phrase.opening) ? 2 ** 32 : 0);
      if (chosen !== null && (age > lowestAge || (age === lowestAge && rank >= lowestRank))) continue;
      chosen = phrase;
      lowestAge = age;
      lowestRank = rank;
    }
    return chosen;
  };
  for (const wantsUnspoken of [true, false]) {
    for (const tier of tiers) {
      const chosen = lowest(tier(), wantsUnspoken);
      if (chosen !== null) return chosen;
    }
  }
  throw new Error('pickPhrase: expected a phrase that can be spoken in this turn');
}
