import { analyseReply } from '../../heuristics/analyse-reply.ts';
import { isStopWord, stem, wordsOf } from '../../heuristics/text/words.ts';
import { MAX_VOCABULARY } from './parameters.ts';

/** One word as the dimensions see it. */
export interface Word {
  text: string;
  stem: string;
  /** Carries subject matter (no function word, filler or courtesy). */
  is_content: boolean;
  /** 32-bit hash of the word with first and second person joined: "my boss" said back is "your boss". */
  hash: number;
}

export interface SentenceReading {
  words: readonly Word[];
  /** Asks: a question or an invitation to think, in the speaker's own voice. */
  is_asking: boolean;
}

/** A message read once a turn; every dimension works on this. */
export interface TextReading {
  words: readonly Word[];
  sentences: readonly SentenceReading[];
  /** Content stems of the whole text. */
  content: ReadonlySet<string>;
  /** Content stems of the asking sentences. */
  asked: ReadonlySet<string>;
  is_asking: boolean;
}

/** What counts as a question is decided in one place, the heuristics' sentence reader. Linear in the text. */
export function readText(text: string): TextReading {
  const reply = analyseReply(text);
  const words: Word[] = [];
  const content = new Set<string>();
  const asked = new Set<string>();
  let is_asking = false;
  const sentences = reply.sentences.map((sentence): SentenceReading => {
    const asks = sentence.kind === 'question' || sentence.kind === 'invitation';
    is_asking ||= asks;
    const own = sentence.words.map(wordOf);
    for (const word of own) {
      words.push(word);
      if (!word.is_content) continue;
      content.add(word.stem);
      if (asks) asked.add(word.stem);
    }
    return { words: own, is_asking: asks };
  });
  return { words, sentences, content, asked, is_asking };
}

/** Content stems of a text that needs no sentences. */
export function contentStemsOf(text: string): Set<string> {
  const stems = new Set<string>();
  for (const spelling of wordsOf(text)) {
    const word = wordOf(spelling);
    if (word.is_content) stems.add(word.stem);
  }
  return stems;
}

/** Read words by spelling. A cache only: cleared when full, never changes a result. */
const known = new Map<string, Word>();

export function wordOf(text: string): Word {
  const found = known.get(text);
  if (found !== undefined) return found;
  if (known.size >= 4 * MAX_VOCABULARY) known.clear();
  const stemmed = stem(text);
  const word = {
    text,
    stem: stemmed,
    is_content: !isStopWord(text),
    hash: hashText(PERSON.get(text) ?? stemmed),
  };
  known.set(text, word);
  return word;
}

/** First person → second person, so that a parroted sentence is recognised. */
const PERSON = new Map([
  ['i', 'you'],
  ['me', 'you'],
  ['my', 'your'],
  ['mine', 'yours'],
  ['myself', 'yourself'],
  ["i'm", "you're"],
  ["i've", "you've"],
  ["i'd", "you'd"],
  ["i'll", "you'll"],
  ['am', 'are'],
  ['was', 'were'],
  ['we', 'you'],
  ['us', 'you'],
  ['our', 'your'],
]);

/** FNV-1a, 32 bit. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** Hashes of all runs of `length` words; of the whole where it is shorter; none of nothing. */
export function shinglesOf(hashes: readonly number[], length: number): Set<number> {
  const shingles = new Set<number>();
  if (hashes.length === 0) return shingles;
  const size = Math.min(length, hashes.length);
  for (let start = 0; start + size <= hashes.length; start += 1) {
    shingles.add(shingleAt(hashes, start, size));
  }
  return shingles;
}

export function shingleAt(hashes: readonly number[], start: number, size: number): number {
  let hash = 0x811c9dc5;
  for (let offset = 0; offset < size; offset += 1) {
    hash = Math.imul(hash ^ (hashes[start + offset] as number), 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}

/** Elements in both sets. */
export function overlap<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const element of small) if (large.has(element)) shared += 1;
  return shared;
}

/** Dice coefficient, 0–1; 0 for two empty sets. */
export function dice<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  const total = a.size + b.size;
  return total === 0 ? 0 : (2 * overlap(a, b)) / total;
}
