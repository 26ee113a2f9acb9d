import type { StudentScript } from '../../schemas/student-script.ts';
import type { Mentions } from './mentions.ts';
import type { PreparedSeed } from './prepare-seed.ts';

/** How alive each salient item of the seed is in the dialogue. */
export interface Salience {
  /** Notes which items a text speaks of; gives their phrases, most alive first. */
  mention(text: string, turn_index: number): string[];
  /** Items mentioned so far, most alive first; all of the seed's by weight while none was. */
  alive(turn_index: number): { item_id: string; text: string }[];
  /** All items, most alive first, those never mentioned by weight behind; `last_turn` is 0 for them. */
  every(turn_index: number): { item_id: string; text: string; last_turn: number }[];
}

interface Life {
  item_id: string;
  text: string;
  weight: number;
  isMentioned: Mentions;
  /** Life at `last_turn`: the item's weight for each mention, each decayed by its age. */
  life: number;
  /** Turn of the last mention; 0 while there was none. */
  last_turn: number;
}

/** Life rises by the item's weight with each mention and decays by `decay_per_turn`. Costs O(items) a turn. */
export function createSalience(
  items: PreparedSeed['items'],
  { decay_per_turn }: StudentScript['salience'],
): Salience {
  const lives: Life[] = items.map(({ item: { item_id, text, weight }, isMentioned }) => ({
    item_id,
    text,
    weight,
    isMentioned,
    life: 0,
    last_turn: 0,
  }));
  const lifeAt = (entry: Life, turn_index: number): number =>
    entry.life === 0 ? 0 : entry.life * decay_per_turn ** (turn_index - entry.last_turn);
  const ordered = (entries: readonly Life[], turn_index: number): Life[] =>
    entries
      .map((entry) => ({ entry, life: lifeAt(entry, turn_index) }))
      .sort((a, b) => b.life - a.life || b.entry.weight - a.entry.weight)
      .map(({ entry }) => entry);
  return {
    mention(text, turn_index) {
      const named = lives.filter((entry) => entry.isMentioned(text));
      for (const entry of named) {
        entry.life = lifeAt(entry, turn_index) + entry.weight;
        entry.last_turn = turn_index;
      }
      return ordered(named, turn_index).map((entry) => entry.text);
    },
    alive(turn_index) {
      const mentioned = lives.filter((entry) => entry.life > 0);
      return ordered(mentioned.length === 0 ? lives : mentioned, turn_index).map(({ item_id, text }) => ({
        item_id,
        text,
      }));
    },
    every: (turn_index) => ordered(lives, turn_index),
  };
}
