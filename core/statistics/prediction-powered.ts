import { normalQuantile } from './distributions.ts';

/** One unit that both the machine and a human scored, drawn at random. */
export interface LabelledPrediction {
  human: number;
  machine: number;
  /** Probability with which the unit was drawn, in (0, 1]. */
  draw_probability: number;
}

export interface PredictionPoweredMean {
  mean: number;
  /** Mean of human − machine that was added. */
  correction: number;
  ci_low: number;
  ci_high: number;
  n_labels: number;
}

/**
 * Prediction-powered mean (Angelopoulos et al. 2023, arXiv:2301.09633): the machine's mean over all units plus the mean of
 * human − machine over labelled ones, weighted by 1 / draw probability (Hájek), variance the sum of both parts.
 * Unbiased whatever the machine's error, as long as the labelled units were drawn with the probabilities given.
 * @param machine mean of the machine over all units, and its standard error.
 * @returns null below two labels.
 */
export function predictionPoweredMean(
  machine: { mean: number; standard_error: number },
  labels: readonly LabelledPrediction[],
  level = 0.95,
): PredictionPoweredMean | null {
  if (labels.length < 2) return null;
  const weights = labels.map(({ draw_probability }) => 1 / draw_probability);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const errors = labels.map(({ human, machine: predicted }) => human - predicted);
  const correction = errors.reduce((sum, error, i) => sum + weights[i]! * error, 0) / total;
  const squares = errors.reduce((sum, error, i) => sum + (weights[i]! * (error - correction)) ** 2, 0);
  const variance = (squares / (total * total)) * (labels.length / (labels.length - 1));
  const mean = machine.mean + correction;
  const margin = normalQuantile((1 + level) / 2) * Math.sqrt(machine.standard_error ** 2 + variance);
  return { mean, correction, ci_low: mean - margin, ci_high: mean + margin, n_labels: labels.length };
}
