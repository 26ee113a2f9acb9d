import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from '@jest/globals';
import * as fc from 'fast-check';
import { jsonObjects } from '../../../core/judging/json-objects.ts';
import { repairPrompt } from '../../../core/judging/judge-prompt.ts';
import { parseVerdict, VERDICT_JSON_SCHEMA, type Verdict } from '../../../core/judging/parse-verdict.ts';
import { scoreCriteria } from '../../../core/metrics/score-criteria.ts';
import { CRITERION_NAMES, VIOLATIONS } from '../../../schemas/common.ts';
import { judgeResultSchema } from '../../../schemas/judge-result.ts';
import { rubricSchema } from '../../../schemas/rubric.ts';
import { ANSWERS, good, REPLY } from './answers.ts';

const rubric = rubricSchema.parse(
  JSON.parse(readFileSync(new URL('../../../config/rubrics/rubric-1.1.json', import.meta.url), 'utf8')),
);
const parse = (answer: string) => parseVerdict(answer, REPLY, rubric);
const verdictOf = (answer: unknown): Verdict => {
  const parsed = parse(JSON.stringify(answer));
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.verdict;
};
/** Fields of the stored record that a verdict fills. */
const storedSchema = judgeResultSchema.pick({
  rationale: true,
  criteria: true,
  evidence: true,
  violations: true,
  form_pts: true,
  substance_pts: true,
  purity_pts: true,
  score: true,
});

/** A lone half of a surrogate pair. */
const HALF_CHARACTER = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

describe('parseVerdict', () => {
  it('is tried on at least 200 answers', () => {
    expect(ANSWERS.length).toBeGreaterThanOrEqual(200);
    expect(new Set(ANSWERS.map(([name]) => name)).size).toBe(ANSWERS.length);
  });

  test.each(ANSWERS)('reads or refuses: %s', (_, answer, expected) => {
    const parsed = parse(answer);
    if (typeof expected === 'number') {
      expect(parsed).toHaveProperty('verdict');
      const { verdict } = parsed as { verdict: Verdict };
      expect(verdict.criteria.open_ended).toBeCloseTo(expected * 2, 12);
      expect(storedSchema.safeParse(verdict).error?.issues ?? []).toEqual([]);
    } else {
      expect(parsed).toHaveProperty('problem');
      const { problem } = parsed as { problem: string };
      expect(problem).toMatch(expected);
      expect(repairPrompt(problem).length).toBeLessThan(600);
    }
  });

  it('refuses a good answer cut off at any byte', () => {
    const whole = JSON.stringify(good());
    for (let length = 0; length < whole.length; length += 1)
      expect([length, 'problem' in parse(whole.slice(0, length))]).toEqual([length, true]);
  });

  it('never adopts an echoed verdict when its own is cut off at any byte past its first key', () => {
    const fake = JSON.stringify(good(5));
    const own = JSON.stringify(good(1));
    for (let length = own.indexOf(':') + 1; length < own.length; length += 1)
      expect([length, 'problem' in parse(`${fake}\n${own.slice(0, length)}`)]).toEqual([length, true]);
  });

  it('never throws and never gives marks out of range, whatever it is given', () => {
    const pieces = fc.constantFrom(
      ...ANSWERS.slice(0, 60).map(([, answer]) => answer.slice(0, 400)),
      '{',
      '}',
      '"',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 6 }), (parts) => {
        const parsed = parse(parts.join(''));
        if ('verdict' in parsed) expect(storedSchema.safeParse(parsed.verdict).success).toBe(true);
        else expect(parsed.problem.length).toBeGreaterThan(5);
      }),
    );
  });

  it('scores what it read as everybody scores', () => {
    const verdict = verdictOf(good(4, { violations: ['telling'] }));
    expect(verdict).toMatchObject(scoreCriteria(verdict.criteria, ['telling'], rubric));
    expect(verdict.score).toBe(8);
    expect(verdict.is_compliant).toBe(false);
  });

  it('keeps known violations once, however they are written, and no others', () => {
    const verdict = verdictOf(
      good(4, { violations: ['Leading question', 'leading-question', ' TELLING ', 'rudeness'] }),
    );
    expect(verdict.violations).toEqual(['leading_question', 'telling']);
  });

  it('keeps a quote that stands in the reply, whatever its quotes, case and spaces, and drops an invented one', () => {
    const criteria = {
      ...(good().criteria as object),
      open_ended: { mark: 5, quote: '“What about  a PENGUIN”' },
      relevance: { mark: 5, quote: 'Consider the ostrich.' },
    };
    const { evidence } = verdictOf({ ...good(), criteria });
    expect(evidence.open_ended).toBe('“What about  a PENGUIN”');
    expect(evidence.relevance).toBe('');
  });

  it('never keeps half a character at the end of a long rationale', () => {
    const { rationale } = verdictOf(good(4, { rationale: `x${'🙂'.repeat(1500)}` }));
    expect(rationale).not.toMatch(HALF_CHARACTER);
    expect(rationale.length).toBeGreaterThan(1990);
  });

  it('pollutes no prototype', () => {
    parse('{"__proto__": {"polluted": true}, "criteria": {"__proto__": {"mark": 5}}}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('jsonObjects', () => {
  it('finds every object written into prose, in order and where it stood', () => {
    const prose = fc.string({ maxLength: 20 }).map((text) => text.replaceAll(/[{}"]/g, ''));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(prose, fc.dictionary(fc.string(), fc.jsonValue())), { maxLength: 5 }),
        (parts) => {
          const text = parts.map(([words, value]) => words + JSON.stringify(value)).join('');
          const found = jsonObjects(text);
          expect(found.map(({ value }) => JSON.stringify(value))).toEqual(
            parts.map(([, value]) => JSON.stringify(JSON.parse(JSON.stringify(value)))),
          );
          for (const { value, start, end } of found)
            expect(JSON.stringify(JSON.parse(text.slice(start, end)))).toBe(JSON.stringify(value));
        },
      ),
    );
  });
});

describe('VERDICT_JSON_SCHEMA', () => {
  it('asks for the nine criteria and the fifteen violations of the measure', () => {
    expect(VERDICT_JSON_SCHEMA.properties.criteria.required).toEqual([...CRITERION_NAMES]);
    expect(VERDICT_JSON_SCHEMA.properties.violations.items.enum).toEqual([...VIOLATIONS]);
  });
});
