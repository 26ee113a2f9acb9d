import type { Random } from '../identity/random.ts';

/** Up to so many pairs all 2ⁿ sign patterns are counted (16,384, a fraction of a millisecond); beyond, patterns are drawn. */
const MAX_EXACT_PAIRS = 14;
/**
 * Drawing ends early at so many hits (Besag and Clifford 1991, doi:10.1093/biomet/78.2.301): the p-value stays exactly valid,
 * large ones are known to 7% of themselves, and only small ones, which decide, cost all draws.
 */
const ENOUGH_HITS = 200;
/** Sums that differ by rounding alone count as equal. */
const TOLERANCE = 1e-9;

/**
 * One-sided sign-flip permutation test of a fall (Fisher 1935; Hemerik and Goeman 2018, doi:10.1007/s11749-017-0571-1).
 * Under no change each paired difference is as likely to have come out with the opposite sign; p is the share of sign
 * patterns whose sum is at most the one observed. Distribution-free; exact by enumeration up to 14 pairs, else
 * (1 + hits) / (1 + draws), which keeps the level.
 * @param differences paired differences now − before, already weighted (weight · difference); any scale.
 * @returns p in (0, 1]; null without pairs.
 */
export function signFlipTest(
  differences: readonly number[],
  options: { draws: number; random: Random },
): number | null {
  if (differences.length === 0) return null;
  const moved = differences.filter((difference) => difference !== 0);
  if (moved.length === 0) return 1;
  const scale = moved.reduce((sum, difference) => sum + Math.abs(difference), 0);
  // Flipping the set F changes the sum by −2·Σ_F; the pattern is as extreme when Σ_F ≥ 0 (within rounding).
  const bound = -TOLERANCE * scale;
  return moved.length <= MAX_EXACT_PAIRS
    ? exactShare(moved, bound)
    : drawnShare(moved, bound, options.draws, options.random);
}

/** Share of all subsets whose sum reaches the bound; subset sums are built by doubling. */
function exactShare(moved: readonly number[], bound: number): number {
  const sums = new Float64Array(2 ** moved.length);
  let filled = 1;
  for (const difference of moved) {
    for (let i = 0; i < filled; i += 1) sums[filled + i] = sums[i]! + difference;
    filled *= 2;
  }
  let hits = 0;
  for (const sum of sums) if (sum >= bound) hits += 1;
  return hits / filled;
}

/**
 * Bytes of a random pattern index tables of the 256 subset sums of eight pairs each: five look-ups and two random words for
 * 36 pairs.
 */
function drawnShare(moved: readonly number[], bound: number, draws: number, random: Random): number {
  const bytes = Math.ceil(moved.length / 8);
  const sums = new Float64Array(256 * bytes);
  for (let byte = 0; byte < bytes; byte += 1) {
    const table = sums.subarray(256 * byte, 256 * (byte + 1));
    for (let bit = 0; bit < 8; bit += 1) {
      const difference = moved[8 * byte + bit] ?? 0;
      for (let i = 0; i < 1 << bit; i += 1) table[(1 << bit) + i] = table[i]! + difference;
    }
  }
  let hits = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    let sum = 0;
    let bits = 0;
    for (let byte = 0; byte < bytes; byte += 1) {
      bits = (byte & 3) === 0 ? (random() * 4_294_967_296) | 0 : bits >>> 8;
      sum += sums[(byte << 8) | (bits & 255)]!;
    }
    if (sum >= bound) hits += 1;
    if (hits === ENOUGH_HITS) return hits / (draw + 1);
  }
  return (1 + hits) / (1 + draws);
}
