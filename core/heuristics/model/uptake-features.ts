import type { TurnReading } from '../read-turn.ts';
import { contentStems } from '../text/words.ts';

/** Opening words of a reply, where a taking-up mostly stands. */
const HEAD_WORDS = 12;
/** A message of at most so many words is a bare answer. */
const SHORT_WORDS = 3;
const ASKS_FOR_HELP =
  /\b(?:what(?:['’]s| is)? the (?:word|answer)|how do (?:i|you) say|tell me|help|don['’]?t (?:know|understand)|dont|idk|not sure|confused|no idea|can you)\b/iu;
const AGREES = /^(?:yes|ok|okay|yeah|oh|i see|that['’]s correct|you['’]re right|right)\b/iu;
const ONLY_NUMBER = /^[\s\d.,$%/=+x-]+[?.!]?$/u;
const REASONS = /\b(?:because|so|since|therefore|if)\b/iu;

/** What the reply takes up of the student's words, and what kind of message it answers. */
export function uptakeFeatures({ reply, context, uptake }: TurnReading): Record<string, number> {
  const { said, said_words, turn } = context;
  const { words } = reply;
  const saidAll = new Set(said_words);
  const ownAll = new Set(words);
  const pairs = pairShare(said_words, words);
  const run = longestCommonRun(said_words, words);
  const asked = { stems: new Set<string>(), repeated: 0 };
  let novel_stated = 0;
  for (const { kind, stems } of reply.sentences) {
    for (const word of stems) {
      if (kind === 'question') asked.stems.add(word);
      else if (
        kind === 'statement' &&
        !said.has(word) &&
        !context.earlier.has(word) &&
        !context.tutor.has(word)
      )
        novel_stated += 1;
    }
  }
  for (const word of asked.stems) if (said.has(word)) asked.repeated += 1;
  let head = 0;
  for (const word of contentStems(words.slice(0, HEAD_WORDS))) if (said.has(word)) head += 1;
  return {
    uptake_of_said: ratio(uptake.repeated, said.size),
    uptake_of_reply: ratio(uptake.repeated, uptake.content),
    uptake_count: Math.log1p(uptake.repeated),
    uptake_related: ratio(uptake.related, uptake.content),
    uptake_novel: Math.log1p(uptake.content - uptake.repeated - uptake.related),
    uptake_all_words: ratio(common(saidAll, ownAll), saidAll.size),
    uptake_pairs: pairs.share,
    uptake_pair_count: Math.log1p(pairs.count),
    uptake_novel_stated: Math.log1p(novel_stated),
    uptake_asked: Math.log1p(asked.repeated),
    uptake_of_asked: ratio(asked.repeated, asked.stems.size),
    uptake_head: Math.log1p(head),
    uptake_of_said_head: ratio(head, said.size),
    uptake_run: Math.log1p(run),
    uptake_run_share: ratio(run, said_words.length),
    said_words: Math.log1p(said_words.length),
    said_nothing: flag(said_words.length === 0),
    said_short: flag(said_words.length <= SHORT_WORDS),
    said_question: flag(/[?？]/u.test(turn.said)),
    said_asks_help: flag(ASKS_FOR_HELP.test(turn.said)),
    said_agrees: flag(AGREES.test(turn.said)),
    said_only_number: flag(ONLY_NUMBER.test(turn.said)),
    said_has_number: flag(/\d/u.test(turn.said)),
    said_reasons: flag(REASONS.test(turn.said)),
    tutor_turns: Math.min(3, turn.tutor_turns.length),
    student_turns: Math.min(3, turn.student_turns.length),
  };
}

/** Neighbouring word pairs of the student that the reply repeats: count, and share of the student's pairs (at most 1). */
function pairShare(said: readonly string[], own: readonly string[]): { count: number; share: number } {
  const pairs = new Set<string>();
  for (let index = 1; index < said.length; index += 1) pairs.add(`${said[index - 1]} ${said[index]}`);
  if (pairs.size === 0) return { count: 0, share: 0 };
  let count = 0;
  for (let index = 1; index < own.length; index += 1)
    if (pairs.has(`${own[index - 1]} ${own[index]}`)) count += 1;
  return { count, share: Math.min(1, count / pairs.size) };
}

/** Most words of the student looked at for a common run: keeps the table small for long messages. */
const RUN_WORDS = 60;

/** Length in words of the longest stretch of the student's message that the reply repeats. */
function longestCommonRun(said: readonly string[], own: readonly string[]): number {
  const places = new Map<string, number[]>();
  for (const [index, word] of said.slice(-RUN_WORDS).entries()) {
    const known = places.get(word);
    if (known === undefined) places.set(word, [index]);
    else known.push(index);
  }
  let best = 0;
  let previous = new Map<number, number>();
  for (const word of own) {
    const current = new Map<number, number>();
    for (const place of places.get(word) ?? []) {
      const length = (previous.get(place - 1) ?? 0) + 1;
      current.set(place, length);
      if (length > best) best = length;
    }
    previous = current;
  }
  return best;
}

function common(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let count = 0;
  for (const word of a) if (b.has(word)) count += 1;
  return count;
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function flag(value: boolean): number {
  return value ? 1 : 0;
}
