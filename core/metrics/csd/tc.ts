import {
  ANAPHORA_LINK,
  ANCHOR_LINK,
  FULL_LINK,
  MAX_EARLIER_THREADS,
  MAX_THREAD_STEMS,
  MAX_VOCABULARY,
  OWN_WORD_WEIGHT,
  WEAK_LINK,
} from './parameters.ts';
import type { Dimension, ReadTurn } from './read-turn.ts';
import { overlap } from './text.ts';

/** Going back to an earlier thread leaves the open one, but loses less than starting anew. */
const RETURN_SCORE = 0.5;
/** A reply that asks nothing stays on the subject at best; it pursues nothing. */
const UNASKED_SHARE = 0.5;

export interface ThreadContinuity extends Dimension {
  /** Depth (questions asked) of each thread, in the order they were opened or come back to; the open one last. */
  depths(): number[];
  /** Stems held now; bounded. */
  readonly size: number;
}

/**
 * Thread continuity: how strongly the tutor's question hangs together with the open thread — the student's message and the
 * tutor's question before it — by idf-weighted shared words or by pointing back. A result (concession, insight) ends a
 * thread: the next question opens one, at no cost. A question without a link abandons the open thread: half for coming back
 * to an earlier one, else only its weak link counts. Null until the student has said something, and at questions about the
 * process.
 */
export function createThreadContinuity(): ThreadContinuity {
  const closed: Set<string>[] = [];
  const depths: number[] = [];
  const matter = new Set<string>();
  let open = new Set<string>();
  let asked: ReadonlySet<string> = new Set();
  let depth = 0;

  const start = (question: ReadonlySet<string>): void => {
    if (depth > 0) {
      depths.push(depth);
      closed.push(open);
      if (closed.length > MAX_EARLIER_THREADS) closed.shift();
    }
    open = new Set(question);
    depth = 1;
  };

  return {
    null_reason: 'the student said nothing that a thread could start from',
    get size() {
      return closed.reduce((sum, { size }) => sum + size, open.size + matter.size);
    },
    depths: () => (depth > 0 ? [...depths, depth] : [...depths]),
    next(turn) {
      const { said, tutor, is_meta, move } = turn;
      if (is_meta) return null;
      remember(matter, said.content, MAX_VOCABULARY);
      const question = tutor.is_asking ? tutor.asked : tutor.content;
      const hasThread = depth > 0 || said.words.length > 0;
      const link = linkOf(turn, question, asked, matter);
      asked = question;
      if (!hasThread) {
        if (tutor.is_asking) start(question);
        return null;
      }
      if (!tutor.is_asking) return UNASKED_SHARE * link;
      if (depth > 0 && (move === 'concession' || move === 'insight')) {
        start(question);
        return 1;
      }
      if (depth === 0 || link >= WEAK_LINK / FULL_LINK) {
        depth += 1;
        remember(open, question, MAX_THREAD_STEMS);
        return link;
      }
      const returns = closed.some(
        (thread) => question.size > 0 && overlap(question, thread) / question.size >= FULL_LINK,
      );
      start(question);
      return returns ? Math.max(RETURN_SCORE, link) : link;
    },
  };
}

/**
 * Link strength 0–1: share of the question's weight that stands in the student's message or the question before. Only words
 * the student has used are matter; the tutor's own ways of asking link nothing and weigh little.
 */
function linkOf(
  { said, tutor, idf, points_back }: ReadTurn,
  question: ReadonlySet<string>,
  asked: ReadonlySet<string>,
  matter: ReadonlySet<string>,
): number {
  if (tutor.words.length === 0) return 0;
  const isBack = question.size === 0 || points_back;
  const back = isBack ? ANAPHORA_LINK : overlap(tutor.content, said.content) > 0 ? ANCHOR_LINK : 0;
  if (question.size === 0) return back;
  let shared = 0;
  let total = 0;
  for (const stem of question) {
    const isMatter = matter.has(stem);
    const weight = idf.idf(stem) * (isMatter ? 1 : OWN_WORD_WEIGHT);
    total += weight;
    if (isMatter && (said.content.has(stem) || asked.has(stem))) shared += weight;
  }
  return Math.max(back, Math.min(1, shared / total / FULL_LINK));
}

/** Adds stems to a set held in order of last use; beyond `most` the oldest go. */
function remember(held: Set<string>, stems: ReadonlySet<string>, most: number): void {
  for (const stem of stems) {
    held.delete(stem);
    held.add(stem);
  }
  while (held.size > most) {
    const oldest = held.values().next();
    if (oldest.done) return;
    held.delete(oldest.value);
  }
}
