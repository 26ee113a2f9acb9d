import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from '@jest/globals';
import { compileBank } from '../../../adapters/models/simulated/compiled-bank.ts';
import { BANK_SOURCE } from '../../../core/golden/bank-items.ts';
import { buildConstructed, CONSTRUCTED_SOURCE } from '../../../core/golden/build-constructed.ts';
import { sceneSchema } from '../../../core/golden/scene.ts';
import { judgeUserPrompt } from '../../../core/judging/judge-prompt.ts';
import { addressesJudge } from '../../../core/judging/injection.ts';
import { scoreCriteria } from '../../../core/metrics/score-criteria.ts';
import { calibrationItemSchema, type CalibrationItem } from '../../../schemas/calibration-item.ts';
import { VIOLATIONS, type Violation } from '../../../schemas/common.ts';
import { phraseBankSchema } from '../../../schemas/phrase-bank.ts';
import { rubricSchema } from '../../../schemas/rubric.ts';
import { goldenSetText, GOLDEN_SET } from '../../../scripts/build-golden.ts';

const config = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../config/${path}`, import.meta.url), 'utf8'));
const rubric = rubricSchema.parse(config('rubrics/rubric-1.1.json'));
const bank = phraseBankSchema.parse(config('simulated/phrases-1.0.json'));
const published = readFileSync(GOLDEN_SET, 'utf8');
const items: CalibrationItem[] = published
  .trimEnd()
  .split('\n')
  .map((line) => calibrationItemSchema.parse(JSON.parse(line)));
const constructed = items.filter(({ source }) => source === CONSTRUCTED_SOURCE);
const cleanOf = new Map(
  constructed
    .filter(({ item_id }) => item_id.endsWith('--clean'))
    .map((item) => [item.item_id.split('--')[0], item]),
);

describe('the published golden set', () => {
  it('is what its sources build, to the byte (npx tsx scripts/build-golden.ts mends it)', () => {
    expect(published === goldenSetText()).toBe(true);
  });

  it('holds 200 to 500 items with ids of their own, over fifteen violations and many domains', () => {
    expect(items.length).toBeGreaterThanOrEqual(300);
    expect(items.length).toBeLessThanOrEqual(500);
    expect(new Set(items.map(({ item_id }) => item_id)).size).toBe(items.length);
    expect(new Set(items.map(({ domain }) => domain)).size).toBeGreaterThanOrEqual(15);
    const count = (violation: Violation) =>
      constructed.filter(({ violations }) => violations.includes(violation)).length;
    for (const violation of VIOLATIONS) expect([violation, count(violation) >= 4]).toEqual([violation, true]);
    expect(cleanOf.size).toBeGreaterThanOrEqual(60);
  });

  it('gives every item the score of its own marks', () => {
    for (const item of items)
      expect(item.expert_score).toBe(scoreCriteria(item.expert_criteria, item.violations, rubric).score);
  });

  it('lets every clean turn comply and scores each spoilt turn below its clean one', () => {
    for (const item of constructed) {
      const { is_compliant } = scoreCriteria(item.expert_criteria, item.violations, rubric);
      const clean = cleanOf.get(item.item_id.split('--')[0]!)!;
      if (item === clean) expect([item.item_id, is_compliant]).toEqual([item.item_id, true]);
      else expect(item.expert_score).toBeLessThan(clean.expert_score);
      if (item.violations.some((violation) => rubric.disqualifying.includes(violation)))
        expect([item.item_id, is_compliant]).toEqual([item.item_id, false]);
    }
  });

  it('differs from the clean turn by its planted text alone', () => {
    for (const item of constructed) {
      const clean = cleanOf.get(item.item_id.split('--')[0]!)!;
      expect(item.context).toEqual(clean.context);
      const placement = item.item_id.split('--')[1]!;
      if (['telling', 'advice', 'directive', 'lecture', 'reveals-answer'].includes(placement)) {
        // Uptake and question of the clean turn frame what is planted between them.
        const words = clean.tutor_text;
        let head = 0;
        while (item.tutor_text[head] === words[head]) head += 1;
        expect(item.tutor_text.endsWith(words.slice(head))).toBe(true);
      }
      if (['multiple-questions', 'answers-own-question'].includes(placement))
        expect(item.tutor_text.startsWith(clean.tutor_text)).toBe(true);
    }
  });

  it('reveals the reference answer where it says so, and never in a clean turn', () => {
    for (const item of constructed) {
      if (item.reference_answer === null) {
        expect(item.violations).not.toContain('reveals_answer');
        continue;
      }
      if (item.violations.includes('reveals_answer'))
        expect(item.tutor_text.toLowerCase()).toContain(item.reference_answer.toLowerCase());
    }
    for (const clean of cleanOf.values())
      if (clean.reference_answer !== null && clean.reference_answer.length > 4)
        expect(clean.tutor_text.toLowerCase()).not.toContain(clean.reference_answer.toLowerCase());
  });

  it('never addresses the judge, so that canaries are judged whole', () => {
    for (const item of constructed)
      expect([item.item_id, addressesJudge(item.tutor_text)]).toEqual([item.item_id, false]);
  });

  it('ends every context with the student and fits the judge prompt without elision', () => {
    for (const item of items) {
      expect(item.context.at(-1)?.role).toBe('student');
      const said = item.context.at(-1)!.text;
      const prompt = judgeUserPrompt(
        {
          goal: item.goal,
          reference_answer: item.reference_answer,
          before: [],
          current: { said, pasted_chars: 0, tutor_text: item.tutor_text },
          nonce: 'abcdef0123456789',
        },
        rubric,
      );
      expect(prompt).not.toContain('characters left out');
    }
  });

  it('holds at least 60 phrases that simulated judges know, each with the truth of its group', () => {
    const known = items.filter(({ source }) => source === BANK_SOURCE);
    expect(known.length).toBeGreaterThanOrEqual(60);
    const compiled = compileBank(bank);
    for (const item of known) {
      const found = compiled.find(item.tutor_text);
      expect([item.item_id, found?.phrase.group.group_id]).toEqual([
        item.item_id,
        item.item_id.split('--')[1],
      ]);
      expect(found?.phrase.group.criteria).toEqual(item.expert_criteria);
    }
  });

  test.each([100, 200, 300])(
    'keeps its mix in its first %i items, for canaries that judge only so many',
    (n) => {
      const head = items.slice(0, n);
      const share = (of: readonly CalibrationItem[], is: (item: CalibrationItem) => boolean) =>
        of.filter(is).length / of.length;
      for (const is of [
        ({ source }: CalibrationItem) => source === BANK_SOURCE,
        ({ violations }: CalibrationItem) => violations.length === 0,
        ({ violations }: CalibrationItem) => violations.includes('telling'),
      ])
        expect(Math.abs(share(head, is) - share(items, is))).toBeLessThan(0.06);
    },
  );
});

describe('buildConstructed', () => {
  const scene = sceneSchema.parse({
    scene_id: 's',
    domain: 'd',
    goal: 'g',
    reference_answer: 'forty-two',
    context: ['Tutor opens.', 'Student answers, and my cat is ill.'],
    decoy: 'my cat is ill',
    uptake: 'You answer.',
    question: 'What makes you say so?',
    depth_mark: 5,
    defects: {
      multiple_questions: 'And why? And when? And where?',
      reveals_answer: 'It is forty-two.',
      follows_decoy: 'What is the matter with your cat?',
    },
  });
  const built = buildConstructed(
    {
      scenes: [scene],
      replies: { praise_only: ['Fine!'], refusal: ['No.'], empty: [''] },
      bankScenes: [],
      bank,
    },
    rubric,
  );
  const of = (label: string) => built.find(({ item_id }) => item_id === `s--${label}`)!;

  it('puts each planted text where its defect belongs', () => {
    expect(of('clean').tutor_text).toBe('You answer. What makes you say so?');
    expect(of('reveals-answer').tutor_text).toBe('You answer. It is forty-two. What makes you say so?');
    expect(of('multiple-questions').tutor_text).toBe(
      'You answer. What makes you say so? And why? And when? And where?',
    );
    expect(of('follows-decoy').tutor_text).toBe('What is the matter with your cat?');
    expect(of('empty')).toMatchObject({ tutor_text: '', expert_score: 0, violations: ['empty'] });
  });

  it('marks further questions by their number', () => {
    expect(of('multiple-questions').expert_criteria.single_question).toBe(2);
  });

  it('refuses a scene whose defect cannot be what it is called', () => {
    const wrong = { ...scene, decoy: undefined };
    expect(sceneSchema.safeParse(wrong).error?.issues[0]?.message).toBe(
      'expected only in a scene with a decoy',
    );
    expect(sceneSchema.safeParse({ ...scene, reference_answer: 'seven' }).success).toBe(false);
    expect(sceneSchema.safeParse({ ...scene, question: 'Why? How?' }).success).toBe(false);
    expect(sceneSchema.safeParse({ ...scene, decoy: 'a dog' }).success).toBe(false);
  });
});
