import type { Random } from '../identity/random.ts';

/** Up to so many pairs all 2ⁿ sign patterns are counted (65,536, under a millisecond); beyond, patterns are drawn. */
const MAX_EXACT_PAIRS = 16;
/** Sums that differ by rounding alone count as equal. */
const TOLERANCE = 1e-9;

/**
 * One-sided sign-flip permutation test of a fall (Fisher 1935; Hemerik and Goeman 2018, doi:10.1007/s11749-017-0571-1).
 * Under no change each paired difference is as likely to have come out with the opposite sign; p is the share of sign
 * patterns whose sum is at most the one observed. Distribution-free; exact by enumeration up to 16 pairs, else
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

/** Bytes of a random pattern index tables of the 256 subset sums of eight pairs: five look-ups for 36 pairs. */
function drawnShare(moved: readonly number[], bound: number, draws: number, random: Random): number {
  const tables: Float64Array[] = [];
  for (let start = 0; start < moved.length; start += 8) {
    const table = new Float64Array(256);
    for (let bit = 0; bit < 8; bit += 1) {
      const difference = moved[start + bit] ?? 0;
      for (let i = 0; i < 1 << bit; i += 1) table[(1 << bit) + i] = table[i]! + difference;
    }
    tables.push(table);
  }
  let hits = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    let sum = 0;
    let bits = 0;
    for (let i = 0; i < tables.length; i += 1) {
      if (i % 4 === 0) bits = (random() * 4_294_967_296) | 0;
      sum += tables[i]![bits & 255]!;
      bits >>>= 8;
    }
    if (sum >= bound) hits += 1;
  }
  return (1 + hits) / (1 + draws);
}
