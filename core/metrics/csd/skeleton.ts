import type { TextReading, Word } from './text.ts';

/** A slot: any stretch of words that are not the tutor's own. */
export const SLOT = '…';
/** Stands for a slot among word hashes; FNV-1a of a real word hits it once in 2³². */
const SLOT_HASH = 0;
/** Function words between two slots that are part of the gap ("the rota _of_ the team"). */
const GAP_WORDS = 2;

export interface Skeleton {
  /** Word hashes with slots collapsed. */
  hashes: readonly number[];
  /** The same of the last question alone; empty without one. */
  question: readonly number[];
  /** Words with slots, for people. */
  words: readonly string[];
}

/** The reply with everything taken from the student replaced by slots. Linear. */
export function skeletonOf(
  reply: TextReading,
  copied: readonly boolean[],
  isTaken: (stem: string) => boolean,
): Skeleton {
  const words: string[] = [];
  const hashes: number[] = [];
  let question: readonly number[] = [];
  let position = 0;
  for (const sentence of reply.sentences) {
    const isSlot = sentence.words.map(
      (word, index) => copied[position + index] === true || (word.is_content && isTaken(word.stem)),
    );
    position += sentence.words.length;
    closeGaps(isSlot, sentence.words);
    const from = hashes.length;
    for (const [index, word] of sentence.words.entries()) {
      if (isSlot[index] !== true) {
        hashes.push(word.hash);
        words.push(word.text);
      } else if (index === 0 || isSlot[index - 1] !== true) {
        hashes.push(SLOT_HASH);
        words.push(SLOT);
      }
    }
    if (sentence.is_asking) question = hashes.slice(from);
  }
  return { hashes, question, words };
}

/** Joins slots that only a few function words part. */
function closeGaps(isSlot: boolean[], words: readonly Word[]): void {
  let lastSlot = -1;
  for (let index = 0; index < isSlot.length; index += 1) {
    if (isSlot[index] !== true) continue;
    const gap = index - lastSlot - 1;
    if (
      lastSlot >= 0 &&
      gap > 0 &&
      gap <= GAP_WORDS &&
      words.slice(lastSlot + 1, index).every(({ is_content }) => !is_content)
    ) {
      isSlot.fill(true, lastSlot + 1, index);
    }
    lastSlot = index;
  }
}
