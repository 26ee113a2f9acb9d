/** Sums of squares whose product is below this do not vary. */
const NO_SPREAD = 1e-12;

/**
 * Pearson's correlation of pairs, -1 to 1.
 * @returns null below two pairs, or when one side does not vary.
 */
export function pearson(pairs: readonly (readonly [number, number])[]): number | null {
  const mean = (side: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[side], 0) / pairs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  let [product, squaresX, squaresY] = [0, 0, 0];
  for (const [x, y] of pairs) {
    product += (x - meanX) * (y - meanY);
    squaresX += (x - meanX) ** 2;
    squaresY += (y - meanY) ** 2;
  }
  return squaresX * squaresY < NO_SPREAD ? null : product / Math.sqrt(squaresX * squaresY);
}
