import { describe, expect, it, test } from '@jest/globals';
import * as fc from 'fast-check';
import { CRITERION_NAMES, VIOLATIONS, type Violation } from '../../../schemas/common.ts';
import { heuristicResultSchema } from '../../../schemas/heuristic-result.ts';
import { EXPERT_TURNS } from './fixtures/expert-turns.ts';
import { NEAR_MISSES, SPOILT_TURNS } from './fixtures/spoilt-turns.ts';
import { assess, context, rubric } from './shipped.ts';

const named = (tutor: string, said: string): Violation[] =>
  assess(tutor, 'end', context(said)).violations.map(({ violation }) => violation);

describe('a turn with one planted defect', () => {
  test.each(SPOILT_TURNS)('$violation: $tutor', ({ violation, said, tutor, span }) => {
    const found = assess(tutor, 'end', context(said)).violations.find((item) => item.violation === violation);
    expect(found).toBeDefined();
    if (span === undefined) return;
    expect(found?.text.slice(0, span.length)).toBe(span);
    expect(tutor.slice(found?.start, found?.end).startsWith(found?.text ?? '-')).toBe(true);
  });

  const disqualifying = SPOILT_TURNS.filter(({ violation }) => rubric.disqualifying.includes(violation));
  test.each(disqualifying)('scores below 5 and does not comply: $tutor', ({ said, tutor }) => {
    const { score, is_compliant } = assess(tutor, 'end', context(said));
    expect(score).toBeLessThan(5);
    expect(is_compliant).toBe(false);
  });
});

describe('an innocent turn that looks like a defect', () => {
  test.each(NEAR_MISSES)('is not taken for $violation: $tutor', ({ violation, said, tutor }) => {
    expect(named(tutor, said)).not.toContain(violation);
  });
});

describe('expert Socratic turns', () => {
  test.each(EXPERT_TURNS)('$domain: $tutor', ({ said, tutor }) => {
    const { violations, score, is_compliant } = assess(tutor, 'end', context(said));
    expect(violations.filter(({ violation }) => rubric.disqualifying.includes(violation))).toEqual([]);
    expect(score).toBeGreaterThanOrEqual(rubric.pass_score);
    expect(is_compliant).toBe(true);
  });

  it('score 9.5 on the whole', () => {
    const scores = EXPERT_TURNS.map(({ said, tutor }) => assess(tutor, 'end', context(said)).score);
    expect(scores.reduce((sum, score) => sum + score, 0) / scores.length).toBeGreaterThan(9.5);
  });
});

describe('a clean Socratic question that takes up the student’s words', () => {
  const clean: [string, string][] = [
    ['I think fairness means equal pay.', 'What makes equal pay fair, in your eyes?'],
    ['The derivative is the slope.', 'You call the derivative a slope. What is it the slope of?'],
    ['My loop never stops.', 'What would have to become true for your loop to stop?'],
    ['The novel is about guilt.', 'Where in the novel does guilt change what somebody does?'],
    ['Ich sage immer der Mädchen.', 'How did you decide on "der" before Mädchen?'],
  ];
  test.each(clean)('%s — %s', (said, tutor) => {
    expect(assess(tutor, 'end', context(said)).score).toBeGreaterThanOrEqual(9);
  });
});

