import type { Random } from '../identity/random.ts';

/** Shortest word that a slip hits; shorter ones become unreadable. */
const LEAST_LETTERS = 5;
const WORD = /[\p{L}'’]+/gu;

/**
 * Slips of the keyboard: swapped, dropped or doubled letters in a share of the longer words. Names (capital letters) and
 * protected words stay whole, so that what measures look for is still there.
 */
export function withTypos(
  text: string,
  frac: number,
  random: Random,
  isProtected: (word: string) => boolean,
): string {
  if (frac === 0) return text;
  return text.replace(WORD, (word) => {
    if (word.length < LEAST_LETTERS || word !== word.toLowerCase() || isProtected(word)) return word;
    return random() < frac ? slip(word, random) : word;
  });
}

function slip(word: string, random: Random): string {
  if (word.includes("'")) return word.replace("'", '');
  // Inner letters only: a reader recovers a word from its first and last one.
  const at = 1 + Math.floor(random() * (word.length - 3));
  const kind = random();
  if (kind < 0.5) return word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2);
  if (kind < 0.8) return word.slice(0, at) + word.slice(at + 1);
  return word.slice(0, at) + word.charAt(at) + word.slice(at);
}
