import type { Random } from '../../../core/identity/random.ts';
import type { PhraseBank } from '../../../schemas/phrase-bank.ts';
import type { Conversation } from './conversation.ts';

/** A salient point, ready to be spoken. */
export interface Point {
  /** As the scenario has it. */
  source: string;
  /** As it stands in a phrase. */
  text: string;
  /** Something named, not something claimed. */
  isNamed: boolean;
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

/** A point rests for so many replies before it is the next thread. */
const REST_REPLIES = 6;
/** The thread is looked for in so many latest replies. */
const LOOK_BACK_REPLIES = 3;

/**
 * Stays with the point of the last replies for a drawn number of turns, or until an insight, then turns to the most alive
 * point not asked about yet, else to one that has rested, else to the one asked about longest ago. Takes one number of
 * `random`.
 */
export function chooseThread(
  points: readonly Point[],
  conversation: Conversation,
  move: string | null,
  turns: PhraseBank['thread_turns'],
  random: Random,
): Thread {
  const draw = random();
  const current = currentPoint(points, conversation);
  if (current === null) return { point: nextPoint(points, conversation), left: null };
  const age = ageOf(current, conversation);
  // A hazard of 1/(turns left) at each turn makes every length from min to max equally likely.
  const isOver = age >= turns.min && (move === 'insight' || draw < 1 / (1 + Math.max(0, turns.max - age)));
  const others = points.filter((point) => point !== current);
  if (!isOver || others.length === 0) return { point: current, left: null };
  return { point: nextPoint(others, conversation), left: current };
}

function currentPoint(points: readonly Point[], { recent }: Conversation): Point | null {
  for (const { item, named } of recent.slice(-LOOK_BACK_REPLIES).toReversed()) {
    const point =
      points.find(({ text }) => text === item) ?? points.find((candidate) => speaksOf(named, candidate));
    if (point !== undefined) return point;
  }
  return null;
}

/** Replies about the point since another one was asked about. */
function ageOf(point: Point, { recent }: Conversation): number {
  let age = 0;
  for (let i = recent.length - 1; i >= 0; i -= 1) {
    const { item, named } = recent[i]!;
    if (speaksOf(named, point)) age += 1;
    else if (item !== null) break;
  }
  return age;
}

function nextPoint(points: readonly Point[], { recent, asked }: Conversation): Point | null {
  const untouched = points.find(({ text }) => !asked.has(text));
  if (untouched !== undefined) return untouched;
  const ages = points.map((point) => {
    const at = recent.findLastIndex(({ named }) => speaksOf(named, point));
    return at < 0 ? Number.POSITIVE_INFINITY : recent.length - at;
  });
  const rested = ages.findIndex((age) => age > REST_REPLIES);
  return points[rested >= 0 ? rested : ages.indexOf(Math.max(...ages))] ?? null;
}
