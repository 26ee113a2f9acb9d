import type { QuestionType } from '../../../schemas/heuristic-result.ts';
import type { Sentence } from '../analyse-reply.ts';
import type { SentenceKind } from '../classify-sentence.ts';
import { longestRun } from '../detectors/telling.ts';
import { opennessOf } from '../read-question.ts';
import { strongest, type TurnReading } from '../read-turn.ts';

const KINDS: readonly SentenceKind[] = [
  'question',
  'invitation',
  'attention',
  'directive',
  'praise',
  'reflection',
  'courtesy',
  'statement',
];
const TYPES: readonly QuestionType[] = [
  'clarify',
  'assumption',
  'evidence',
  'viewpoint',
  'implication',
  'meta',
];
const OPEN_END = /\b(?:is|are|equals?|be|makes|gives|get|do|called|by|to|of|the|a)\s*(?:what)?\s*\?/iu;
const WH_OPENING = /^(?:what|why|how|where|who|which|when)/iu;
const ENDS_CLOSED = /[.!?"”)]\s*$/u;
const MARKS = /[?？]/gu;

/** Shape of the reply: what its sentences do, in which order, how much of it asks; and what the rules found. */
export function formFeatures({
  reply,
  asks,
  findings,
  telling_strength,
  answer,
}: TurnReading): Record<string, number> {
  const { sentences, words } = reply;
  const total = Math.max(1, words.length);
  const wordsBy = new Map<SentenceKind, number>();
  for (const { kind, words } of sentences) wordsBy.set(kind, (wordsBy.get(kind) ?? 0) + words.length);
  const questions = sentences.filter(({ kind }) => kind === 'question');
  const lastQuestion = questions.at(-1);
  const first = sentences[0];
  const last = sentences.at(-1);
  const marks = reply.visible.match(MARKS)?.length ?? 0;
  const features: Record<string, number> = {
    log_words: Math.log1p(words.length),
    log_sentences: Math.log1p(sentences.length),
    has_mark: flag(marks > 0),
    log_marks: Math.log1p(marks),
    log_questions: Math.log1p(questions.length),
    has_unmarked_question: flag(questions.length > 0 && marks === 0),
    ends_on_question: flag(last?.kind === 'question'),
    ends_asking: flag(last?.kind === 'question' || last?.kind === 'invitation' || last?.kind === 'attention'),
    opens_on_question: flag(first?.kind === 'question'),
    opens_on_praise: flag(first?.kind === 'praise'),
    only_questions: flag(questions.length > 0 && questions.length === sentences.length),
    log_statement_words: Math.log1p(wordsBy.get('statement') ?? 0),
    log_question_words: Math.log1p(wordsBy.get('question') ?? 0),
    words_behind_question:
      lastQuestion === undefined ? 0 : wordsWhere(sentences, ({ start }) => start > lastQuestion.start),
    words_before_question:
      lastQuestion === undefined ? 0 : wordsWhere(sentences, ({ start }) => start < lastQuestion.start),
    log_longest_run: Math.log1p(longestRun(reply).words),
    ask_count: Math.min(3, asks.count),
    is_open: flag(asks.openness === 'open'),
    is_narrow: flag(asks.openness === 'narrow'),
    is_closed: flag(asks.openness === 'closed'),
    last_question_words: Math.log1p(lastQuestion?.words.length ?? 0),
    last_question_open: flag(lastQuestion !== undefined && opennessOf(lastQuestion) === 'open'),
    last_question_closed: flag(lastQuestion !== undefined && opennessOf(lastQuestion) === 'closed'),
    last_question_is_gap: flag(lastQuestion !== undefined && isGap(lastQuestion)),
    has_choice: flag(questions.some(({ own }) => own.includes(' or '))),
    rule_leading: strongest(findings, 'leading_question'),
    rule_advice: strongest(findings, 'advice'),
    rule_directive: strongest(findings, 'directive'),
    rule_own_answer: strongest(findings, 'answers_own_question'),
    rule_reveals: answer.said_by_student ? 0 : strongest(findings, 'reveals_answer'),
    rule_telling: telling_strength,
    opens_in_lower_case: flag(/^\p{Ll}/u.test(reply.text)),
    has_open_end: flag(!ENDS_CLOSED.test(reply.text)),
    log_lines: Math.log1p(reply.text.split('\n').length - 1),
  };
  for (const kind of KINDS) {
    features[`share_${kind}`] = (wordsBy.get(kind) ?? 0) / total;
    if (kind !== 'question') features[`has_${kind}`] = flag(wordsBy.has(kind));
  }
  for (const type of TYPES) features[`type_${type}`] = flag(asks.type === type);
  return features;
}

/** "So 7 plus 7 is?": a sentence left open for one word, not a question of its own. */
function isGap({ own, core }: Sentence): boolean {
  return OPEN_END.test(own) && !WH_OPENING.test(core);
}

function wordsWhere(sentences: readonly Sentence[], holds: (sentence: Sentence) => boolean): number {
  let words = 0;
  for (const sentence of sentences) if (holds(sentence)) words += sentence.words.length;
  return Math.log1p(words);
}

function flag(value: boolean): number {
  return value ? 1 : 0;
}
