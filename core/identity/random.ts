import { sha256Hex } from './hash.ts';

/** A source of uniform numbers in [0, 1). */
export type Random = () => number;

/**
 * A deterministic generator (sfc32, from PractRand) seeded by SHA-256 of a text: same text, same numbers, on every host.
 * For simulation, resampling and draws; never for secrets.
 */
export function randomFrom(seed: string): Random {
  const hex = sha256Hex(seed);
  let a = Number.parseInt(hex.slice(0, 8), 16) | 0;
  let b = Number.parseInt(hex.slice(8, 16), 16) | 0;
  let c = Number.parseInt(hex.slice(16, 24), 16) | 0;
  let counter = Number.parseInt(hex.slice(24, 32), 16) | 0;
  return () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4_294_967_296;
  };
}
