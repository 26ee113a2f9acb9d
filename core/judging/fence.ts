/**
 * The fence around judged text: a nonce that the text cannot know. Whoever reads the prompt may take as the tutor's reply
 * only what stands between the two marks of one nonce; marks inside the text are stripped before it is fenced.
 */
const MARK = (nonce: string, side: 'BEGIN' | 'END') => `<<<${side} REPLY ${nonce}>>>`;
/** Bounded everywhere, so that hostile text costs linear time. */
const ANY_MARK = /<{2,12}\s{0,5}(?:BEGIN|END)\s{1,5}(?:REPLY|CONTEXT)\b[^>\n]{0,80}>{2,}/gi;

/** Text between fresh marks; whatever looks like a mark, or holds the nonce, is taken out of the text first. */
export function fenceText(text: string, nonce: string): string {
  return `${MARK(nonce, 'BEGIN')}\n${stripMarks(text, nonce)}\n${MARK(nonce, 'END')}`;
}

/** The text without anything that could pass for a fence. */
export function stripMarks(text: string, nonce: string): string {
  return text.replaceAll(ANY_MARK, '[mark removed]').replaceAll(nonce, '[nonce removed]');
}

/** The last fenced text of a prompt, or null when there is none. For simulated judges and tests. */
export function extractFenced(prompt: string): string | null {
  const marks = [...prompt.matchAll(/<<<BEGIN REPLY ([0-9a-f]+)>>>\n/g)];
  const last = marks.at(-1);
  if (last === undefined) return null;
  const start = last.index + last[0].length;
  const end = prompt.indexOf(`\n${MARK(last[1] ?? '', 'END')}`, start);
  return end < 0 ? null : prompt.slice(start, end);
}
