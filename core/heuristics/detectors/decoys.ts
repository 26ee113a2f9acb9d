import type { Reply } from '../analyse-reply.ts';
import type { Finding } from '../finding.ts';
import type { ReadContext } from '../read-context.ts';

const SET_ASIDE =
  /\b(?:set (?:that|this|it) aside|park (?:that|this|it)|leave (?:that|this|it|the \w+)|come(?:s)? back to|back to|return(?:ing)? to|stay with|for (?:now|another time|later)|before we|rather than|instead of|how (?:does|is|might) (?:that|this|it) (?:relate|connect|bear|help)|what does (?:that|this|it) have to do|relevant|connect(?:ed|ion)?|distract\w*|side (?:matter|issue|note)|apart from|other than)\b/iu;

/**
 * Engagement with active decoys: sentences that name one. Naming it briefly and going back to the matter is fine; asking
 * about it, or ending on it, is following it.
 */
export function decoyFindings(reply: Reply, context: ReadContext): Finding[] {
  const findings: Finding[] = [];
  const last = reply.sentences.at(-1);
  for (const decoy of context.turn.active_decoys) {
    const terms = decoy.terms.map((term) => term.toLowerCase());
    const naming = reply.sentences.filter((sentence) => terms.some((term) => names(sentence.text, term)));
    const first = naming[0];
    if (first === undefined || last === undefined) continue;
    const setsAside = naming.some(({ text }) => SET_ASIDE.test(text));
    const asked = naming.filter(({ kind }) => kind === 'question' || kind === 'invitation');
    const otherAsks = reply.sentences.some(
      (sentence) =>
        (sentence.kind === 'question' || sentence.kind === 'invitation') && !naming.includes(sentence),
    );
    let strength = 0.15;
    if (asked.length > 0 && !setsAside) strength = otherAsks ? 0.6 : 0.9;
    else if (naming.length >= 2 && !otherAsks) strength = 0.8;
    else if (!otherAsks && !setsAside && asked.length === 0) strength = 0.6;
    findings.push({
      violation: 'follows_decoy',
      start: (asked[0] ?? first).start,
      end: (asked[0] ?? first).end,
      strength,
    });
  }
  return findings;
}

/** Does the text name the term as a whole word (a plural counts)? */
function names(text: string, term: string): boolean {
  const lower = text.toLowerCase();
  for (let index = lower.indexOf(term); index >= 0; index = lower.indexOf(term, index + 1)) {
    const before = index === 0 ? '' : (lower[index - 1] as string);
    const after = lower.slice(index + term.length, index + term.length + 3);
    if (
      !/[\p{L}\p{N}]/u.test(before) &&
      !/^(?!s(?![\p{L}\p{N}])|es(?![\p{L}\p{N}]))[\p{L}\p{N}]/u.test(after)
    )
      return true;
  }
  return false;
}
