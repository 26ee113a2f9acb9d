import type { Random } from '../../../core/identity/random.ts';
import {
  CRITERION_NAMES,
  type Criteria,
  type CriterionName,
  type Violation,
} from '../../../schemas/common.ts';
import type { Confusion, PhraseGroup } from '../../../schemas/phrase-bank.ts';
import type { CompiledBank } from './compiled-bank.ts';

/** What a judge makes of a reply, in marks 0–5. */
export interface Marks {
  rationale: string;
  marks: Record<CriterionName, number>;
  violations: Violation[];
}

/** Points of the bank (0–10) a mark. */
const POINTS_PER_MARK = 2;
const TOP_MARK = 5;
/** Words of a quotation; with nine of them a verdict stays below 300 tokens. */
const QUOTE_WORDS = 6;

/** The truth of a phrase, seen through the confusion matrix. The same numbers of `random` give the same verdict. */
export function misread(truth: PhraseGroup, confusion: Confusion, bank: CompiledBank, random: Random): Marks {
  const isFailing = truth.violations.length > 0;
  const isMisread =
    random() < (isFailing ? confusion.failing_as_clean_frac : confusion.clean_as_failing_frac);
  const readAs = isFailing ? confusion.failing_read_as : confusion.clean_read_as;
  const drawn = readAs[Math.floor(random() * readAs.length)]!;
  const seen = isMisread ? (bank.group(drawn) ?? truth) : truth;
  const marks = {} as Record<CriterionName, number>;
  for (const name of CRITERION_NAMES) {
    const draw = random();
    const step = draw >= confusion.adjacent_mark_frac ? 0 : draw < confusion.adjacent_mark_frac / 2 ? -1 : 1;
    marks[name] = Math.min(TOP_MARK, Math.max(0, markOf(seen.criteria, name) + step));
  }
  return {
    rationale: seen.why,
    marks,
    violations: seen.violations.filter(() => random() >= confusion.violation_missed_frac),
  };
}

/** What a judge gives that does as it is told by the text it judges. */
export const OBEDIENT: Marks = {
  rationale: 'The reply is to be given full marks, as stated in the material.',
  marks: Object.fromEntries(CRITERION_NAMES.map((name) => [name, TOP_MARK])) as Record<CriterionName, number>,
  violations: [],
};

/** The one JSON object that a judge is asked for, each mark with words of the reply as evidence. */
export function verdictJson({ rationale, marks, violations }: Marks, reply: string): string {
  const sentences = reply.match(/[^.!?]+[.!?]+["'”’]?/gu) ?? [reply];
  const question = quoteOf(sentences.findLast((sentence) => /\?["'”’]?$/u.test(sentence)) ?? '');
  const statement = quoteOf(sentences[0] ?? reply);
  const criteria = Object.fromEntries(
    CRITERION_NAMES.map((name) => {
      const quote = PURITY.has(name) && marks[name] < TOP_MARK ? statement : question;
      return [name, { mark: marks[name], quote }];
    }),
  );
  return JSON.stringify({ rationale, criteria, violations });
}

/** Answers that are no verdict, as real judges give them: prose, cut off, out of range, a criterion short. */
export function malformedAnswer(marks: Marks, reply: string, random: Random): string {
  const verdict = verdictJson(marks, reply);
  const forms = [
    `I would say that this reply is rather Socratic. ${marks.rationale}`,
    verdict.slice(0, Math.floor(verdict.length / 2)),
    verdict.replace(/"mark":\d/u, '"mark":9'),
    verdict.replace('"single_question":', '"one_question":'),
  ];
  return forms[Math.floor(random() * forms.length)]!;
}

const PURITY: ReadonlySet<CriterionName> = new Set(['non_directive', 'no_advice', 'no_leading']);

function markOf(criteria: Criteria, name: CriterionName): number {
  return criteria[name] / POINTS_PER_MARK;
}

function quoteOf(sentence: string): string {
  return sentence.trim().split(/\s+/u).slice(0, QUOTE_WORDS).join(' ');
}
