import type { HeardAct } from '../../schemas/student-script.ts';
import type { ReplyReading } from '../heuristics/read-reply.ts';
import { contentStems, isStopWord, stem, wordsOf } from '../heuristics/text/words.ts';
import type { PreparedScript } from './prepare-script.ts';

/** What the student makes of a tutor's reply. */
export interface Heard {
  act: HeardAct;
  /** Words of the tutor's question that the student takes up; null when it has none worth it. */
  words: string | null;
  /** Slots of contradictions whose two sides the reply puts side by side. */
  named: readonly string[];
  /** The question in lower case without punctuation, to notice when it comes again. */
  question: string;
}

/** What is known when a reply arrives. */
export interface Listener {
  prepared: PreparedScript;
  /** Is a stem on topic: a word of the seed or of the student's last answer? */
  isKnown: (stem: string) => boolean;
  /** Does a question name a side matter that the student brought up? */
  isSideMatter: (question: string) => boolean;
  /** Open contradictions: both sides stated, not yet conceded. */
  open: readonly { slot: string; isNamed: (text: string, stems: ReadonlySet<string>) => boolean }[];
  /** Questions heard lately, as in `Heard.question`. */
  recentQuestions: readonly string[];
}

const NO_STEMS: ReadonlySet<string> = new Set();

/** Longest stretch of a reply that is looked through for its last question, characters. */
const QUESTION_REACH_CHARS = 400;
/** Longest quotation of the student's own words that is taken up, words. */
const MOST_QUOTED_WORDS = 8;
/** Longest run of the tutor's words that is taken up. */
const MOST_TAKEN_WORDS = 4;

/** Hears a reply: the first of HEARD_ACTS that fits, and the words to take up. Linear in the reply. */
export function hearReply(reading: ReplyReading, text: string, listener: Listener): Heard {
  const sentence = lastQuestion(text);
  const stems = listener.open.length === 0 ? NO_STEMS : contentStems(wordsOf(text));
  const named = listener.open.filter((side) => side.isNamed(text, stems)).map((side) => side.slot);
  const words = wordsOf(sentence);
  return {
    act: actOf(reading, sentence, words, named.length > 0, listener),
    words: takeUp(sentence, listener.prepared.genericWords),
    named,
    question: words.join(' '),
  };
}

function actOf(
  reading: ReplyReading,
  sentence: string,
  words: readonly string[],
  isNamed: boolean,
  listener: Listener,
): HeardAct {
  const { listening } = listener.prepared.script;
  if (reading.is_empty) return 'nothing';
  if (isNamed) return 'contradiction_named';
  if (reading.gives_advice) return 'advice';
  if (reading.tells) return 'telling';
  if (reading.question_count === 0) return 'no_question';
  if (reading.question_count >= listening.many_questions) return 'many_questions';
  if (words.length > 0 && listener.recentQuestions.includes(words.join(' '))) return 'repeated_question';
  if (reading.question_type !== 'meta' && isOffTopic(sentence, words, listener)) return 'off_topic';
  if (listener.prepared.isClosed(lastClause(sentence))) return 'closed_question';
  return reading.question_type === 'none' ? 'other' : reading.question_type;
}

/** The last question of a reply without its question mark; the last sentence where none is asked. */
export function lastQuestion(text: string): string {
  const mark = text.lastIndexOf('?');
  const end = mark < 0 ? text.length : mark;
  const stretch = text.slice(Math.max(0, end - QUESTION_REACH_CHARS), end);
  const starts = /^.*(?:[.!?…]["'”’)]*\s|\n)/su.exec(stretch);
  return stretch.slice(starts?.[0].length ?? 0).trim();
}

/** What is asked after an opening clause: "If nobody may decide, do they learn" → "do they learn". */
function lastClause(question: string): string {
  const clause = question.slice(question.lastIndexOf(', ') + 1).trim();
  return clause.replace(/^(?:so|then|and|but|or)[ ,]+/iu, '');
}

/** Without a known word, it is off the subject to ask about a side matter, or to use many words of another subject. */
function isOffTopic(sentence: string, words: readonly string[], listener: Listener): boolean {
  let strange = 0;
  for (const word of words) {
    if (isStopWord(word) || listener.prepared.genericWords.has(word)) continue;
    if (listener.isKnown(stem(word))) return false;
    strange += 1;
  }
  return strange >= listener.prepared.script.listening.off_topic_words || listener.isSideMatter(sentence);
}

/**
 * Words of a question to answer to: what it quotes, else its longest run of words with subject matter. Null when it is
 * made of function words and words of any question.
 */
export function takeUp(question: string, genericWords: ReadonlySet<string>): string | null {
  const quoted = /["“]([^"“”]{3,80})["”]/u.exec(question)?.[1]?.trim();
  if (quoted !== undefined && quoted.split(/\s+/u).length <= MOST_QUOTED_WORDS)
    return quoted.replace(/[.,;:!?…]+$/u, '');
  let best: string[] = [];
  let run: string[] = [];
  for (const token of question.split(/\s+/u)) {
    const word = token.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
    const lower = word.toLowerCase().replace(/’/g, "'");
    const carries = word.length > 1 && !isStopWord(lower) && !genericWords.has(lower);
    run = carries ? [...run, word] : [];
    if (run.length <= MOST_TAKEN_WORDS && lengthOf(run) > lengthOf(best)) best = run;
    // Punctuation after a word ends what belongs together.
    if (/[^\p{L}\p{N}'’-]$/u.test(token)) run = [];
  }
  return lengthOf(best) < 4 ? null : best.join(' ');
}

function lengthOf(words: readonly string[]): number {
  return words.reduce((chars, word) => chars + word.length, 0);
}
