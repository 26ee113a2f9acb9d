import { excludesZero, signed } from './number.ts';

/** First third minus last third of a dialogue, with its interval. */
export interface Decline {
  decline_pts: number | null;
  decline_ci_low: number | null;
  decline_ci_high: number | null;
  is_declining: boolean;
}

/**
 * The only place that may say a model declines: where the interval of `decline_pts` leaves 0 out and the decline is as large
 * as counts (`is_declining`). Half-life alone does not show decline, since a tutor that fails at random reaches one too
 * (docs/methods.md).
 */
export function declineWord(row: Decline): 'declines' | 'rises' | 'steady' | 'unknown' {
  if (row.decline_pts === null || row.decline_ci_low === null) return 'unknown';
  if (row.is_declining) return 'declines';
  return excludesZero(row.decline_ci_low, row.decline_ci_high) && row.decline_pts < 0 ? 'rises' : 'steady';
}

/** `declines by 2.1 points` or `no decline shown`. */
export function declineText(row: Decline): string {
  const word = declineWord(row);
  if (word === 'unknown') return 'decline not known';
  if (word === 'steady') return 'no decline shown';
  return `${word} by ${signed(Math.abs(row.decline_pts!), 1).replace('+', '')} points`;
}
