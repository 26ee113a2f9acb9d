import type { EvaluationAnswer } from '../../schemas/evaluation.ts';

/** Spread of several readings' scores: mean, standard deviation (n − 1), lowest and highest. Null below two scores. */
export function spreadOf(scores: readonly (number | null)[]): EvaluationAnswer['spread'] {
  const given = scores.filter((score): score is number => score !== null);
  if (given.length < 2) return null;
  const mean = given.reduce((sum, score) => sum + score, 0) / given.length;
  const variance = given.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (given.length - 1);
  return {
    n: given.length,
    mean: Math.round(mean * 1000) / 1000,
    sd_pts: Math.round(Math.sqrt(variance) * 1000) / 1000,
    low: Math.min(...given),
    high: Math.max(...given),
  };
}
