import type { SentenceReading, TextReading } from './text.ts';

const ALWAYS = new Set(['it', 'this', 'these', 'those', "it's", 'they', 'them', 'there']);
const SAYING = new Set(['said', 'say', 'mentioned', 'described', 'called', 'told', 'named', 'wrote', 'put']);
/** Before or after these, "that" is a pronoun and no conjunction: "what does that rest on", "what follows from that". */
const AROUND_PRONOUN = new Set(
  (
    'is was were are do does did has have had will would can could may might should must mean means about from with of to on ' +
    'behind for by like in and so'
  ).split(' '),
);

/** Does a question point back at what was just said, without repeating it? (In a reply without a question: any sentence.) */
export function pointsBack(reply: TextReading): boolean {
  return reply.sentences.some(
    (sentence) => (sentence.is_asking || !reply.is_asking) && sentencePointsBack(sentence),
  );
}

function sentencePointsBack({ words }: SentenceReading): boolean {
  return words.some(({ text }, index) => {
    if (ALWAYS.has(text)) return true;
    const next = words[index + 1]?.text;
    if (text === 'you') return next !== undefined && SAYING.has(next);
    if (text !== 'that') return text === "that's";
    const previous = words[index - 1]?.text;
    return (
      next === undefined ||
      AROUND_PRONOUN.has(next) ||
      (previous !== undefined && AROUND_PRONOUN.has(previous))
    );
  });
}
