import type { StudentScript } from '../../schemas/student-script.ts';
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
  /** Life at `turn_index`: the item's weight for each mention, each decayed by its age. */
  life: number;
  turn_index: number;
}

/** Life rises by the item's weight with each mention and decays by `decay_per_turn`. Costs O(items) a turn. */
export function createSalience(
  items: PreparedSeed['items'],
  { decay_per_turn }: StudentScript['salience'],
): Salience {
  const lives: Life[] = items.map(({ item }) => ({
    item_id: item.item_id,
    text: item.text,
    weight: item.weight,
    life: 0,
    turn_index: 0,
  }));
  const lifeAt = (entry: Life, turn_index: number) =>
    entry.life * decay_per_turn ** (turn_index - entry.turn_index);
  const byLife = (turn_index: number) => (a: Life, b: Life) =>
    lifeAt(b, turn_index) - lifeAt(a, turn_index) || b.weight - a.weight;
  return {
    mention(text, turn_index) {
      const named = lives.filter((_, index) => items[index]?.isMentioned(text));
      for (const entry of named) {
        entry.life = lifeAt(entry, turn_index) + entry.weight;
        entry.turn_index = turn_index;
      }
      return named.sort(byLife(turn_index)).map((entry) => entry.text);
    },
    alive(turn_index) {
      const mentioned = lives.filter((entry) => entry.life > 0);
      return (mentioned.length === 0 ? [...lives] : mentioned)
        .sort(byLife(turn_index))
        .map(({ item_id, text }) => ({ item_id, text }));
    },
    every(turn_index) {
      return [...lives]
        .sort(byLife(turn_index))
        .map(({ item_id, text, turn_index: last_turn }) => ({ item_id, text, last_turn }));
    },
  };
}
