import type { Deck } from './deck.ts';
import type { Salience } from './salience.ts';
import type { TurnAtHand } from './scene.ts';
import type { Fill } from './template.ts';

/** Where the slots of what the student says are filled from. */
export interface Voice {
  salience: Salience;
  topics: Deck<string>;
  people: Deck<string>;
  facts: Deck<string>;
  place: string;
}

/** Items among which a frame chooses, most alive first. */
const ALIVE_ITEMS = 5;

/**
 * Fills the slots of one phrase: a slot stands for the same thing wherever it stands in it. `phrases` gives the topic
 * item or fact it was built around, topic first.
 */
export function createFills(
  voice: Voice,
  turn: TurnAtHand,
  decoy: string,
): { fill: Fill; phrases(): string[] } {
  const filled = new Map<string, string>();
  const find: Fill = (slot) => {
    switch (slot) {
      case 'item':
        return itemFor(voice, turn, []);
      case 'item2':
        return itemFor(voice, turn, [filled.get('item') ?? '']);
      case 'topic':
        return voice.topics.deal() ?? '';
      case 'person':
        return voice.people.deal() ?? '';
      case 'fact':
        return voice.facts.deal() ?? '';
      case 'words':
        return turn.heard.words ?? '';
      case 'place':
        return voice.place;
      default:
        return decoy;
    }
  };
  return {
    fill(slot) {
      const text = filled.get(slot) ?? find(slot);
      filled.set(slot, text);
      return text;
    },
    phrases: () =>
      ['topic', 'item', 'fact'].map((slot) => filled.get(slot)).filter((text) => text !== undefined),
  };
}

/** An item to speak of: one that the tutor asked about and was not named in the last turn, else one of the alive ones. */
function itemFor(voice: Voice, turn: TurnAtHand, taken: readonly string[]): string {
  const fresh = voice.salience
    .every(turn.turn_index)
    .filter((item) => !taken.includes(item.text) && item.last_turn < turn.turn_index - 1);
  const asked = fresh.find((item) => turn.askedItems.has(item.item_id));
  if (asked !== undefined) return asked.text;
  const choice = fresh.slice(0, ALIVE_ITEMS);
  return choice[Math.floor(turn.random() * choice.length)]?.text ?? turn.heard.words ?? '';
}
