import { wordsOf } from '../heuristics/text/words.ts';

/** Words read of each text: the table is words × words, and no answer of the dataset comes near. */
const MAX_WORDS = 1500;

/**
 * ROUGE-L F1 of an answer against a reference: longest common subsequence of words, precision and recall weighted equally
 * (Lin 2004, "ROUGE: A Package for Automatic Evaluation of Summaries", β = 1). 0 … 1. It measures wording: a right answer
 * in other words scores low, so it stands beside the score and never enters it.
 * @returns null when either text has no word.
 */
export function rougeL(answer: string, reference: string): number | null {
  const said = wordsOf(answer).slice(0, MAX_WORDS);
  const wanted = wordsOf(reference).slice(0, MAX_WORDS);
  if (said.length === 0 || wanted.length === 0) return null;
  const common = longestCommonSubsequence(said, wanted);
  // 2PR / (P + R) with P = common / said and R = common / wanted.
  return (2 * common) / (said.length + wanted.length);
}

function longestCommonSubsequence(a: readonly string[], b: readonly string[]): number {
  let above = new Uint16Array(b.length + 1);
  for (const word of a) {
    const row = new Uint16Array(b.length + 1);
    for (let j = 1; j <= b.length; j += 1)
      row[j] = word === b[j - 1] ? above[j - 1]! + 1 : Math.max(above[j]!, row[j - 1]!);
    above = row;
  }
  return above[b.length]!;
}
