const Z2 = 1.959963984540054 ** 2;

/** 95% score interval of a share (Wilson 1927): holds for few events and none. */
export function wilson(events: number, n: number): { low: number; high: number } {
  const share = events / n;
  const middle = (share + Z2 / (2 * n)) / (1 + Z2 / n);
  const half = (Math.sqrt(Z2) * Math.sqrt((share * (1 - share)) / n + Z2 / (4 * n * n))) / (1 + Z2 / n);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
