import type { EvaluatorConfig, Question } from '../../schemas/evaluator-config.ts';
import { numbersOf, isSameNumber } from '../heuristics/text/numbers.ts';
import { splitSentences } from '../heuristics/text/split-sentences.ts';
import { contentStems, wordsOf } from '../heuristics/text/words.ts';

export interface AnswerMarks {
  score: number;
  criteria: { name: string; score: number; quote: string }[];
  feedback: string;
}

const NEGATIONS = new Set(['not', 'no', 'never', 'none', 'neither', 'nor', 'without', 'cannot']);
/** Missing key words that the feedback names. */
const SHOWN_WORDS = 6;

/**
 * Stage 1 of an answer: words, numbers and negations in common with the reference. No understanding: a right answer in
 * other words scores low, a wrong one in the same words high; it says so in its feedback. Deterministic.
 */
export function overlapMarks(question: Question, answer: string, config: EvaluatorConfig): AnswerMarks {
  const { stage_1 } = config;
  const words = wordsOf(answer);
  const said = contentStems(words);
  const wanted = contentStems(wordsOf(question.answer));
  const asked = contentStems(wordsOf(question.question));
  const common = [...wanted].filter((stem) => said.has(stem)).length;
  const recall = wanted.size === 0 ? 0 : common / wanted.size;
  // Words of the question are neither right nor wrong.
  const own = [...said].filter((stem) => wanted.has(stem) || !asked.has(stem)).length;
  const precision = own === 0 ? 0 : common / own;
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);

  const known = [...numbersOf(question.answer), ...numbersOf(question.question)];
  const strange = numbersOf(answer).filter(
    (mention) => !known.some((other) => isSameNumber(mention.value, other.value)),
  );
  const turnsIt = isNegated(answer) !== isNegated(question.answer);
  const accuracy =
    10 * f1 * (turnsIt ? stage_1.polarity_factor : 1) * (strange.length > 0 ? stage_1.number_factor : 1);
  const sentences = Math.max(1, splitSentences(answer).length);
  const isUnclear = words.length < stage_1.min_words || words.length / sentences > stage_1.max_sentence_words;
  const points = {
    accuracy,
    completeness: 10 * recall,
    clarity: words.length === 0 ? 0 : 10 - (isUnclear ? stage_1.unclear_pts : 0),
  };
  const criteria = config.criteria.map(({ name }) => ({ name, score: round2(points[name]), quote: '' }));
  const score = config.criteria.reduce((sum, { name, weight }) => sum + weight * points[name], 0);
  const missing = [...new Set(wordsOf(question.answer))].filter((word) => {
    const [stem] = contentStems([word]);
    return stem !== undefined && !said.has(stem);
  });
  return {
    score: round2(score),
    criteria,
    feedback: [
      `Shares ${common} of ${wanted.size} key words with the reference.`,
      ...(missing.length === 0 ? [] : [`Not found: ${missing.slice(0, SHOWN_WORDS).join(', ')}.`]),
      ...(turnsIt ? ['A negation stands in one of the two texts only.'] : []),
      ...(strange.length > 0 ? ['It names a number that the reference does not.'] : []),
      'This compares words and understands none.',
    ].join(' '),
  };
}

function isNegated(text: string): boolean {
  const count = wordsOf(text).filter((word) => NEGATIONS.has(word) || word.endsWith("n't")).length;
  return count % 2 === 1;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
