import { describe, expect, it } from '@jest/globals';
import { formatValidity } from '../../../core/validity/format-validity.ts';
import { validityTable } from '../../../core/validity/validity-table.ts';
import { sha256Hex } from '../../../core/identity/hash.ts';
import { model, rubric } from '../heuristics/shipped.ts';
import { EXPERT_FILE, RESPONDERS_FILE, TELLING_FILE } from './fixtures.ts';

const files = [TELLING_FILE, RESPONDERS_FILE, EXPERT_FILE];
const table = validityTable(files, model, rubric);

describe('the validity table', () => {
  it('has one row for each task on each set that has labels for it', () => {
    expect(
      table.tasks.map(({ task, dataset, n, positive_frac }) => [task, dataset, n, positive_frac]),
    ).toEqual([
      ['telling', 'shop', 48, 0.5],
      ['reveals_answer', 'replies', 72, 0.5],
    ]);
  });

  it('gives figures with intervals around them', () => {
    for (const row of table.tasks) {
      expect(row.auc).toBeGreaterThan(0.9);
      expect(row.auc_ci_low).toBeLessThanOrEqual(row.auc ?? 0);
      expect(row.auc_ci_high).toBeGreaterThanOrEqual(row.auc ?? 1);
      expect(row.f1).toBeGreaterThan(0.7);
      expect(row.n_groups).toBe(24);
    }
  });

  it('sets the baselines of the same rows beside them, and the paired difference', () => {
    const [telling, reveals] = table.tasks;
    expect(Object.keys(telling?.baselines ?? {})).toEqual(['question_mark', 'bag_of_words']);
    expect(telling?.baselines['question_mark']?.auc).toBe(1);
    expect(Object.keys(reveals?.baselines ?? {})).toEqual([
      'question_mark',
      'reference_number',
      'bag_of_words',
    ]);
    for (const row of table.tasks) {
      expect(row.auc_over_bag_of_words).toBeCloseTo(
        (row.auc ?? 0) - (row.baselines['bag_of_words']?.auc ?? 0),
        10,
      );
      expect(row.auc_over_bag_of_words_ci_low).not.toBeNull();
    }
  });

  it('ranks responders by their rate', () => {
    expect(table.responder_ranking?.responders.map(({ responder }) => responder)).toEqual([
      'careful',
      'middling',
      'blunt',
    ]);
    expect(table.responder_ranking?.spearman).toBe(1);
  });

  it('counts false alarms on expert turns, closing turns left out', () => {
    expect(table.expert_false_alarms).toMatchObject({ n: 6, n_alarms: 1, alarm_frac: 1 / 6 });
    expect(table.expert_false_alarms?.alarm_frac_upper).toBeGreaterThan(1 / 6);
  });

  it('is the same for the same files and seed, and its text has every row', () => {
    expect(validityTable(files, model, rubric)).toEqual(table);
    const text = formatValidity(table);
    expect(text).toContain('shop');
    expect(text).toContain('1 of 6 turns');
  });

  it('says what is not present', () => {
    const text = formatValidity(validityTable([TELLING_FILE], model, rubric));
    expect(text).toContain('expert false alarms: not present');
    expect(text).toContain('ranked by reveal rate: not present');
  });

  it('marks a file that the weights were trained on', () => {
    const trained = {
      ...model,
      trained_on: [{ dataset: 'shop', sha256: sha256Hex(TELLING_FILE.text), n_rows: 48 }],
      out_of_fold: [{ ...model.out_of_fold[0]!, task: 'telling', dataset: 'shop', auc: 0.77 }],
    };
    const marked = validityTable([TELLING_FILE], trained, rubric);
    expect(marked.tasks[0]).toMatchObject({ is_training_data: true, out_of_fold_auc: 0.77 });
    expect(formatValidity(marked)).toContain('telling on shop: AUC .770');
  });

  it('gives no interval below 20 groups', () => {
    const few = { name: 'shop.jsonl', text: TELLING_FILE.text.split('\n').slice(0, 20).join('\n') };
    expect(validityTable([few], model, rubric).tasks[0]).toMatchObject({
      n: 20,
      n_groups: 10,
      auc_ci_low: null,
    });
  });
});
