import type { Random } from '../../../core/identity/random.ts';
import type { PhraseBank } from '../../../schemas/phrase-bank.ts';
import type { Conversation } from './conversation.ts';

/** A salient point, ready to be spoken. */
export interface Point {
  /** As it stands in a phrase. */
  text: string;
  /** Its content words, lower case. */
  words: readonly string[];
}

/** The point a question is about, and the one that was left for it. */
export interface Thread {
  point: Point | null;
  left: Point | null;
}

/** Does a lower-case text speak of the point: does it hold half of its content words? */
export function speaksOf(text: string, { words }: Point): boolean {
  if (words.length === 0) return false;
  let held = 0;
  for (const word of words) if (text.includes(word)) held += 1;
  return held * 2 >= words.length;
}

/**
 * Stays with the point of the last replies for a drawn number of turns, or until an insight, then turns to the point asked
 * about least lately, the most alive first. Takes one number of `random`.
 */
export function chooseThread(
  points: readonly Point[],
  conversation: Conversation,
  move: string | null,
  turns: PhraseBank['thread_turns'],
  random: Random,
): Thread {
  const draw = random();
  const { recent } = conversation;
  const lastItem = recent.findLast((spoken) => spoken.item !== null)?.item ?? null;
  const current = points.find((point) => point.text === lastItem) ?? null;
  if (current === null) return { point: leastLatelyAsked(points, conversation), left: null };
  const age = ageOf(current, conversation);
  // A hazard of 1/(turns left) at each turn makes every length from min to max equally likely.
  const isOver = age >= turns.min && (move === 'insight' || draw < 1 / (1 + Math.max(0, turns.max - age)));
  if (!isOver) return { point: current, left: null };
  const others = points.filter((point) => point !== current);
  if (others.length === 0) return { point: current, left: null };
  return { point: leastLatelyAsked(others, conversation), left: current };
}

/** Latest replies in a row that speak of the point; replies that take up nothing do not break the row. */
function ageOf(point: Point, { recent }: Conversation): number {
  let age = 0;
  for (let i = recent.length - 1; i >= 0; i -= 1) {
    const { named } = recent[i]!;
    if (named.trim() === '') continue;
    if (!speaksOf(named, point)) break;
    age += 1;
  }
  return age;
}

function leastLatelyAsked(points: readonly Point[], { recent }: Conversation): Point | null {
  let best: Point | null = null;
  let bestAt = Number.POSITIVE_INFINITY;
  for (const point of points) {
    const at = recent.findLastIndex(({ named }) => speaksOf(named, point));
    if (at < bestAt) {
      best = point;
      bestAt = at;
    }
  }
  return best;
}
