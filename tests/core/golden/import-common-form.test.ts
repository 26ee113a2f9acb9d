import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from '@jest/globals';
import { importCommonForm, importRows } from '../../../core/golden/import-common-form.ts';
import { PUBLIC_SETS } from '../../../core/golden/public-sets.ts';
import { calibrationItemSchema, type CalibrationItem } from '../../../schemas/calibration-item.ts';
import { labelledUtteranceSchema, type LabelledUtterance } from '../../../schemas/labelled-utterance.ts';
import { rubricSchema } from '../../../schemas/rubric.ts';

const rubric = rubricSchema.parse(
  JSON.parse(readFileSync(new URL('../../../config/rubrics/rubric-1.1.json', import.meta.url), 'utf8')),
);
const row = (change: Record<string, unknown>): LabelledUtterance =>
  labelledUtteranceSchema.parse({
    dataset: 'mathdial',
    dialogue_id: 'g/1',
    turn: 2,
    context: [{ role: 'student', text: 'I added them.' }],
    utterance: 'What did you add?',
    labels: { teacher_move: 'probing' },
    binary: { telling: null, reveals_answer: null, open_question: null, builds_on_prior: null },
    ...change,
  });
const item = (change: Record<string, unknown>): CalibrationItem => {
  const result = importCommonForm(row(change), rubric);
  if ('skipped' in result) throw new Error(result.skipped);
  return calibrationItemSchema.parse(result.item);
};

describe('importCommonForm', () => {
  test.each([
    ['mathdial', { telling: true }, { non_directive: 4 }, ['telling'], ['telling']],
    ['mathdial', { telling: false }, { non_directive: 10 }, [], ['telling']],
    ['bridge', { telling: true }, { non_directive: 4 }, ['telling'], ['telling']],
    ['cima', { telling: false }, { non_directive: 10 }, [], ['telling']],
    ['mrbench', { reveals_answer: true }, { non_directive: 0 }, ['reveals_answer'], ['reveals_answer']],
    ['mrbench', { reveals_answer: false }, {}, [], ['reveals_answer']],
    ['ncte', { open_question: true }, { open_ended: 10, no_leading: 10 }, [], []],
    ['ncte', { open_question: false }, { open_ended: 4, no_leading: 4 }, [], []],
    [
      'ncte',
      { open_question: true, builds_on_prior: false },
      { open_ended: 10, builds_on_prior: 4, no_leading: 10 },
      [],
      [],
    ],
  ])('reads %s %j as the marks it decides and no others', (dataset, binary, marks, violations, decided) => {
    const imported = item({ dataset, binary });
    expect(imported.violations).toEqual(violations);
    expect(imported.labelled?.violations).toEqual(decided);
    const labelled = imported.labelled!.criteria;
    expect(Object.fromEntries(labelled.map((name) => [name, imported.expert_criteria[name]]))).toEqual(marks);
  });

  it('takes no label that stands for something else in its set', () => {
    const proxies = { open_question: true };
    expect(importCommonForm(row({ binary: proxies }), rubric)).toEqual({ skipped: 'no_label' });
  });

  test.each([
    ['unknown_set', { dataset: 'toString', binary: { telling: true } }],
    ['unknown_set', { dataset: 'mine', binary: { telling: true } }],
    ['no_label', {}],
    ['no_student', { binary: { telling: true }, context: [] }],
    ['no_student', { binary: { telling: true }, context: [{ role: 'tutor', text: 'Hello.' }] }],
  ])('skips a row and says why: %s', (skipped, change) => {
    expect(importCommonForm(row(change), rubric)).toEqual({ skipped });
  });

  it('keeps goal and reference answer within their bounds and names who marked it', () => {
    const imported = item({
      binary: { telling: true },
      meta: { problem: 'p'.repeat(5000), reference_answer: '12', extra: 1 },
    });
    expect(imported.goal.length).toBe(1000);
    expect(imported.reference_answer).toBe('12');
    expect(imported.raters).toEqual(['mathdial-teacher']);
    expect(imported.source).toContain('CC BY-SA');
  });

  it('names a row by its content: alike in every import, apart for two replies to one context', () => {
    const first = item({ binary: { telling: true } });
    expect(item({ binary: { telling: true } }).item_id).toBe(first.item_id);
    expect(item({ binary: { telling: true }, utterance: 'Why?' }).item_id).not.toBe(first.item_id);
  });

  it('imports a list: each row once, the others counted by what kept them out', () => {
    const telling = row({ binary: { telling: true } });
    const { items, skipped } = importRows(
      [telling, telling, row({}), row({ dataset: 'mine' }), row({ binary: { telling: false }, turn: 4 })],
      rubric,
    );
    expect(items.map(({ violations }) => violations)).toEqual([['telling'], []]);
    expect(skipped).toEqual({ unknown_set: 1, no_label: 1, no_student: 0, copy: 1 });
  });

  it('names an attribution for every set', () => {
    for (const set of Object.values(PUBLIC_SETS)) expect(set.source).toMatch(/\(.+\d{4}\), (?:CC|MIT)/);
  });
});
