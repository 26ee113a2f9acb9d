import { NOVELTY_WINDOW_TURNS, STEM_WORDS } from './parameters.ts';
import type { Dimension } from './read-turn.ts';
import type { SalienceMap } from './salience-map.ts';
import { createSharedWindow } from './shared-window.ts';
import { skeletonOf } from './skeleton.ts';
import { hashRun, shinglesOf } from './text.ts';

export interface Novelty extends Dimension {
  /** Elements looked up so far, for the proof that cost is linear. */
  readonly comparisons: number;
}

/**
 * Novelty versus template: 1 − the highest similarity to one of the last 10 replies. Similarity is the mean of shingle and
 * stem overlap, over the tutor's own words: what it takes up from the student is a slot, so that "What makes you think that
 * …?" filled anew each time is recognised. A question stem that keeps coming back counts by the share of the window that
 * opens alike. Null for the first reply and for an empty one.
 */
export function createNovelty(map: SalienceMap): Novelty {
  const full = createSharedWindow<number>(NOVELTY_WINDOW_TURNS);
  const skeletons = createSharedWindow<number>(NOVELTY_WINDOW_TURNS);
  const ownWords = createSharedWindow<string>(NOVELTY_WINDOW_TURNS);
  /** First words of the last question's skeleton, by turn; null without a question. */
  const stems: (number | null)[] = [];
  let comparisons = 0;
  return {
    null_reason: 'fewer than two replies to compare',
    get comparisons() {
      return comparisons;
    },
    next({ tutor, said, copied }) {
      if (tutor.words.length === 0) return null;
      const isTaken = (stem: string): boolean => said.content.has(stem) || map.holds(stem);
      const skeleton = skeletonOf(tutor, copied.in_reply, isTaken);
      const slotted = new Set(shinglesOf(skeleton.hashes));
      const own = new Set<string>();
      for (const stem of tutor.content) if (!isTaken(stem)) own.add(stem);
      const stem = stemOf(skeleton.question);

      const sharedFull = full.sharedWith(tutor.shingle_set);
      const sharedSlotted = skeletons.sharedWith(slotted);
      const sharedOwn = ownWords.sharedWith(own);
      comparisons += tutor.shingle_set.size + slotted.size + own.size;
      let closest = 0;
      for (let slot = 0; slot < full.length; slot += 1) {
        const shingles = Math.max(
          dice(sharedFull[slot] as number, tutor.shingle_set.size, full.sizeAt(slot)),
          dice(sharedSlotted[slot] as number, slotted.size, skeletons.sizeAt(slot)),
        );
        const ownSize = ownWords.sizeAt(slot);
        const similarity =
          own.size + ownSize === 0
            ? shingles
            : (shingles + dice(sharedOwn[slot] as number, own.size, ownSize)) / 2;
        closest = Math.max(closest, similarity);
      }
      const sameStem = stem === null ? 0 : stems.filter((earlier) => earlier === stem).length;
      const value = full.length === 0 ? null : 1 - Math.max(closest, recurrence(sameStem, stems.length));

      full.push(tutor.shingle_set);
      skeletons.push(slotted);
      ownWords.push(own);
      stems.push(stem);
      if (stems.length > NOVELTY_WINDOW_TURNS) stems.shift();
      return value;
    },
  };
}

/** Two replies that open alike prove no habit yet; from then on the share of the window does. */
function recurrence(sameStem: number, compared: number): number {
  return sameStem < 2 ? 0 : sameStem / compared;
}

/** Dice coefficient of two sets, 0–1; 0 for two empty ones. */
function dice(shared: number, sizeA: number, sizeB: number): number {
  return sizeA + sizeB === 0 ? 0 : (2 * shared) / (sizeA + sizeB);
}

function stemOf(question: readonly number[]): number | null {
  return question.length === 0 ? null : hashRun(question, 0, Math.min(STEM_WORDS, question.length));
}
