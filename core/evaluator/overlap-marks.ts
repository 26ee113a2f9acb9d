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

/** What ends a clause: a negation reaches no further. */
const CLAUSE_END = /[.?!]+(?=\s|$)|[,;:\n—–]+(?!\d)|\bbut\b|\brather than\b/i;

/**
 * Stage 1 of an answer: words, numbers and negations in common with the reference. Words of the question are neither
 * asked for nor counted against: to repeat them is no answer and to leave them out no fault. No understanding: a right
 * answer in other words scores low, a wrong one in the same words high; it says so in its feedback. Deterministic.
 */
export function overlapMarks(question: Question, answer: string, config: EvaluatorConfig): AnswerMarks {
  const { stage_1 } = config;
  const words = wordsOf(answer);
  const said = contentStems(words);
  const asked = contentStems(wordsOf(question.question));
  const wanted = keyWords(question, asked);
  const common = [...wanted].filter((stem) => said.has(stem)).length;
  const recall = wanted.size === 0 ? 0 : common / wanted.size;
  const own = [...said].filter((stem) => wanted.has(stem) || !asked.has(stem)).length;
  const precision = own === 0 ? 0 : common / own;
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);

  const known = [...numbersOf(question.answer), ...numbersOf(question.question)];
  const strange = numbersOf(answer).filter(
    (mention) => !known.some((other) => isSameNumber(mention.value, other.value)),
  );
  const turnsIt =
    isNegated(answer, wanted, asked) !==
    isNegated(question.answer, new Set([...wanted].filter((stem) => said.has(stem))), asked);
  // What is said turned round is neither true nor said.
  const polarity = turnsIt ? stage_1.polarity_factor : 1;
  const accuracy = 10 * f1 * polarity * (strange.length > 0 ? stage_1.number_factor : 1);
  const sentences = Math.max(1, splitSentences(answer).length);
  const isUnclear = words.length < stage_1.min_words || words.length / sentences > stage_1.max_sentence_words;
  const points = {
    accuracy,
    completeness: 10 * recall * polarity,
    clarity: words.length === 0 ? 0 : 10 - (isUnclear ? stage_1.unclear_pts : 0),
  };
  const criteria = config.criteria.map(({ name }) => ({ name, score: round2(points[name]), quote: '' }));
  const score = config.criteria.reduce((sum, { name, weight }) => sum + weight * points[name], 0);
  const missing = [...new Set(wordsOf(question.answer))].filter((word) => {
    const [stem] = contentStems([word]);
    return stem !== undefined && wanted.has(stem) && !said.has(stem);
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

/** The reference's key words that the question does not hold already; all of them where it holds every one. */
function keyWords(question: Question, asked: ReadonlySet<string>): ReadonlySet<string> {
  const all = contentStems(wordsOf(question.answer));
  const own = new Set([...all].filter((stem) => !asked.has(stem)));
  return own.size > 0 ? own : all;
}

/**
 * Does a clause about `shared` words hold an odd number of negations? One about other things ("Paris, not Lyon") says
 * nothing of them; one of the question's words alone ("No", "it is not the capital") is about the answer.
 */
function isNegated(text: string, shared: ReadonlySet<string>, asked: ReadonlySet<string>): boolean {
  return text.split(CLAUSE_END).some((clause) => {
    const words = wordsOf(clause);
    const count = words.filter((word) => NEGATIONS.has(word) || word.endsWith("n't")).length;
    if (count % 2 === 0) return false;
    const stems = [...contentStems(words.filter((word) => !NEGATIONS.has(word) && !word.endsWith("n't")))];
    return stems.some((stem) => shared.has(stem)) || stems.every((stem) => asked.has(stem));
  });
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
