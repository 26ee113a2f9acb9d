import type { Reply, Sentence } from '../analyse-reply.ts';
import { ramp, type Finding } from '../finding.ts';

const ASSERTED =
  /(?:\b(?:the (?:correct |right |final |real |actual |main |only )?(?:answer|solution|reason|key|trick|problem|issue|mistake|error|bug|cause|point|truth|fact|rule|formula|definition|difference) (?:here |there |is that |to [^.?!]{1,40} |of [^.?!]{1,40} |for [^.?!]{1,40} )?(?:is|was|are|would be|should be|lies)|that(?:['’]s| is) (?:why|because|how|what)|this (?:is (?:why|because|how)|means)|which (?:means|gives|is why|makes|equals)|it (?:means|works) (?:that|because|by)|(?:therefore|thus|hence|consequently|in fact|actually|in reality|in general|generally|typically|essentially|basically|technically)(?:,| )|(?:is|are) (?:called|defined as|known as|equal to|caused by|made (?:of|up)|given by)|refers to|stands for|you(?:['’]ve| have)? (?:forgot|forgotten|missed|overlooked|confused|mixed up|made (?:a|an|the) (?:mistake|error)|should have|needed to|were supposed)|instead of|the word for|let me (?:explain|show you|tell you|clarify|break|walk you|give you)|i(?:['’]ll| will) (?:explain|show|tell|give you|walk you)|(?:remember|note|notice|recall|keep in mind) that|in other words|for (?:example|instance),|research (?:shows|suggests)|studies show|we (?:get|have|know that|can see|end up with|are left with)|you (?:get|will get|end up with|can see))|=\s*[-−$€£]?\d|[-−$€£]?\d[\d,.]*%?\s*(?:is|equals)\s|\b\d[\d,.]*\s*[x×*+\-−÷/]\s*\d)/iu;

/** Words of a statement that set up a question without telling much; more than this begins to tell. */
const SETTING_WORDS = 14;

/** How far one sentence asserts subject matter, 0–1. */
export function assertionStrength(sentence: Sentence): number {
  if (sentence.kind !== 'statement') return 0;
  if (ASSERTED.test(sentence.own)) return 0.75;
  return 0.15 + 0.35 * ramp(sentence.words.length, 4, SETTING_WORDS + 10);
}

/** Sentences that tell, by rules alone: an assertive pattern, or statements that outweigh the asking. */
export function assertedSpans(reply: Reply): Finding[] {
  const statements = reply.sentences.filter(({ kind }) => kind === 'statement');
  const asks = reply.sentences.some(
    ({ kind }) => kind === 'question' || kind === 'invitation' || kind === 'attention',
  );
  const words = statements.reduce((sum, sentence) => sum + sentence.words.length, 0);
  return statements
    .map((sentence) => ({
      sentence,
      strength: assertionStrength(sentence) + (asks ? 0 : 0.3) + 0.3 * ramp(words, 20, 60),
    }))
    .filter(({ strength }) => strength >= 0.6)
    .map(({ sentence, strength }) => ({
      violation: 'telling' as const,
      start: sentence.start,
      end: sentence.end,
      strength: Math.min(1, strength),
    }));
}

/** Longest run of statements and orders without a question, in words, and where it stands. */
export function longestRun(reply: Reply): { words: number; items: number; start: number; end: number } {
  let best = { words: 0, items: 0, start: 0, end: 0 };
  let run = { ...best };
  for (const sentence of reply.sentences) {
    if (sentence.kind === 'statement' || sentence.kind === 'directive') {
      if (run.words === 0) run = { words: 0, items: 0, start: sentence.start, end: sentence.end };
      run.words += sentence.words.length;
      run.items += 1;
      run.end = sentence.end;
      if (run.words > best.words) best = { ...run };
    } else if (sentence.kind === 'question' || sentence.kind === 'invitation')
      run = { words: 0, items: 0, start: 0, end: 0 };
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
  /^(?:it(?:['’]s| is| was| would be| means| does)|that(?:['’]s| is| would be)|this is|they(?:['’]re| are)|he |she |because|since |yes|no[,. ]|the (?:answer|result|reason|correct|total|value|word|sum)|well,|you (?:would|will|get|have|need|should|can|could|must)|we (?:get|have|need|would|can|should)|[-−$€£]?\d|by \w+ing|exactly|correct|right)(?![\p{L}])/iu;

/** A question, and the tutor's own answer behind it. */
export function ownAnswerFindings(reply: Reply): Finding[] {
  const { sentences } = reply;
  for (let index = 0; index + 1 < sentences.length; index += 1) {
    const question = sentences[index] as Sentence;
    const next = sentences[index + 1] as Sentence;
    if (question.kind !== 'question' || next.kind !== 'statement') continue;
    const plain = next.own.replace(/^[\s*_>#•\-–—"'“]+/u, '');
    if (
      ANSWERING.test(plain) &&
      !/^(?:it|that|this)(?:['’]s| is) (?:ok|okay|fine|all right|alright|up to you|a|an|your|worth|important|helpful|just|not)/iu.test(
        plain,
      )
    ) {
      return [{ violation: 'answers_own_question', start: question.start, end: next.end, strength: 0.85 }];
    }
  }
  return [];
}
