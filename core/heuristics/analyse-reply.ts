import { classifySentence, type SentenceKind } from './classify-sentence.ts';
import { maskCode, maskQuotes } from './text/mask-code.ts';
import { splitSentences } from './text/split-sentences.ts';
import { contentStems, wordsOf } from './text/words.ts';

/** One sentence of a reply, with its place in the original text (UTF-16, end exclusive). */
export interface Sentence {
  start: number;
  end: number;
  /** As written, code blanked. */
  text: string;
  /** As written, code and quoted words blanked: the speaker's own voice. */
  own: string;
  /** `own` without opening fillers and list marks. */
  core: string;
  words: readonly string[];
  /** How many words are the speaker's own, quoted ones left out. */
  own_word_count: number;
  /** Stems of the words that carry subject matter. */
  stems: ReadonlySet<string>;
  kind: SentenceKind;
}

/** A reply read once; every detector works on this. */
export interface Reply {
  text: string;
  /** The text with code blanked, same offsets. */
  visible: string;
  sentences: readonly Sentence[];
  /** Words of all sentences in order. */
  words: readonly string[];
  /** Holds code: a fenced block or inline code. */
  has_code: boolean;
}

/** The reply read last: rules, models and CSD ask for the same one in turn. A cache only, never changes a result. */
let last: Reply | null = null;

/** Splits a reply into sentences, blanks code and quotations, and reads what each sentence does. Linear in the text. */
export function analyseReply(text: string): Reply {
  if (last?.text !== text) last = readSentences(text);
  return last;
}

function readSentences(text: string): Reply {
  const visible = maskCode(text);
  const own = ownVoice(visible);
  const words: string[] = [];
  const sentences = splitSentences(own).map(({ start, end }): Sentence => {
    const sentenceText = visible.slice(start, end);
    const sentenceWords = wordsOf(sentenceText);
    for (const word of sentenceWords) words.push(word);
    const ownText = own.slice(start, end);
    return {
      start,
      end,
      text: sentenceText,
      own: ownText,
      words: sentenceWords,
      own_word_count: ownText === sentenceText ? sentenceWords.length : wordsOf(ownText).length,
      stems: contentStems(sentenceWords),
      ...classifySentence(ownText, sentenceWords.length),
    };
  });
  return { text, visible, sentences, words, has_code: visible !== text };
}

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/gu;

/**
 * Quotations blanked, unless the only question stands inside one or little stands outside: then it is the tutor who says
 * it (some models put their whole reply between quotation marks).
 */
function ownVoice(visible: string): string {
  const own = maskQuotes(visible);
  if (own === visible || (!own.includes('?') && visible.includes('?'))) return visible;
  const outside = own.match(LETTER_OR_DIGIT)?.length ?? 0;
  const all = visible.match(LETTER_OR_DIGIT)?.length ?? 0;
  return outside < 0.25 * all ? visible : own;
}
