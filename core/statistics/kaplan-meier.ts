import { normalQuantile } from './distributions.ts';

/** One run under observation: up to and with `turn` (≥ 0); an event there, or censored after it. */
export interface SurvivalObservation {
  turn: number;
  is_event: boolean;
}

/** The curve from `turn` on, up to the next point. */
export interface SurvivalPoint {
  turn: number;
  /** Runs under observation at this turn. */
  at_risk: number;
  events: number;
  /** S(turn) = P(T > turn). */
  survival: number;
  /** Log-log interval of S (Kalbfleisch and Prentice); null where S is 1 or 0, where it does not exist. */
  ci_low: number | null;
  ci_high: number | null;
}

export interface KaplanMeier {
  /** One point at each turn at which a run had its event or was censored, ascending. */
  points: SurvivalPoint[];
  /** First turn with S ≤ ½; null when the curve does not come down that far. */
  median: number | null;
  /** Brookmeyer–Crowley: first turns at which the lower and the upper band reach ½; null beyond the last event. */
  median_ci_low: number | null;
  median_ci_high: number | null;
}

/**
 * Kaplan–Meier estimate (1958): S(t) = Π over event turns ≤ t of 1 − d/n. A run censored at a turn is at risk at that turn.
 * Variance after Greenwood, interval on the log(−log S) scale. Runs are taken as independent: the intervals of RMST and of
 * means (stratified-mean.ts) respect the seeds, this one does not.
 * @param level of the two-sided interval.
 */
export function kaplanMeier(observations: readonly SurvivalObservation[], level = 0.95): KaplanMeier {
  const z = normalQuantile((1 + level) / 2);
  const turns = [...new Set(observations.map(({ turn }) => turn))].sort((a, b) => a - b);
  const ending = new Map(turns.map((turn) => [turn, { events: 0, censored: 0 }]));
  for (const { turn, is_event } of observations) {
    const end = ending.get(turn)!;
    if (is_event) end.events += 1;
    else end.censored += 1;
  }

  const points: SurvivalPoint[] = [];
  let at_risk = observations.length;
  let survival = 1;
  let greenwood = 0;
  for (const turn of turns) {
    const { events, censored } = ending.get(turn)!;
    if (events > 0) {
      survival = events === at_risk ? 0 : survival * (1 - events / at_risk);
      greenwood += events / (at_risk * (at_risk - events));
    }
    const [ci_low, ci_high] = logLogInterval(survival, greenwood, z);
    points.push({ turn, at_risk, events, survival, ci_low, ci_high });
    at_risk -= events + censored;
  }
  const reaches = (value: (point: SurvivalPoint) => number | null) =>
    points.find((point) => (value(point) ?? point.survival) <= 0.5 + 1e-12)?.turn ?? null;
  return {
    points,
    median: reaches((point) => point.survival),
    median_ci_low: reaches((point) => point.ci_low),
    median_ci_high: points.some(({ survival: s }) => s < 1)
      ? reaches((point) => (point.survival === 0 ? 1 : point.ci_high))
      : null,
  };
}

function logLogInterval(
  survival: number,
  greenwood: number,
  z: number,
): [low: number | null, high: number | null] {
  if (survival === 1 || survival === 0) return [null, null];
  const logS = Math.log(survival);
  const margin = (z * Math.sqrt(greenwood)) / Math.abs(logS);
  return [Math.exp(logS * Math.exp(margin)), Math.exp(logS * Math.exp(-margin))];
}
