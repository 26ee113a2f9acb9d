const MULTIPLIER = 0x5deece66dn;
const MASK = (1n << 48n) - 1n;

/**
 * First `nextDouble()` of `java.util.Random(seed)`: the value AWS records for `$random(seed)`.
 * Source: Java SE API, class Random: 48-bit linear congruential generator, 26 high bits then 27.
 */
export function javaRandomDouble(seed: number): number {
  let state = (BigInt(Math.trunc(seed)) ^ MULTIPLIER) & MASK;
  const next = (bits: bigint): bigint => {
    state = (state * MULTIPLIER + 0xbn) & MASK;
    return state >> (48n - bits);
  };
  const high = next(26n);
  return Number((high << 27n) + next(27n)) / 2 ** 53;
}
