import { CRITERION_NAMES } from '../../schemas/common.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import { sha256Hex } from '../identity/hash.ts';
import { fenceText, stripMarks } from './fence.ts';
import { withoutInjection } from './injection.ts';

/** One exchange as the judge sees it: what the student said (pasted material left out) and the tutor's reply. */
export interface Exchange {
  readonly said: string;
  /** Characters the student pasted behind what they said. */
  readonly pasted_chars: number;
  readonly tutor_text: string;
}

export interface JudgePromptInput {
  goal: string;
  reference_answer: string | null;
  /** Exchanges before the one to mark, oldest first; the rubric's window is cut here. */
  before: readonly Exchange[];
  current: Exchange;
  nonce: string;
}

/** The judge's instructions: the same text for every turn of a measure, so that providers can cache it. */
export function judgeSystemPrompt(template: string, rubric: Rubric): string {
  const criteria = CRITERION_NAMES.map((name) => {
    const { judge_question, anchors } = rubric.criteria[name];
    const marks = Object.entries(anchors)
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([mark, meaning]) => `${mark} = ${meaning}`)
      .join('; ');
    return `- ${name}: ${judge_question} (${marks})`;
  }).join('\n');
  // A function, because a replacement text would read "$" as an order.
  return template.replace('{{criteria}}', () => criteria);
}

/**
 * The question about one turn. The reply stands in a fence of its own, the exchanges before it in another with the same
 * nonce; marks and text that addresses the judge are taken out of both. Reply and exchanges take at most the rubric's
 * `max_window_chars` each. Never names the model.
 */
export function judgeUserPrompt(input: JudgePromptInput, rubric: Rubric): string {
  const { nonce } = input;
  const window = input.before.slice(-(rubric.judge.window_exchanges - 1));
  const perText = Math.floor(rubric.judge.max_window_chars / (2 * (window.length + 1)));
  const fit = (text: string) => elide(stripMarks(text, nonce), perText);
  const current = harmless(input.current);
  const context = [
    ...window.flatMap((exchange) => {
      const { said, tutor_text } = harmless(exchange);
      return [`STUDENT: ${fit(said)}${pastedNote(exchange)}`, `TUTOR: ${fit(tutor_text)}`];
    }),
    `STUDENT: ${fit(current.said)}${pastedNote(input.current)}`,
  ].join('\n\n');
  return [
    `Goal of the dialogue: ${input.goal}`,
    ...(input.reference_answer === null
      ? []
      : [`Answer the tutor must not give away: ${input.reference_answer}`]),
    `The exchanges so far, between marks numbered ${nonce}:`,
    `<<<BEGIN CONTEXT ${nonce}>>>\n${context}\n<<<END CONTEXT ${nonce}>>>`,
    `The tutor's reply to mark:`,
    fenceText(elide(current.tutor_text, rubric.judge.max_window_chars), nonce),
    'Give the reason, the nine marks and the violations of that reply as one JSON object.',
  ].join('\n\n');
}

/** What the judge is asked when its answer could not be read. */
export function repairPrompt(problem: string): string {
  return `Your answer could not be read: ${problem}. Answer again with the one JSON object described above and nothing else: "rationale", then "criteria" with all nine marks 0–5, then "violations".`;
}

/** A number the judged text cannot know, the same for the same call. */
export function judgeNonce(run_id: string, turn_index: number, ask: number): string {
  return sha256Hex(`nonce:${run_id}:${turn_index}:${ask}`).slice(0, 16);
}

/** Both texts without what addresses the judge. An exchange stands in the window of several questions and is read once. */
function harmless(exchange: Exchange): Readonly<Pick<Exchange, 'said' | 'tutor_text'>> {
  const known = read.get(exchange);
  if (known !== undefined) return known;
  const texts = {
    said: withoutInjection(exchange.said),
    tutor_text: withoutInjection(exchange.tutor_text),
  };
  read.set(exchange, texts);
  return texts;
}
const read = new WeakMap<Exchange, Readonly<Pick<Exchange, 'said' | 'tutor_text'>>>();

function pastedNote(exchange: Exchange): string {
  return exchange.pasted_chars > 0
    ? `\n[the student pasted ${exchange.pasted_chars} characters of material here]`
    : '';
}

/** Head and tail of a text longer than the limit; surrogate pairs stay whole, or providers refuse the request. */
function elide(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, Math.floor(limit * 0.6)).replace(/[\uD800-\uDBFF]$/, '');
  const tail = text.slice(text.length - (limit - Math.floor(limit * 0.6))).replace(/^[\uDC00-\uDFFF]/, '');
  return `${head} [… ${text.length - head.length - tail.length} characters left out …] ${tail}`;
}
