import { chiSquareUpperTail } from './distributions.ts';
import type { SurvivalObservation } from './kaplan-meier.ts';

export interface LogRank {
  /** Events seen and events expected in the first group were both groups alike. */
  observed: number;
  expected: number;
  chi_square: number;
  /** Two-sided. */
  p: number;
}

/**
 * Log-rank test of two groups (Mantel 1966), hypergeometric variance. Takes runs as independent; the alerts use the paired
 * test instead.
 * @returns null when no event tells the groups apart.
 */
export function logRank(
  first: readonly SurvivalObservation[],
  second: readonly SurvivalObservation[],
): LogRank | null {
  const eventTurns = new Set(
    [...first, ...second].filter(({ is_event }) => is_event).map(({ turn }) => turn),
  );
  let observed = 0;
  let expected = 0;
  let variance = 0;
  for (const turn of eventTurns) {
    const [firstAtRisk, firstEvents] = countsAt(first, turn);
    const [secondAtRisk, secondEvents] = countsAt(second, turn);
    const atRisk = firstAtRisk + secondAtRisk;
    const events = firstEvents + secondEvents;
    observed += firstEvents;
    expected += (events * firstAtRisk) / atRisk;
    if (atRisk > 1)
      variance +=
        (events * firstAtRisk * secondAtRisk * (atRisk - events)) / (atRisk * atRisk * (atRisk - 1));
  }
  if (variance <= 0) return null;
  const chi_square = (observed - expected) ** 2 / variance;
  return { observed, expected, chi_square, p: chiSquareUpperTail(chi_square, 1) };
}

function countsAt(group: readonly SurvivalObservation[], at: number): [atRisk: number, events: number] {
  let atRisk = 0;
  let events = 0;
  for (const { turn, is_event } of group) {
    if (turn >= at) atRisk += 1;
    if (turn === at && is_event) events += 1;
  }
  return [atRisk, events];
}
