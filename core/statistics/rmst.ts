import type { SurvivalObservation } from './kaplan-meier.ts';

/** A half-life cannot be reached before the first moving average of three turns. */
const FIRST_EVENT_TURN = 3;

export interface Rmst {
  /** Restricted mean, turns, in [3, τ]. */
  rmst: number;
  /** Greenwood standard error; takes runs as independent. */
  standard_error: number;
}

/**
 * Restricted mean half-life RMST(τ) = Σ_{t=0}^{τ−1} S(t) of the Kaplan–Meier curve, S = 1 before turn 3: the area under
 * the curve up to the horizon, hence in [3, τ] (Royston and Parmar 2013, doi:10.1186/1471-2288-13-152; variance as in
 * R's survival, print.survfit).
 * @returns null when the curve is not known up to the horizon: no runs, or all runs still alive were lost before it. Then
 *   any number would be a guess, and a dead provider would look like a perfect tutor.
 */
export function rmst(observations: readonly SurvivalObservation[], horizon: number): Rmst | null {
  const counts = countByTurn(observations, horizon);
  const curve = survivalCurve(counts, horizon);
  if (curve === null || !curve.isKnownToHorizon) return null;
  let variance = 0;
  let areaBeyond = 0;
  for (let turn = horizon - 1; turn >= FIRST_EVENT_TURN; turn -= 1) {
    areaBeyond += curve.survival[turn]!;
    const events = counts.events[turn]!;
    const at_risk = curve.atRisk[turn]!;
    if (events > 0 && at_risk > events)
      variance += (areaBeyond * areaBeyond * events) / (at_risk * (at_risk - events));
  }
  return { rmst: curve.area, standard_error: Math.sqrt(variance) };
}

/**
 * Jackknife pseudo-observations of RMST(τ) (Andersen, Hansen and Klein 2004, doi:10.1007/s10985-004-4771-0):
 * θᵢ = n·RMST − (n − 1)·RMST without run i. Where nobody is censored before the horizon θᵢ is min(Tᵢ, τ); a censored run
 * gets its expected share and so keeps its place in a paired comparison. May lie outside [3, τ].
 * @returns one number per observation, in order; null where `rmst` is null.
 */
export function rmstPseudoObservations(
  observations: readonly SurvivalObservation[],
  horizon: number,
): number[] | null {
  const isComplete = ({ turn, is_event }: SurvivalObservation) => is_event || turn >= horizon - 1;
  if (observations.length > 0 && observations.every(isComplete))
    return observations.map(({ turn, is_event }) => (is_event ? clampTurn(turn, horizon) : horizon));

  const counts = countByTurn(observations, horizon);
  const whole = survivalCurve(counts, horizon);
  if (whole === null || !whole.isKnownToHorizon) return null;
  const n = observations.length;
  if (n === 1) return [whole.area];
  const known = new Map<string, number>();
  return observations.map((observation) => {
    const key = `${observation.is_event}${observation.turn}`;
    let value = known.get(key);
    if (value === undefined) {
      tally(counts, observation, horizon, -1);
      value = n * whole.area - (n - 1) * survivalCurve(counts, horizon)!.area;
      tally(counts, observation, horizon, 1);
      known.set(key, value);
    }
    return value;
  });
}

interface Counts {
  total: number;
  /** By turn 0 … τ; whatever lies beyond τ ends there. */
  events: Int32Array;
  censored: Int32Array;
}

function countByTurn(observations: readonly SurvivalObservation[], horizon: number): Counts {
  if (!Number.isInteger(horizon) || horizon < FIRST_EVENT_TURN)
    throw new RangeError(`rmst: expected a horizon of at least ${FIRST_EVENT_TURN} turns, got ${horizon}`);
  const counts = { total: 0, events: new Int32Array(horizon + 1), censored: new Int32Array(horizon + 1) };
  for (const observation of observations) tally(counts, observation, horizon, 1);
  return counts;
}

function tally(counts: Counts, { turn, is_event }: SurvivalObservation, horizon: number, by: 1 | -1): void {
  counts.total += by;
  if (is_event) counts.events[clampTurn(turn, horizon)]! += by;
  else counts.censored[Math.min(turn, horizon)]! += by;
}

function clampTurn(turn: number, horizon: number): number {
  if (turn >= horizon) return horizon;
  return turn < FIRST_EVENT_TURN ? FIRST_EVENT_TURN : turn;
}

/** S(t) and the numbers at risk for t = 0 … τ−1; S stays level where nobody is left under observation. */
function survivalCurve({ total, events, censored }: Counts, horizon: number) {
  if (total === 0) return null;
  const survival = new Float64Array(horizon);
  const atRisk = new Int32Array(horizon);
  let alive = total;
  let s = 1;
  let area = 0;
  for (let turn = 0; turn < horizon; turn += 1) {
    if (events[turn]! > 0) s = events[turn] === alive ? 0 : s * (1 - events[turn]! / alive);
    survival[turn] = s;
    atRisk[turn] = alive;
    area += s;
    alive -= events[turn]! + censored[turn]!;
  }
  return { survival, atRisk, area, isKnownToHorizon: s === 0 || atRisk[horizon - 1]! > 0 };
}
