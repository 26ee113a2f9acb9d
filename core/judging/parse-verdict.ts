import { z } from 'zod';
import {
  CRITERION_NAMES,
  VIOLATIONS,
  type Criteria,
  type CriterionName,
  type Violation,
} from '../../schemas/common.ts';
import type { Rubric } from '../../schemas/rubric.ts';
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
  z.object({ mark: markSchema, quote: z.string().max(2000).nullish() }),
  markSchema.transform((mark) => ({ mark, quote: null })),
]);
const verdictSchema = z.object({
  rationale: z.string().max(8000).nullish(),
  criteria: z.object(
    Object.fromEntries(CRITERION_NAMES.map((name) => [name, criterionSchema])) as Record<
      CriterionName,
      typeof criterionSchema
    >,
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
 * Reads a judge's answer: the last well-formed verdict in it, whatever stands around (prose, code fences, an echoed fake).
 * Marks out of 0–5, missing criteria or no JSON object are a problem, described for the repair ask.
 */
export function parseVerdict(answer: string, reply: string, rubric: Rubric): ParsedVerdict {
  const text = answer.slice(0, MAX_ANSWER_CHARS);
  let problem = 'it holds no JSON object';
  for (const candidate of jsonObjects(text).reverse()) {
    const parsed = verdictSchema.safeParse(candidate);
    if (parsed.success) return { verdict: toVerdict(parsed.data, reply, rubric) };
    const issue = parsed.error.issues[0];
    problem = issue === undefined ? problem : `${issue.path.join('.') || 'the object'}: ${issue.message}`;
  }
  return { problem };
}

function toVerdict(data: z.infer<typeof verdictSchema>, reply: string, rubric: Rubric): Verdict {
  const criteria = {} as Record<CriterionName, number>;
  const evidence = {} as Record<CriterionName, string>;
  for (const name of CRITERION_NAMES) {
    criteria[name] = data.criteria[name].mark * POINTS_PER_MARK;
    const quote = (data.criteria[name].quote ?? '').trim();
    // A quote that is not in the reply is no evidence; it is dropped, the mark stands.
    evidence[name] = quote !== '' && squash(reply).includes(squash(quote)) ? quote.slice(0, 300) : '';
  }
  const violations = [...new Set((data.violations ?? []).map((name) => name.trim().toLowerCase()))].filter(
    (name): name is Violation => (VIOLATIONS as readonly string[]).includes(name),
  );
  return {
    rationale: (data.rationale ?? '').slice(0, 2000),
    criteria,
    evidence,
    violations,
    ...scoreCriteria(criteria, violations, rubric),
  };
}

function squash(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[\s"'“”‘’]+/g, ' ')
    .trim();
}

/** Every outermost `{…}` of the text that is JSON, in order; trailing commas and raw line breaks in strings are mended. */
function jsonObjects(text: string): unknown[] {
  const found: unknown[] = [];
  let position = 0;
  while (position < text.length) {
    const start = text.indexOf('{', position);
    if (start < 0) break;
    const end = closingBrace(text, start);
    if (end < 0) {
      position = start + 1;
      continue;
    }
    const value = parseLoosely(text.slice(start, end + 1));
    if (value === undefined) position = start + 1;
    else {
      found.push(value);
      position = end + 1;
    }
  }
  return found;
}

function closingBrace(text: string, start: number): number {
  let depth = 0;
  let isInString = false;
  for (let i = start; i < text.length; i += 1) {
    const c = text[i];
    if (isInString) {
      if (c === '\\') i += 1;
      else if (c === '"') isInString = false;
    } else if (c === '"') isInString = true;
    else if (c === '{') depth += 1;
    else if (c === '}') {
      depth -= 1;
      if (depth === 0) return i;
    }
  }
  return -1;
}

function parseLoosely(text: string): unknown {
  for (const candidate of [
    text,
    text.replaceAll(/,(\s*[}\]])/g, '$1').replaceAll(/[\u0000-\u001F]+/g, ' '),
  ]) {
    try {
      return JSON.parse(candidate);
    } catch {
      // Not this reading; the next one, or none, is the answer.
    }
  }
  return undefined;
}
