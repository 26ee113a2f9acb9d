import type { QuestionType } from '../../../schemas/heuristic-result.ts';
import type { Reply, Sentence } from '../analyse-reply.ts';
import type { Finding } from '../finding.ts';
import { opennessOf, questionTypeOf, type Openness } from '../read-question.ts';

/** What a reply asks. */
export interface Asks {
  /** Sentences that ask, an invitation where no sentence is a question. */
  asking: readonly Sentence[];
  /** Questions that want an answer of their own: a short follow-up ("Why?", "Why or why not?") belongs to the one before. */
  count: number;
  type: QuestionType;
  /** The most open of them; null when nothing is asked. */
  openness: Openness | null;
}

const FOLLOW_UP =
  /^(?:and |or |but |if so,? |if not,? |so )*(?:why|how|how so|why not|why or why not|how come|what else|in what way|like what|such as|what for|why is that|how do you know|and why|(?:is|are|do|does|did|has|have|was|were|can|could|would) (?:it|that|this|they|you|not)(?: not)?|anything else|which|what kind|who|where|when|for example|what (?:is|was) it|what then|right|yes|no|ok|okay)[?!.…\s)"'”’]*$/iu;
const RANK: Record<Openness, number> = { closed: 0, narrow: 1, open: 2 };

/** Finds what a reply asks; questions inside code or quotations do not count. */
export function asksOf(reply: Reply): Asks {
  const questions = reply.sentences.filter(({ kind }) => kind === 'question');
  const invitations = reply.sentences.filter(({ kind }) => kind === 'invitation');
  const asking = questions.length > 0 ? questions : invitations;
  if (asking.length === 0) return { asking, count: 0, type: 'none', openness: null };
  let count = 0;
  for (const [index, sentence] of questions.entries()) {
    if (index === 0 || !FOLLOW_UP.test(sentence.core === '' ? sentence.own : sentence.core)) {
      count += Math.max(1, Math.min(4, marksWithin(sentence)));
    }
  }
  if (questions.length === 0) count = 1;
  const main = asking.at(-1) as Sentence;
  const types = asking.map(questionTypeOf);
  const type = types.findLast((type) => type !== 'other') ?? questionTypeOf(main);
  let openness: Openness = 'closed';
  for (const sentence of [...asking, ...invitations]) {
    const own = opennessOf(sentence);
    if (RANK[own] > RANK[openness]) openness = own;
  }
  return { asking, count, type, openness };
}

/** Question marks apart from each other inside one sentence ("Is it A? or B?" written without a break). */
function marksWithin(sentence: Sentence): number {
  return sentence.own.match(/[?？](?=\s*[\p{L}\p{N}])/gu)?.length === undefined
    ? 1
    : (sentence.own.match(/[?？](?=\s*[\p{L}\p{N}])/gu)?.length ?? 0) + 1;
}

/** no_question, multiple_questions and closed_question. */
export function questionFindings(asks: Asks): Finding[] {
  if (asks.count === 0) return [{ violation: 'no_question', start: 0, end: 0, strength: 1 }];
  const findings: Finding[] = [];
  if (asks.count > 1) {
    const first = asks.asking[0] as Sentence;
    const last = asks.asking.at(-1) as Sentence;
    findings.push({ violation: 'multiple_questions', start: first.start, end: last.end, strength: 1 });
  }
  if (asks.openness === 'closed') {
    const last = asks.asking.at(-1) as Sentence;
    findings.push({ violation: 'closed_question', start: last.start, end: last.end, strength: 1 });
  }
  return findings;
}
