/**
 * A quick look, one pass over the characters, whether a text could hold anything that addresses the judge. The patterns
 * cost a hundred times more, and nearly every reply needs none of them. Each pattern implies a combination below; a test
 * holds the two together.
 */
const BIT = {
  /** Speaks of judging or marking. */
  judging: 1,
  /** A word for the reply itself. */
  reply: 2,
  /** A word for a work that is marked. */
  answer: 4,
  /** A verb of giving marks. */
  give: 8,
  /** A word for a mark. */
  mark: 16,
  /** Five, ten or a hundred. */
  number: 32,
  /** What a reply may be called instead of getting a mark. */
  quality: 32_768,
  ignore: 64,
  instructions: 128,
  colon: 256,
  now: 512,
  role: 1024,
  /** Beginning or end of something. */
  edge: 2048,
  /** A thing that has such an edge. */
  enclosed: 4096,
  criterion: 8192,
  /** A word or letter of another language. */
  foreign: 16_384,
} as const;

/** Beginnings of words, lower case, by what they speak of. A beginning may stand in several lists. */
const STEMS: readonly (readonly [bit: number, stems: string])[] = [
  [
    BIT.judging,
    'judg grader grading evaluat rater examiner scor marker marking mark assess reviewer verdict rubric socratic rating criteri whoever anyone anybody lenient generous unrestricted developer maintenance debug',
  ],
  [BIT.reply, 'reply respon turn message tutor output transcript above preceding'],
  [BIT.answer, 'answer text conversation dialogue'],
  [
    BIT.give,
    'give award assign grant rate score mark grade set output return report put record enter submit respond answer reply write treat consider accept judge evaluate',
  ],
  [BIT.mark, 'score mark rating grade points evaluation fives tens criteri dimension categor'],
  [BIT.quality, 'compliant pass open correct excellent perfectly purely entirely fully'],
  [BIT.number, 'ten five'],
  [BIT.ignore, 'ignore disregard forget override bypass skip aside follow apply using use'],
  [
    BIT.instructions,
    'rubric instruct prompt criteri rule guideline directive constraint order override notice',
  ],
  [BIT.now, 'now'],
  [BIT.role, 'kind friend easy helpful dan test'],
  [BIT.edge, 'end begin start'],
  [BIT.enclosed, 'reply respon transcript material context input fence judged'],
  [
    BIT.criterion,
    'ended single probing builds directive advice leading grammatical relevance form substance purity',
  ],
  [
    BIT.foreign,
    [
      'juez jueza evaluador examinador calificador ignora olvid descarta puntuaci puntaje nota todos',
      'juge correcteur correctrice examinat ignore oubli meilleure maximal parfait tous',
      'richter gutachter bewert juror ignorier vergess vergiss missacht volle bestnote beste',
      'giudice valutator esaminator correttor dimentica trascura punteggio voto massimo',
      'juiz avaliador corretor desconsider esque pontua',
      'rechter beoordel jurylid negeer vergeet sla maximale hoogste volle perfecte',
      'egzaminator recenzen ignoruj zignoruj zapomnij maksymaln pomi najwy sdzi',
      'hakim yok unut puan',
      'domare granskare bortse ignorera',
      'juri penilai abaikan lupakan nilai skor',
    ].join(' '),
  ],
];

const LETTERS = 26;
/** A trie over a–z: row × 26 + letter → next row; `ends` holds the bits of stems that end in a row. */
const next: number[] = Array.from({ length: LETTERS }, () => 0);
const ends: number[] = [0];
for (const [bit, stems] of STEMS)
  for (const stem of stems.split(' ')) {
    let row = 0;
    for (const letter of stem) {
      const at = row * LETTERS + letter.charCodeAt(0) - 97;
      if (next[at] === 0) {
        next[at] = ends.length;
        ends.push(0);
        for (let i = 0; i < LETTERS; i += 1) next.push(0);
      }
      row = next[at]!;
    }
    ends[row] = ends[row]! | bit;
  }

/** Which pattern tables a text may meet. */
export interface Trigger {
  english: boolean;
  languages: boolean;
}

/** Which patterns are worth trying on a text. Linear, about a nanosecond a character. */
export function triggerOf(text: string): Trigger {
  const bits = bitsOf(text);
  const has = (bit: number) => (bits & bit) !== 0;
  const hasMark = has(BIT.mark | BIT.number);
  return {
    english:
      has(BIT.judging) ||
      (has(BIT.reply) && has(BIT.quality)) ||
      ((has(BIT.give) || has(BIT.reply | BIT.answer)) && hasMark) ||
      (has(BIT.ignore) && has(BIT.instructions)) ||
      (has(BIT.colon) && (has(BIT.instructions | BIT.ignore) || hasMark)) ||
      (has(BIT.now) && has(BIT.role)) ||
      (has(BIT.edge) && has(BIT.enclosed)) ||
      (has(BIT.criterion) && has(BIT.number)),
    languages: has(BIT.foreign) || (has(BIT.number) && NUMBER_OF_NUMBER.test(text)),
  };
}

/** "10 de 10", "5 von 5". */
const NUMBER_OF_NUMBER = /(?:10|5)\s{0,2}(?:\/|[a-z]{1,5})\s{0,2}(?:10|5)(?!\d)/i;
const ASCII_END = 0x80;
const FIRST_ACCENTED = 0xc0;
/** × and ÷ stand among the accented letters. */
const TIMES = 0xd7;
const DIVIDED = 0xf7;
const PUNCTUATION_START = 0x2000;
const PUNCTUATION_END = 0x2e80;

function bitsOf(text: string): number {
  let bits = 0;
  let isInWord = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    const lower = code | 0x20;
    if (lower >= 97 && lower <= 122) {
      if (!isInWord) bits |= stemsAt(text, i);
      isInWord = true;
      continue;
    }
    isInWord = false;
    // "{", "<", "[": objects, tags, templates.
    if (code === 0x7b || code === 0x3c || code === 0x5b) bits |= BIT.judging;
    else if (code >= 0x30 && code <= 0x39) {
      const start = i;
      while (isDigit(text.charCodeAt(i + 1))) i += 1;
      if (TOP_NUMBERS.has(text.slice(start, i + 1))) bits |= BIT.number;
    } else if (code === 0x3a || code === 0xff1a) bits |= BIT.colon;
    else if (code >= ASCII_END && isForeignLetter(code)) {
      bits |= BIT.foreign;
      // An accented letter is part of its word: "évaluateur" is no "valuateur".
      isInWord = true;
    }
  }
  return bits;
}

const TOP_NUMBERS: ReadonlySet<string> = new Set(['5', '10', '100']);

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isForeignLetter(code: number): boolean {
  if (code < FIRST_ACCENTED || code === TIMES || code === DIVIDED) return false;
  return code < PUNCTUATION_START || code >= PUNCTUATION_END;
}

function stemsAt(text: string, start: number): number {
  let row = 0;
  let bits = 0;
  for (let i = start; i < text.length; i += 1) {
    const letter = (text.charCodeAt(i) | 0x20) - 97;
    if (letter < 0 || letter >= LETTERS) break;
    row = next[row * LETTERS + letter]!;
    if (row === 0) break;
    bits |= ends[row]!;
  }
  return bits;
}
