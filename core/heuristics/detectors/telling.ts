import type { Reply, Sentence } from '../analyse-reply.ts';
import { ramp, type Finding } from '../finding.ts';

const ASSERTED =
  /(?:\b(?:the (?:correct |right |final |real |actual |main |only )?(?:answer|solution|reason|key|trick|problem|issue|mistake|error|bug|cause|point|truth|fact|rule|formula|definition|difference) (?:here |there |is that |to [^.?!]{1,40} |of [^.?!]{1,40} |for [^.?!]{1,40} )?(?:is|was|are|would be|should be|lies)|that(?:['’]s| is) (?:why|because|how|what)|this (?:is (?:why|because|how)|means)|which (?:means|gives|is why|makes|equals)|it (?:means|works) (?:that|because|by)|(?:therefore|thus|hence|consequently|in fact|actually|in reality|in general|generally|typically|essentially|basically|technically)(?:,| )|(?:is|are) (?:called|defined as|known as|equal to|caused by|made (?:of|up)|given by)|refers to|stands for|you(?:['’]ve| have)? (?:forgot|forgotten|missed|overlooked|confused|mixed up|made (?:a|an|the) (?:mistake|error)|should have|needed to|were supposed)|instead of|the word for|let me (?:explain|show you|tell you|clarify|break|walk you|give you)|i(?:['’]ll| will) (?:explain|show|tell|give you|walk you)|(?:remember|note|notice|recall|keep in mind) that|in other words|for (?:example|instance),|research (?:shows|suggests)|studies show|we (?:get|have|know that|can see|end up with|are left with)|you (?:get|will get|end up with|can see))|=\s?[-−$€£]?\d|(?<![\d,.])\d[\d,.]{0,20}%?\s?(?:is|equals)\s|(?<![\d,.])\d[\d,.]{0,20}\s?[x×*+\-−÷/]\s?\d)/iu;
/** A setting for the question to come ("Suppose …", "You said …", "If …"): it asserts nothing. */
const SETTING =
  /^(?:if|suppose|say|imagine|let(?:['’])?s say|assume|assuming|when you|you(?:['’]ve| have| had|['’]re| are| were)? (?:said|say|mentioned|wrote|told|told me|asked|got|found|chose|want|wanted|described|noticed|started|used|have)|earlier|before|a moment ago|we(?:['’]ve| have)? (?:were|talked|discussed|looked|started))(?![\p{L}])/iu;

/** How much a statement asserts per word: assertive patterns fully, plain statements for the greater part, settings little. */
function weightOf(sentence: Sentence): number {
  if (sentence.kind !== 'statement') return 0;
  if (SETTING.test(sentence.core)) return 0.25;
  return ASSERTED.test(sentence.own) ? 1 : 0.7;
}

/**
 * Words the tutor asserts, weighted; what stands behind the last question counts double, since it takes the question
 * back.
 */
export function assertedWords(reply: Reply): number {
  const lastAsk = reply.sentences.findLastIndex(isAsking);
  let words = 0;
  for (const [index, sentence] of reply.sentences.entries()) {
    words += weightOf(sentence) * sentence.own_word_count * (lastAsk >= 0 && index > lastAsk ? 2 : 1);
  }
  return words;
}

/**
 * How far a reply tells rather than asks, by rules alone, 0–1: half at 7 asserted words where nothing is asked, at 22
 * where something is (19 of 20 expert questions of MathDial come with fewer than 16).
 */
export function tellingStrength(reply: Reply, asserted: number): number {
  return reply.sentences.some(isAsking) ? ramp(asserted, 8, 36) : ramp(asserted, 1, 13);
}

/** Where a reply tells: its most assertive sentence and the strength of the whole; null where it states nothing. */
export function tellingFinding(reply: Reply, strength: number): Finding | null {
  let worst: Sentence | null = null;
  let most = 0;
  for (const sentence of reply.sentences) {
    const asserted = weightOf(sentence) * Math.min(sentence.own_word_count, 40);
    if (asserted > most) {
      most = asserted;
      worst = sentence;
    }
  }
  return worst === null || strength <= 0
    ? null
    : { violation: 'telling', start: worst.start, end: worst.end, strength };
}

function isAsking({ kind }: Sentence): boolean {
  return kind === 'question' || kind === 'invitation' || kind === 'attention';
}

/** Longest run of statements and orders without a question, in words, and where it stands. */
export function longestRun(reply: Reply): { words: number; items: number; start: number; end: number } {
  let best = { words: 0, items: 0, start: 0, end: 0 };
  let run = { ...best };
  for (const sentence of reply.sentences) {
    if (sentence.kind === 'statement' || sentence.kind === 'directive') {
      if (run.items === 0) run = { words: 0, items: 0, start: sentence.start, end: sentence.end };
      run.words += sentence.own_word_count;
      run.items += 1;
      run.end = sentence.end;
      if (run.words > best.words) best = { ...run };
    } else if (sentence.kind === 'question' || sentence.kind === 'invitation') {
      run = { words: 0, items: 0, start: 0, end: 0 };
    }
  }
  return best;
}

/** A run of 60 words or more (graded from 40 to 80), or four sentences of 40 words together, is a lecture. */
export function lectureFindings(reply: Reply): Finding[] {
  const run = longestRun(reply);
  const strength = Math.max(ramp(run.words, 40, 80), run.items >= 4 ? ramp(run.words, 25, 55) : 0);
  return strength > 0 ? [{ violation: 'lecture', start: run.start, end: run.end, strength }] : [];
}

const ANSWERING =
  /^(?:it(?:['’]s| is| was| would be| \p{L}+s)|that(?:['’]s| is| would be)|this is|they(?:['’]re| \p{L}+)|he |she |because|since |yes|no[,. ]|the (?:answer|result|reason|correct|total|value|word|sum)|you (?:would|will|get|need|should|can|must)|we (?:get|need|would|can|should)|[-−$€£]?\d|by \p{L}+ing|exactly|correct)(?![\p{L}])/iu;
const NO_ANSWER =
  /^(?:it (?:seems|sounds|looks|helps|depends|takes|matters|feels)(?![\p{L}])|(?:it|that|this)(?:['’]s| is) (?:ok|okay|fine|all right|alright|up to you|a |an |your |worth|important|helpful|just|not|something|one of|where|when|how|what)|(?:it|that|this)(?:['’]s| is) (?:an? )?(?:good|great|interesting|hard|difficult|tricky)|you (?:can|should) (?:take|answer|use|say|choose|pick|start|think|look))/iu;

/** A question, and the tutor's own answer behind it. */
export function ownAnswerFindings(reply: Reply): Finding[] {
  const { sentences } = reply;
  for (let index = 0; index + 1 < sentences.length; index += 1) {
    const question = sentences[index] as Sentence;
    const next = sentences[index + 1] as Sentence;
    if (question.kind !== 'question' || next.kind !== 'statement') continue;
    const plain = next.own.replace(/^[\s*_>#•\-–—"'“]+/u, '');
    if (!ANSWERING.test(plain) || NO_ANSWER.test(plain)) continue;
    const asksOn = sentences.slice(index + 2).some(({ kind }) => kind === 'question');
    return [
      {
        violation: 'answers_own_question',
        start: question.start,
        end: next.end,
        strength: asksOn ? 0.55 : 0.85,
      },
    ];
  }
  return [];
}
