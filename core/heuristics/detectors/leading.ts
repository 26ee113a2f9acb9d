import type { Reply } from '../analyse-reply.ts';
import type { Finding } from '../finding.ts';
import { isInquiry } from './inquiry.ts';

const TAG =
  /(?:,|–|—|-|(?<!\b(?:be|is|are|was|were|seems?|sounds?|looks?|feels?|the|most|more|turn))\s)\s*(?:right|correct|yes|no|ok|okay|yeah|agreed|isn['’]t (?:it|that|he|she|there)|aren['’]t (?:they|you|we|there)|doesn['’]t (?:it|that|he|she)|don['’]t (?:you|they|we)(?: (?:think|agree|see))?|didn['’]t (?:it|you|we|they)|won['’]t (?:it|you|they)|wouldn['’]t (?:it|you|that|they)(?: (?:say|agree|think))?|can['’]t (?:you|we|it)|couldn['’]t (?:you|we|it)|shouldn['’]t (?:you|we|it|they)|wasn['’]t (?:it|that)|weren['’]t (?:they|you)|haven['’]t (?:you|we)|hasn['’]t it|does it not|is it not|do you not|wouldn['’]t you (?:say|agree))\s*\?/iu;
const NEGATIVE =
  /^(?:isn['’]t|aren['’]t|wasn['’]t|weren['’]t|doesn['’]t|don['’]t|didn['’]t|won['’]t|wouldn['’]t|can['’]t|couldn['’]t|shouldn['’]t|haven['’]t|hasn['’]t|surely|is it not|do you not|would it not|should(?:n['’]t)? (?:you|we) not)(?![\p{L}])/iu;
const PUSHED =
  /\b(?:do(?:n['’]t)? you (?:not )?(?:agree|see (?:that|now)|realise|realize|accept|admit)|would(?:n['’]t)? you (?:not )?(?:agree|admit)|wouldn['’]t you say|are you (?:aware|saying) that .{0,60}(?:wrong|mistake)|(?:would|could|might|may|should)(?:n['’]t)? (?:it|that|this) (?:not )?(?:be|make|help|work) (?:\w+ )?(?:better|best|easier|wiser|smarter|more|sense|simpler|faster|good|helpful|useful)|is(?:n['’]t)? (?:it|that|this) (?:not )?(?:because|due to|really|just|obvious|clear|true that|possible that|better|likely)|could (?:it|this|that) be (?:that|because|the)|do(?:es)?(?:n['’]t)? (?:it|that|this) (?:not )?(?:mean|show|prove|suggest|imply|tell us|seem) that|(?:do|don['’]t) you think (?:that )?(?:you|we|it|he|she|they|this|that|the) (?:should|need|ought|must|would be (?:better|easier|best))|(?:should|shouldn['’]t|must|ought) (?:you|we|it|he|she|they) (?!(?:be looking|do|be doing|have done))|so (?:you|we|it|that|this) (?:should|must|need))/iu;
const PROPOSED =
  /\b(?:what if (?:you|we) (?:just |simply |first |instead |also |only )?(?:tried|try|used|use|did|do|made|make|started|start|took|take|changed|change|moved|move|swapped|swap|replaced|replace|added|add|subtracted|subtract|multiplied|multiply|divided|divide|wrote|write|put|set|asked|ask|told|tell|talked|talk|stopped|stop|went|go|focused|focus|delegated|delegate|scheduled|schedule|removed|remove|created|create|turned|turn|broke|break|spent|spend|brought|bring|held|hold|were to)(?![\p{L}'’])|(?:how|what) about (?:trying|using|doing|making|starting|taking|changing|adding|subtracting|multiplying|dividing|asking|telling|talking|giving|letting|going|focusing|delegating|scheduling|setting|writing|we (?!(?:look|start|go|think|read|consider|step|return|stay)(?![\p{L}])))|why (?:don['’]t|not) (?:you|we)?\s?(?:just |simply |first )?(?:try|use|do|make|start|take|change|move|add|subtract|multiply|divide|write|put|set|call|ask|tell|talk|give|let|stop|go|focus|delegate|schedule|remove|create|break)|(?:could|can|would) (?:you|we) (?:not )?(?:just|simply|maybe just|instead) (?!(?:explain|tell|describe|say|share|walk|show))\w+|have you (?:ever )?(?:tried|considered|thought (?:of|about)) (?!(?:what|why|how|whether|where|when|who|which|running|printing|testing|tracing|checking|reading|looking|about (?:what|how|why)|the (?:case|possibility|effect|reason|impact|meaning|difference)))\w+ing\b)/iu;

/** What is left where the question proposes to look or try rather than to change something. */
const INQUIRY_SHARE = 0.5;

/** A question word at the start or behind an opening clause: what follows is asked, not pushed. */
const ASKS_OPENLY = /(?:^|, (?:so |then |and )?)(?:what|why|how|where|when|which|who)(?![\p{L}])/iu;

/** Questions that carry their answer: tag and negative questions, pushed agreement, proposals dressed as questions. */
export function leadingFindings(reply: Reply): Finding[] {
  const findings: Finding[] = [];
  for (const sentence of reply.sentences) {
    if (sentence.kind !== 'question') continue;
    const strength =
      leadingStrength(sentence.own, sentence.core) * (isInquiry(sentence, reply) ? INQUIRY_SHARE : 1);
    if (strength > 0)
      findings.push({ violation: 'leading_question', start: sentence.start, end: sentence.end, strength });
  }
  return findings;
}

function leadingStrength(own: string, core: string): number {
  if (TAG.test(own)) return 0.9;
  if (NEGATIVE.test(core)) return 0.85;
  if (PROPOSED.test(own)) return 0.8;
  if (ASKS_OPENLY.test(core)) return 0;
  // A choice between two is closed, but names no favourite.
  return PUSHED.test(own) && !own.includes(' or ') ? 0.75 : 0;
}
