import { ramp } from '../../heuristics/finding.ts';
import type { Dimension, ReadTurn } from './read-turn.ts';

/**
 * Context responsiveness: the calibrated P(builds_on_prior), held back where the words do not bear it out. A reply that
 * repeats the student's message and adds nothing (echo) gets 0; one that neither takes up a word nor points back gets half.
 * Null where the student said nothing.
 */
export function createContextResponsiveness(): Dimension {
  return {
    null_reason: 'the student never said anything before a reply',
    next(turn) {
      if (turn.said.words.length === 0) return null;
      return turn.heuristic.probabilities.builds_on_prior * (1 - echoOf(turn)) * supportOf(turn);
    },
  };
}

/**
 * How far the reply is an echo, 0–1: nearly all of it copied; or nearly all of the message copied and that making up much of
 * the reply; or a copied statement with a question that says nothing of its own ("…. Why?").
 */
function echoOf({ copied, tutor }: ReadTurn): number {
  const mostlyCopied = ramp(copied.share_of_reply, 0.6, 0.85);
  const wholesale = ramp(copied.share_of_reply * copied.share_of_message, 0.3, 0.6);
  const isBare = tutor.is_asking && tutor.asked.size === 0 && copied.share_of_reply >= 0.5;
  return Math.max(mostlyCopied, wholesale, isBare ? 1 : 0);
}

/** 1 when the reply takes up at least one average word of the message, by idf; less without; 0.5 at worst. */
function supportOf({ said, tutor, idf, points_back }: ReadTurn): number {
  if (said.content.size === 0) return 1;
  const average = idf.mass(said.content) / said.content.size;
  const taken = Math.min(1, idf.sharedMass(said.content, tutor.content) / average);
  return Math.max(0.5 + 0.5 * taken, points_back ? 0.75 : 0);
}
