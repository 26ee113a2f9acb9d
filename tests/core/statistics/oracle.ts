import { readFileSync } from 'node:fs';

/** Results of R; the commands that made them stand in the file (`r_commands`). */
export const oracle = JSON.parse(
  readFileSync(new URL('../../fixtures/survival-oracle.json', import.meta.url), 'utf8'),
) as {
  survival: {
    name: string;
    turn: number[];
    event: number[];
    tau: number;
    times: number[];
    at_risk: number[];
    events: number[];
    survival: number[];
    ci_low: (number | null)[];
    ci_high: (number | null)[];
    median: number | null;
    median_ci_low: number | null;
    median_ci_high: number | null;
    rmst: number;
    rmst_se: number;
    pseudo: number[];
  }[];
  log_rank: {
    name: string;
    turn: number[];
    event: number[];
    group: number[];
    observed: number[];
    expected: number[];
    chi_square: number;
    p: number;
  }[];
  t_quantiles: { p: number; df: number; t: number }[];
  t_tails: { t: number; df: number; upper_tail: number }[];
  normal_quantiles: { p: number; z: number }[];
  chi_square_tails: { x: number; upper_tail: number }[];
  binomial: { successes: number; n: number; ci_low: number; ci_high: number }[];
  auc: { score: number[]; label: number[]; auc: number };
  spearman: { x: number[]; y: number[]; rho: number };
  holm: { p: number[]; adjusted: number[] };
  quantiles: { values: number[]; p: number[]; expected: number[] };
};

/** Turns and event marks as observations. */
export function observations({ turn, event }: { turn: number[]; event: number[] }) {
  return turn.map((at, i) => ({ turn: at, is_event: event[i] === 1 }));
}
