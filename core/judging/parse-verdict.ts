import { z } from 'zod';
import {
  CRITERION_NAMES,
  VIOLATIONS,
  type Criteria,
  type CriterionName,
  type Violation,
} from '../../schemas/common.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import { jsonObjects, parseLoosely } from './json-objects.ts';
import { scoreCriteria, type Disposition } from '../metrics/score-criteria.ts';

/** A judge's verdict, read and bounded; marks 0–5 already mapped to 0–10. */
export interface Verdict extends Omit<Disposition, 'is_compliant'> {
  rationale: string;
  criteria: Criteria;
  evidence: Record<CriterionName, string>;
  violations: Violation[];
  is_compliant: boolean;
}

/** Marks are asked on 0–5, where agreement with people is best (arXiv 2601.03444), and kept on 0–10. */
const POINTS_PER_MARK = 2;
/** Longest answer that is read; a judge asked for a page does not send more. */
const MAX_ANSWER_CHARS = 50_000;
/** Bounds of the record (schemas/judge-result.ts). */
const MAX_RATIONALE_CHARS = 2000;
const MAX_QUOTE_CHARS = 300;

const markSchema = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\s*[0-5](?:\.\d+)?\s*(?:\/\s*5)?\s*$/)
      .transform((text) => Number.parseFloat(text)),
  ])
  .pipe(z.number().min(0).max(5));
const criterionSchema = z.union([
  z.object({ mark: markSchema, quote: z.string().nullish() }),
  markSchema.transform((mark) => ({ mark, quote: null })),
]);
const criteriaSchema = z.object(
  Object.fromEntries(CRITERION_NAMES.map((name) => [name, criterionSchema])) as Record<
    CriterionName,
    typeof criterionSchema
  >,
);
const verdictSchema = z.object({
  rationale: z.string().nullish(),
  // Some models send nested tool input as a string of JSON.
  criteria: z.preprocess(
    (value) => (typeof value === 'string' ? (parseLoosely(value) ?? value) : value),
    criteriaSchema,
  ),
  violations: z.array(z.string()).nullish(),
});

/** JSON Schema that the judge's provider gets where it can force a tool or a schema. */
export const VERDICT_JSON_SCHEMA = {
  type: 'object',
  required: ['rationale', 'criteria', 'violations'],
  additionalProperties: false,
  properties: {
    rationale: { type: 'string', description: 'two to four sentences, before any mark' },
    criteria: {
      type: 'object',
      required: [...CRITERION_NAMES],
      additionalProperties: false,
      properties: Object.fromEntries(
        CRITERION_NAMES.map((name) => [
          name,
          {
            type: 'object',
            required: ['mark', 'quote'],
            additionalProperties: false,
            properties: { mark: { type: 'integer', minimum: 0, maximum: 5 }, quote: { type: 'string' } },
          },
        ]),
      ),
    },
    violations: { type: 'array', items: { type: 'string', enum: [...VIOLATIONS] } },
  },
} as const;

export type ParsedVerdict = { verdict: Verdict } | { problem: string };

/**
 * Reads a judge's answer: the last verdict in it, whatever stands around (prose, code fences, an echoed fake). An answer
 * whose last verdict is malformed or breaks off is a problem even when a well-formed one stands before it: that one may be
 * the judged text's. Problems are described for the repair ask.
 */
export function parseVerdict(answer: string, reply: string, rubric: Rubric): ParsedVerdict {
  const text = answer.slice(0, MAX_ANSWER_CHARS);
  const objects = jsonObjects(text);
  const last = objects.findLast(({ value }) => verdictIn(value) !== null);
  const rest = text.slice(last?.end ?? 0);
  if (STARTS_VERDICT.test(rest)) return { problem: 'its last JSON object is broken or breaks off' };
  if (last === undefined)
    return {
      problem: objects.length === 0 ? 'it holds no JSON object' : 'criteria: expected the nine marks',
    };
  const parsed = verdictSchema.safeParse(verdictIn(last.value));
  if (parsed.success) return { verdict: toVerdict(parsed.data, reply, rubric) };
  const issue = parsed.error.issues[0];
  return { problem: `${issue?.path.join('.') || 'the object'}: ${issue?.message ?? 'not readable'}` };
}

/** A brace with a key of the verdict behind it. */
const STARTS_VERDICT = /\{\s{0,20}["']?(?:rationale|criteria|verdict|open_ended)["']?\s{0,20}:/;

/** The verdict that an object is, or that stands in one of its keys; null when it looks like none. */
function verdictIn(value: object): object | null {
  if ('criteria' in value) return value;
  // Flat, with the violations beside the marks: without them it is the inner part of an answer that broke off.
  if ('violations' in value && CRITERION_NAMES.every((name) => name in value)) {
    const { rationale, violations } = value as { rationale?: unknown; violations?: unknown };
    return { rationale, violations, criteria: value };
  }
  for (const inner of Object.values(value))
    if (typeof inner === 'object' && inner !== null && 'criteria' in inner) return inner;
  return null;
}

function toVerdict(data: z.infer<typeof verdictSchema>, reply: string, rubric: Rubric): Verdict {
  const criteria = {} as Record<CriterionName, number>;
  const evidence = {} as Record<CriterionName, string>;
  const replyWords = squash(reply);
  for (const name of CRITERION_NAMES) {
    criteria[name] = data.criteria[name].mark * POINTS_PER_MARK;
    const quote = (data.criteria[name].quote ?? '').trim();
    // A quote that is not in the reply is no evidence; it is dropped, the mark stands.
    evidence[name] = quote !== '' && replyWords.includes(squash(quote)) ? cut(quote, MAX_QUOTE_CHARS) : '';
  }
  const violations = [...new Set((data.violations ?? []).map(violationName))].filter(
    (name): name is Violation => (VIOLATIONS as readonly string[]).includes(name),
  );
  return {
    rationale: cut(data.rationale ?? '', MAX_RATIONALE_CHARS),
    criteria,
    evidence,
    violations,
    ...scoreCriteria(criteria, violations, rubric),
  };
}

/** "Leading question", "leading-question" and leading_question are one. */
function violationName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
}

/** A head of at most so many characters that does not end amid a surrogate pair. */
function cut(text: string, limit: number): string {
  const head = text.slice(0, limit);
  return /[\uD800-\uDBFF]$/.test(head) ? head.slice(0, -1) : head;
}

function squash(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[\s"'“”‘’]+/g, ' ')
    .trim();
}
