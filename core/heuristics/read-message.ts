import { numbersOf } from './text/numbers.ts';
import { contentStems, wordsOf } from './text/words.ts';

/** A message of the dialogue as context of a reply. */
export interface MessageReading {
  words: readonly string[];
  /** Stems of its content words. */
  stems: ReadonlySet<string>;
  /** Values it names. */
  values: readonly number[];
}

/** Readings by text. A cache only: cleared when full, never changes a result. */
const known = new Map<string, MessageReading>();
/** The looked-back messages of a few dozen dialogues at once. */
const MAX_KNOWN = 512;

/** Reads a message; once, although it is context of several turns. Linear. */
export function readMessage(text: string): MessageReading {
  const found = known.get(text);
  if (found !== undefined) return found;
  if (known.size >= MAX_KNOWN) known.clear();
  const words = wordsOf(text);
  const reading = {
    words,
    stems: contentStems(words),
    values: numbersOf(text).map(({ value }) => value),
  };
  known.set(text, reading);
  return reading;
}
