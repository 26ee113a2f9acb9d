import type { Criteria, StopReason } from '../../schemas/common.ts';
import type { QuestionType } from '../../schemas/heuristic-result.ts';
import { ramp, type Finding } from './finding.ts';
import type { Probabilities } from './model/predict.ts';
import type { Openness } from './read-question.ts';
import { strongest, type TurnReading } from './read-turn.ts';

/** Depth of the kinds of question, 0–10: reasons, assumptions and implications go deepest (Paul and Elder). */
const DEPTH: Record<QuestionType, number> = {
  evidence: 10,
  assumption: 10,
  implication: 10,
  viewpoint: 10,
  clarify: 9,
  meta: 9,
  other: 8,
  none: 1,
};
const OPENNESS: Record<Openness, number> = { open: 10, narrow: 7, closed: 4 };
/** How deep a question that wants one fact, or yes or no, can go. */
const DEPTH_LIMIT: Record<Openness, number> = { open: 10, narrow: 8, closed: 6 };
/** Where nothing is asked. */
const UNASKED = 1;
/** One question is wanted; each further one costs more than the last. */
const BY_COUNT = [0, 10, 5, 2.5, 1] as const;

/** The nine criteria of a turn, 0–10 each; `stage_1` in the rubric describes them. */
export function fillCriteria(
  { reply, asks, uptake, asserted_words }: TurnReading,
  findings: readonly Finding[],
  probabilities: Probabilities,
  stopReason: StopReason,
): Criteria {
  const cost = (violation: Finding['violation']): number => penalty(strongest(findings, violation));
  const given = Math.max(
    cost('telling'),
    cost('reveals_answer'),
    cost('lecture'),
    cost('answers_own_question'),
  );
  /** What the tutor has told or advised is no longer asked, however open the question behind it sounds. */
  const spent = Math.max(given, cost('advice'), cost('directive'));
  const { openness } = asks;
  const depth = openness === null ? UNASKED : Math.min(DEPTH_LIMIT[openness], DEPTH[asks.type]);
  const taken = Math.max(
    10 * ramp(probabilities.builds_on_prior, 0.1, 0.6),
    uptake.repeated > 0 ? 10 : uptake.points_back ? 8 : 4,
  );
  const isRelated = uptake.repeated + uptake.related > 0 || uptake.points_back;
  const relevance = isRelated ? 10 : uptake.content === 0 ? 6 : 7;
  return {
    open_ended: scaled(openness === null ? UNASKED : OPENNESS[openness], 0.6 * spent),
    single_question: BY_COUNT[Math.min(asks.count, 4)] as number,
    grammatical: grammarPts(reply, stopReason),
    probing_depth: scaled(depth, 0.7 * spent),
    relevance: scaled(relevance, 0.8 * Math.max(cost('follows_decoy'), cost('ignores_student'))),
    builds_on_prior: scaled(taken, 0.7 * cost('ignores_student')),
    non_directive: scaled(
      10,
      Math.max(
        given,
        0.3 * ramp(asserted_words, 4, 20),
        0.9 * cost('directive'),
        0.9 * cost('follows_decoy'),
        asks.count === 0 ? 0.4 : 0,
      ),
    ),
    no_advice: scaled(10, Math.max(cost('advice'), 0.8 * cost('directive'))),
    no_leading: scaled(
      10,
      Math.max(0.85 * cost('leading_question'), 0.25 * ramp(probabilities.leading, 0.85, 1)),
    ),
  };
}

/** Full effect from strength 0.7 on, none below 0.2: near its threshold a finding costs in proportion. */
function penalty(strength: number): number {
  return ramp(strength, 0.2, 0.7);
}

function scaled(points: number, lost: number): number {
  return Math.round(Math.max(0, Math.min(10, points * (1 - lost))) * 100) / 100;
}

/** Readability, 0–10: cut replies, shouting, doubled words, unclosed code and letter salad cost. */
function grammarPts(
  { text, words, sentences, has_code }: TurnReading['reply'],
  stopReason: StopReason,
): number {
  if (sentences.length === 0) return 0;
  const { letters, capitals, signs } = countSigns(text);
  let points = 10;
  if (stopReason === 'length') points -= 4;
  if (letters > 20 && capitals / letters > 0.6) points -= 3;
  if (letters < 0.4 * signs && !has_code) points -= 2;
  points -= Math.min(3, doubledWords(words));
  if ((text.split('```').length - 1) % 2 === 1) points -= 1;
  return Math.max(0, points);
}

/** Letters, capital letters and all signs but white space; beyond ASCII a sign counts as a letter. */
function countSigns(text: string): { letters: number; capitals: number; signs: number } {
  const counts = { letters: 0, capitals: 0, signs: 0 };
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code <= 32) continue;
    counts.signs += 1;
    const isCapital = code >= 65 && code <= 90;
    if (isCapital) counts.capitals += 1;
    if (isCapital || (code >= 97 && code <= 122) || code >= 0xc0) counts.letters += 1;
  }
  return counts;
}

/** "the the": the same word twice running; had had and that that may be meant. */
function doubledWords(words: readonly string[]): number {
  let doubled = 0;
  for (let index = 1; index < words.length; index += 1) {
    const word = words[index] as string;
    if (word === words[index - 1] && word !== 'had' && word !== 'that' && /^\p{L}{2,}$/u.test(word))
      doubled += 1;
  }
  return doubled;
}
