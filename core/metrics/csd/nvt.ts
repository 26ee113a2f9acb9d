import { NOVELTY_WINDOW_TURNS, SHINGLE_WORDS, STEM_WORDS } from './parameters.ts';
import type { Dimension, ReadTurn } from './read-turn.ts';
import type { SalienceMap } from './salience-map.ts';
import { dice, shingleAt, shinglesOf } from './text.ts';
import { skeletonOf } from './skeleton.ts';

/** A reply as it is compared with later ones. */
interface Signature {
  /** Shingles of the reply, and of its skeleton (the student's words replaced by slots). */
  full: ReadonlySet<number>;
  skeleton: ReadonlySet<number>;
  /** Content stems that are the tutor's own. */
  own: ReadonlySet<string>;
  /** First words of the last question's skeleton; null without a question. */
  stem: number | null;
}

export interface Novelty extends Dimension {
  /** Similarities computed so far, for the proof that cost is linear. */
  readonly comparisons: number;
}

/**
 * Novelty versus template: 1 − the highest similarity to one of the last 10 replies. Similarity is the mean of shingle and
 * stem overlap, over the tutor's own words: what it takes up from the student is a slot, so that "What makes you think that
 * …?" filled anew each time is recognised. A question stem that keeps coming back counts by the share of the window that
 * opens alike. Null for the first reply and for an empty one.
 */
export function createNovelty(map: SalienceMap): Novelty {
  const window: Signature[] = [];
  let comparisons = 0;
  return {
    null_reason: 'fewer than two replies to compare',
    get comparisons() {
      return comparisons;
    },
    next(turn) {
      if (turn.tutor.words.length === 0) return null;
      const signature = signatureOf(turn, map);
      let closest = 0;
      let sameStem = 0;
      for (const earlier of window) {
        comparisons += 1;
        closest = Math.max(closest, similarity(signature, earlier));
        if (signature.stem !== null && signature.stem === earlier.stem) sameStem += 1;
      }
      const value = window.length === 0 ? null : 1 - Math.max(closest, recurrence(sameStem, window.length));
      window.push(signature);
      if (window.length > NOVELTY_WINDOW_TURNS) window.shift();
      return value;
    },
  };
}

/** Two replies that open alike prove no habit yet; from then on the share of the window does. */
function recurrence(sameStem: number, compared: number): number {
  return sameStem < 2 ? 0 : sameStem / compared;
}

function similarity(a: Signature, b: Signature): number {
  const shingles = Math.max(dice(a.full, b.full), dice(a.skeleton, b.skeleton));
  if (a.own.size === 0 && b.own.size === 0) return shingles;
  return (shingles + dice(a.own, b.own)) / 2;
}

function signatureOf({ tutor, said, copied }: ReadTurn, map: SalienceMap): Signature {
  const isTaken = (stem: string): boolean => said.content.has(stem) || map.holds(stem);
  const skeleton = skeletonOf(tutor, copied.in_reply, isTaken);
  const own = new Set<string>();
  for (const stem of tutor.content) if (!isTaken(stem)) own.add(stem);
  return {
    full: shinglesOf(
      tutor.words.map(({ hash }) => hash),
      SHINGLE_WORDS,
    ),
    skeleton: shinglesOf(skeleton.hashes, SHINGLE_WORDS),
    own,
    stem:
      skeleton.question.length === 0
        ? null
        : shingleAt(skeleton.question, 0, Math.min(STEM_WORDS, skeleton.question.length)),
  };
}
