import type { Reply, Sentence } from '../analyse-reply.ts';
import type { Finding } from '../finding.ts';
import { asksOutcome, isInquiry } from './inquiry.ts';

const RECOMMENDED =
  /\b(?:i(?:['’]d| would)? (?:(?:strongly|really|highly|also|just|definitely) )?(?:suggest|recommend|advise|propose|encourage you to)|my (?:advice|suggestion|recommendation|tip)|if i were you|you(?:['’]d| had) better|you (?:really |probably |definitely |also |just )?(?:should|ought to)(?! (?:be able|know|see|have|get|now))|you (?:could|can|might|may) (?:also |always |just |simply |perhaps |maybe |even |first )?(?:try|consider|use|start|begin|ask|talk|set|make|take|schedule|delegate|write|add|do|focus|create|break|look into|reach out|want to(?! (?:think|say|share|explain|look|tell|describe|explore|know)(?![\p{L}]))|practice|replace|change|call|put|avoid|keep|give|send|read up|learn)(?![\p{L}])|(?:one|another|a (?:good|great|simple|useful|helpful|common|better|quick)|the best|the (?:easiest|simplest|right)|your best) (?:option|idea|approach|way|strategy|tip|trick|technique|method|bet|practice|solution|thing to do|place to start|first step|next step)(?: here| forward| to [^.?!]{1,60})? (?:is|would be|might be|could be)|it(?:['’]s| is|['’]d be| would be| might be| may be| could be) (?:best|better|a good idea|wise|wiser|important|helpful|useful|worth|advisable|crucial|essential|easier) (?:to|if you|that you)|(?:it|that|this) (?:would|could|might|will|can) (?:really )?help (?:you |to |if you )|the best (?:way|thing|approach|option|strategy)|(?:here(?:['’]s| is| are)) (?:what|some|a few|my|how|three|two|four|five|\d)(?: \w+){0,3} (?:i['’]d|you (?:can|should|could)|tips?|suggestions?|steps?|ideas?|strateg\w+|ways?|things? (?:to|you))|pro tip|quick tip|tips?:)/iu;
const GERUND_ADVICE =
  /^(?:consider (?!(?:nothing|something|anything|everything|being)(?![\p{L}]))|try (?!(?:running|printing|tracing|testing|explaining|describing|drawing|sketching|saying|reading)(?![\p{L}])))[\p{L}]+ing(?![\p{L}])/iu;
const OBLIGED =
  /\b(?:you|we)(?:['’]ll| will)? (?:really |also |just |first |then |only |still |simply )?(?:need to|have to|must|want to make sure|are supposed to|are going to (?:want|need))(?![\p{L}]| (?:know|say|share))|\b(?:make sure|be sure|don['’]t forget|be careful|try not) (?:to|you|that|not)/iu;
/** "You need to look at the question again" points somewhere; it does not say what to do. */
const POINTED =
  /\b(?:need|have|want) to (?:look|read|re-?read|check|think|focus|go back|reconsider|consider|remember|understand|know|find out|figure)(?![\p{L}])/iu;
const ASKED_PROPOSAL =
  /\b(?:have you (?:ever )?(?:tried|considered|thought (?:of|about)) (?!(?:what|why|how|whether|where|when|who|which|running|printing|testing|tracing|checking|reading|looking|adding a print|using a (?:print|debugger)|the (?:case|possibility|effect|reason|impact|meaning|difference)))\w+ing\b|what if you (?:just |simply |first |instead )?(?:tried|used|delegated|scheduled|talked|asked|told|started|stopped)|(?:how|what) about (?:trying|using|delegating|scheduling|talking|asking|starting)|why (?:don['’]t you|not) (?:just |simply |first )?(?:try|use|delegate|schedule|talk|ask|start|stop|take|make|set|do|write))/iu;
const SUGGESTED = /\b(?:i(?:['’]d| would) (?:suggest|recommend)|my advice)\b/iu;
const SHARED_TASK = /^we(?![\p{L}])/iu;
const WH_OPENING = /^(?:what|why|how|where|when|which|who|whose)(?![\p{L}])/iu;

/** What is left of advice or an order that only sends the student to find something out. */
const INQUIRY_SHARE = 0.35;

/** Offered advice and orders, sentence by sentence: `advice` and `directive`. */
export function adviceFindings(reply: Reply): Finding[] {
  const findings: Finding[] = [];
  const asks = reply.sentences.some(({ kind }) => kind === 'question' || kind === 'invitation');
  for (const sentence of reply.sentences) {
    const advice = adviceStrength(sentence);
    const directive = directiveStrength(sentence, asks);
    if (advice === 0 && directive === 0) continue;
    const share = isInquiry(sentence, reply) ? INQUIRY_SHARE : 1;
    if (advice > 0) findings.push(at('advice', sentence, advice * share));
    if (directive === 0) continue;
    const isTrial = share < 1 || asksOutcome(sentence, reply);
    findings.push(at('directive', sentence, directive * (isTrial ? INQUIRY_SHARE : 1)));
  }
  return findings;
}

function adviceStrength(sentence: Sentence): number {
  if (sentence.kind === 'question') {
    if (ASKED_PROPOSAL.test(sentence.own)) return 0.7;
    return !WH_OPENING.test(sentence.core) && SUGGESTED.test(sentence.own) ? 0.8 : 0;
  }
  if (GERUND_ADVICE.test(sentence.core)) return 0.8;
  if (sentence.kind === 'invitation' || sentence.kind === 'reflection') return 0;
  return RECOMMENDED.test(sentence.own) ? 0.9 : 0;
}

function directiveStrength(sentence: Sentence, asks: boolean): number {
  if (sentence.kind === 'directive') return sentence.words.length <= 2 ? 0.3 : 0.8;
  if (sentence.kind === 'attention') return asks ? 0.1 : 0.3;
  if (sentence.kind !== 'statement') return 0;
  if (POINTED.test(sentence.own)) return 0.25;
  if (!OBLIGED.test(sentence.own)) return 0;
  // "We need to …, how could we?" sets a task for both; "You need to …" gives an order.
  return asks && SHARED_TASK.test(sentence.core) ? 0.4 : 0.75;
}

function at(violation: Finding['violation'], sentence: Sentence, strength: number): Finding {
  return { violation, start: sentence.start, end: sentence.end, strength };
}
