import type { Reply, Sentence } from '../analyse-reply.ts';

/** Finding out by looking or trying, rather than changing something. */
const INVESTIGATES =
  /\b(?:run|running|execut(?:e|ing)|print(?:ing)?|log(?:ging)?|trac(?:e|ing)|test(?:ing)?|check(?:ing)?|inspect(?:ing)?|debug(?:ger|ging)?|step(?:ping)? through|go(?:ing)? (?:through|over|back|line by line)|look(?:ing)?|re-?read(?:ing)?|review(?:ing)?|walk(?:ing)? through|work(?:ing)? through|draw(?:ing)?|sketch(?:ing)?|write (?:down|out)|writing (?:down|out)|consider|see (?:what|if|whether|how)|find(?:ing)? out|observe|call|try (?:it|that|this|the))(?![\p{L}])/iu;
/** The matter is a program, a figure or a text at hand, on which one can try things out. */
const AT_HAND =
  /\b(?:code|programs?|functions?|methods?|loops?|lines? \d+|variables?|outputs?|inputs?|errors?|debugger|interpreter|console|iterations?|index|indices|strings?|lists?|arrays?|test cases?|tests?|conditions?|graph|diagram|equation|formula|stanza|paragraph|passage|sentence)(?![\p{L}])/iu;
/** A question about what the trying showed. */
const ASKS_OUTCOME =
  /\b(?:what (?:do|did|can|would) you (?:see|notice|get|find|observe|expect)|what (?:happen|happens|happened|is printed|changes|comes out)|what(?:['’]s| is| are| was) (?:the )?(?:value|output|result|type|difference)|what (?:value|type|values) (?:does|do|is|are)|what does (?:it|that|this|your|the|`|_)|where (?:does|do|is)|which )/iu;

/**
 * Does the sentence send the student to find something out by looking at or trying what lies at hand ("Run it with n = 1")?
 * That is inquiry, not advice: Socratic experts on programs do it in one turn out of ten.
 */
export function isInquiry(sentence: Sentence, reply: Reply): boolean {
  return INVESTIGATES.test(sentence.own) && (reply.has_code || AT_HAND.test(reply.visible));
}

/** Is the sentence followed by a question about what it showed? */
export function asksOutcome(sentence: Sentence, reply: Reply): boolean {
  const next = reply.sentences[reply.sentences.indexOf(sentence) + 1];
  return next?.kind === 'question' && ASKS_OUTCOME.test(next.own);
}
