/**
 * Numbers enter a record with six decimals: finer than any interval here, coarse enough that the order of additions does not
 * show. Everything is computed unrounded and rounded once, at the border of the record.
 */
export function round6(value: number): number {
  const rounded = Math.round(value * 1e6) / 1e6;
  return rounded === 0 ? 0 : rounded;
}

/** The same, passing null on. */
export function round6OrNull(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : round6(value);
}