describe('grading', () => {
  const said = 'I micromanage my team because I do not trust their work.';
  const telling = [
    'What makes you distrust their work?',
    'Distrust grows where nobody sees the work. What makes you distrust their work?',
    'Distrust grows where nobody sees the work. People hide what they are not trusted with, and the manager then trusts them even less than before. What makes you distrust their work?',
    'Distrust grows where nobody sees the work. People hide what they are not trusted with, and the manager then trusts them even less than before. This circle only breaks when one side starts, and in practice that is always the manager, because the team has no power to begin. What makes you distrust their work?',
  ];

  it('costs more purity the more is told before the question', () => {
    const purity = telling.map((tutor) => assess(tutor, 'end', context(said)).purity_pts);
    expect([...purity].sort((a, b) => b - a)).toEqual(purity);
    expect(new Set(purity).size).toBeGreaterThanOrEqual(3);
    expect(purity.at(-1)).toBeLessThan(3);
  });

  it('raises the risk of non-compliance with what is told', () => {
    const risk = telling.map((tutor) => assess(tutor, 'end', context(said)).noncompliance_risk);
    expect([...risk].sort((a, b) => a - b)).toEqual(risk);
    expect(risk[0]).toBeLessThan(0.1);
    expect(risk.at(-1)).toBeGreaterThan(0.9);
  });

  it('asks for one question: each further one costs', () => {
    const pts = [
      'What happened?',
      'What happened? Who was there?',
      'What happened? Who was there? When was it?',
    ].map((tutor) => assess(tutor, 'end', context(said)).criteria.single_question);
    expect(pts).toEqual([10, 5, 2.5]);
  });

  it('counts a cut-off reply as less readable', () => {
    const whole = assess('What makes you distrust their', 'end', context(said)).criteria.grammatical;
    const cut = assess('What makes you distrust their', 'length', context(said)).criteria.grammatical;
    expect(cut).toBeLessThan(whole);
  });
});

describe('withheld replies', () => {
  it('a refusal by the provider counts even without words', () => {
    expect(assess('', 'refusal', context('Hello')).violations.map(({ violation }) => violation)).toEqual([
      'refusal',
    ]);
    expect(assess('', 'refusal', context('Hello')).score).toBe(0);
  });

  it('nothing said by the tutor’s own choice is empty and scores 0', () => {
    expect(named(' ', 'Hello')).toEqual(['empty']);
    expect(named('…\n—', 'Hello')).toEqual(['empty']);
  });

  it('nothing left by the provider’s filter is not the tutor’s emptiness', () => {
    for (const stop of ['filtered', 'length', 'context_overflow'] as const) {
      expect(assess('', stop, context('Hello')).violations).toEqual([]);
    }
  });
});

describe('any text', () => {
  const anyText = fc.oneof(
    fc.string({ maxLength: 400 }),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc
      .array(
        fc.constantFrom(
          'Why? ',
          '\n',
          '```',
          '`x?`',
          '"',
          '“',
          '> ',
          '1. ',
          'שלום ',
          '😀',
          'You should ',
          '= 12 ',
          '۳ ',
          '?',
          '!',
        ),
        {
          maxLength: 60,
        },
      )
      .map((parts) => parts.join('')),
  );

  it('gives a valid result with spans inside the text', () => {
    fc.assert(
      fc.property(anyText, anyText, fc.option(anyText), (tutor, said, reference_answer) => {
        const result = assess(
          tutor,
          'end',
          context(said, { reference_answer, goal: said, student_turns: [tutor] }),
        );
        expect(() => heuristicResultSchema.parse(result)).not.toThrow();
        for (const { violation, start, end, text } of result.violations) {
          expect(VIOLATIONS).toContain(violation);
          expect(start).toBeLessThanOrEqual(end);
          expect(end).toBeLessThanOrEqual(tutor.length);
          expect(tutor.slice(start, end).startsWith(text)).toBe(true);
        }
        for (const name of CRITERION_NAMES) expect(Number.isFinite(result.criteria[name])).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('is deterministic', () => {
    fc.assert(
      fc.property(anyText, anyText, (tutor, said) => {
        expect(assess(tutor, 'end', context(said))).toEqual(assess(tutor, 'end', context(said)));
      }),
      { numRuns: 50 },
    );
  });

  it('of tens of thousands of characters, hostile ones too, is assessed with spans inside it', () => {
    const paragraph =
      'You should look at "this": it is 3 + 4 = 7, is it not? Tell me more, first of all, about what you need to do… ';
    const hostile = [
      'mmmm',
      ' so so',
      '1',
      '(',
      "'",
      '"',
      '`',
      'a.',
      '?',
      '1,',
      'you should you could ',
      'what is ',
    ].map((part) => part.repeat(20_000 / part.length));
    for (const text of [paragraph.repeat(400), ...hostile]) {
      const { score, violations } = assess(text, 'end', context(text));
      expect(score).toBeGreaterThanOrEqual(0);
      for (const { start, end } of violations)
        expect([start <= end, end <= text.length]).toEqual([true, true]);
    }
  });
});
