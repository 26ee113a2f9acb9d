import type { StopReason } from '../../../schemas/common.ts';
import type { Reply } from '../analyse-reply.ts';
import type { Finding } from '../finding.ts';

const REFUSED =
  /\b(?:i(?:['’]m| am) (?:sorry|afraid|unable|not able|not allowed|not permitted|not comfortable)[^.?!]{0,40}(?:(?:can['’]?t|cannot|can not|won['’]t|unable to|not able to|not comfortable) (?:help|assist|continue|discuss|provide|respond|answer|engage|do (?:this|that)|with)|unable|not able to (?:help|assist|discuss|continue))|i (?:can['’]?t|cannot|can not|won['’]t|must decline|will not)(?: \w+)? (?:help|assist|continue|discuss|engage|participate|comply|respond|fulfil+)(?: (?:you )?(?:with|in|to|this|that))?|as an ai(?: language model| assistant)?,? i (?:can['’]?t|cannot|am unable|do not|don['’]t|am not)|i (?:must|have to) decline|this (?:request )?(?:violates|goes against)|against my (?:guidelines|policy|policies))\b/iu;

/** A refusal to take part, by the provider's stop reason or in words without any question; not the wish to withhold an answer. */
export function refusalFindings(reply: Reply, stopReason: StopReason): Finding[] {
  const said = reply.sentences.find(({ own }) => REFUSED.test(own));
  const asks = reply.sentences.some(({ kind }) => kind === 'question' || kind === 'invitation');
  if (stopReason === 'refusal')
    return [{ violation: 'refusal', start: said?.start ?? 0, end: said?.end ?? 0, strength: 1 }];
  if (said === undefined || asks) return [];
  return [{ violation: 'refusal', start: said.start, end: said.end, strength: 0.9 }];
}

/** Nothing readable by the tutor's own choice; a reply cut, filtered or refused is another matter. */
export function emptyFindings(reply: Reply, stopReason: StopReason): Finding[] {
  const isOwnChoice = stopReason === 'end' || stopReason === 'abstained';
  return reply.sentences.length === 0 && !reply.has_code && isOwnChoice
    ? [{ violation: 'empty', start: 0, end: 0, strength: 1 }]
    : [];
}
