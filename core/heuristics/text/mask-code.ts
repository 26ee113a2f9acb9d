/** Fenced blocks (closed or not), inline code, LaTeX displays and addresses: their `?` and verbs are not the speaker's. */
const CODE = /```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)|`[^`\n]{1,400}`|https?:\/\/[^\s)>\]]+/g;
/** Quoted stretches on one line; a straight single quote only where it cannot be an apostrophe. */
const QUOTED =
  /"[^"\n]{1,600}"|“[^”\n]{1,600}”|«[^»\n]{1,600}»|„[^“”\n]{1,600}[“”]|(?<=^|[\s([])['‘][^'’\n]{2,300}['’](?=$|[\s.,;:!?)\]])/g;
const BLOCK_QUOTE = /^[ \t]*>[^\n]*/gm;

/** Replaces every character but line breaks, so that offsets stay those of the original. */
function blank(found: string): string {
  return found.includes('\n') ? found.replace(/[^\n]/g, ' ') : '_'.repeat(found.length);
}

/** The text with code and addresses blanked, of equal length. */
export function maskCode(text: string): string {
  return text.includes('`') || text.includes('~~~') || text.includes('://')
    ? text.replace(CODE, blank)
    : text;
}

/** The text with quoted words and block quotes blanked, of equal length: what the speaker says in their own voice. */
export function maskQuotes(text: string): string {
  return text.replace(QUOTED, blank).replace(BLOCK_QUOTE, blank);
}
