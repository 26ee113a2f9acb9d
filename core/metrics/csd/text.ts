import { analyseReply } from '../../heuristics/analyse-reply.ts';
import { splitSentences } from '../../heuristics/text/split-sentences.ts';
import { isStopWord, stem, wordsOf } from '../../heuristics/text/words.ts';
import { MAX_VOCABULARY, SHINGLE_WORDS } from './parameters.ts';

const { imul } = Math;

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
  /** Shingles in order of their first word. */
  shingles: readonly number[];
  shingle_set: ReadonlySet<number>;
}

/** Reads a tutor's reply. What counts as a question is decided in one place, the heuristics' sentence reader. Linear. */
export function readReplyText(text: string): TextReading {
  return readSentences(
    analyseReply(text).sentences.map(({ words, kind }) => ({
      words,
      is_asking: kind === 'question' || kind === 'invitation',
    })),
  );
}

/** Reads a student's message, of which only words and sentences matter. Linear. */
export function readMessage(text: string): TextReading {
  return readSentences(
    splitSentences(text).map(({ start, end }) => ({
      words: wordsOf(text.slice(start, end)),
      is_asking: false,
    })),
  );
}

function readSentences(sentences: readonly { words: readonly string[]; is_asking: boolean }[]): TextReading {
  const words: Word[] = [];
  const content = new Set<string>();
  const asked = new Set<string>();
  const read = sentences.map((sentence): SentenceReading => {
    const own = sentence.words.map(wordOf);
    for (const word of own) {
      words.push(word);
      if (!word.is_content) continue;
      content.add(word.stem);
      if (sentence.is_asking) asked.add(word.stem);
    }
    return { words: own, is_asking: sentence.is_asking };
  });
  const shingles = shinglesOf(words.map(({ hash }) => hash));
  return {
    words,
    sentences: read,
    content,
    asked,
    is_asking: read.some(({ is_asking }) => is_asking),
    shingles,
    shingle_set: new Set(shingles),
  };
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
    hash = imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** Hash of every SHINGLE_WORDS words in a row, in order; of all words where there are fewer; none of nothing. */
export function shinglesOf(hashes: readonly number[]): number[] {
  if (hashes.length === 0) return [];
  const size = Math.min(SHINGLE_WORDS, hashes.length);
  const shingles: number[] = [];
  for (let start = 0; start + size <= hashes.length; start += 1) shingles.push(hashRun(hashes, start, size));
  return shingles;
}

/** Hash of `size` word hashes from `start` on. */
export function hashRun(hashes: readonly number[], start: number, size: number): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < start + size; index += 1) {
    hash = imul(hash ^ (hashes[index] as number), 0x01000193);
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
