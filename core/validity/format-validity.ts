import type { Baseline, ValidityRow, ValidityTable } from './validity-table.ts';

/** The table as text for people: figures, intervals, baselines, goals, and what is optimistic. */
export function formatValidity(table: ValidityTable): string {
  const lines = [
    `Heuristics ${table.heuristics_version} against human labels (95% intervals: group bootstrap, ${table.bootstrap_draws} draws, seed "${table.bootstrap_seed}")`,
    '',
    columns(
      'task',
      'set',
      'n',
      'pos',
      'AUC',
      '95% CI',
      'goal',
      'F1',
      'acc',
      'ECE',
      '- words',
      '95% CI',
      'baselines (AUC)',
    ),
    ...table.tasks.map(rowOf),
    '',
    rankingLine(table),
    alarmsLine(table),
  ];
  const trained = table.tasks.filter(({ is_training_data }) => is_training_data);
  if (trained.length > 0) {
    lines.push(
      '',
      '* The shipped weights were trained on this very file: these figures flatter. Out of fold (models that had not seen the group):',
      ...trained.map(
        ({ task, dataset, out_of_fold_auc }) => `  ${task} on ${dataset}: AUC ${number(out_of_fold_auc)}`,
      ),
    );
  }
  if (table.tasks.some(({ task, dataset }) => task === 'open_question' && dataset === 'mathdial')) {
    lines.push(
      '',
      'open_question on mathdial is a weak proxy (the teacher chose "probing" rather than "focus"); no goal.',
    );
  }
  return lines.join('\n');
}

function rowOf(row: ValidityRow): string {
  const goal =
    row.goal_auc === null
      ? ''
      : `${number(row.goal_auc)}${(row.auc ?? 0) >= row.goal_auc ? ' met' : ' missed'}`;
  return columns(
    row.task,
    row.is_training_data ? `${row.dataset}*` : row.dataset,
    String(row.n),
    number(row.positive_frac),
    number(row.auc),
    interval(row.auc_ci_low, row.auc_ci_high),
    goal,
    row.goal_f1 === null ? number(row.f1) : `${number(row.f1)}/${number(row.goal_f1)}`,
    number(row.accuracy),
    number(row.ece),
    row.auc_over_bag_of_words === null ? '–' : signed(row.auc_over_bag_of_words),
    interval(row.auc_over_bag_of_words_ci_low, row.auc_over_bag_of_words_ci_high),
    Object.entries(row.baselines)
      .map(([name, baseline]) => baselineOf(name, baseline))
      .join(', '),
  );
}

function baselineOf(name: string, { auc }: Baseline): string {
  return `${name} ${number(auc)}`;
}

function rankingLine({ responder_ranking }: ValidityTable): string {
  if (responder_ranking === null) return 'responders ranked by reveal rate: not present';
  const { dataset, n_responders, spearman, goal_spearman, responders } = responder_ranking;
  const rates = responders.map(
    ({ responder, human_frac, estimated_frac }) =>
      `${responder} ${number(human_frac)} (${number(estimated_frac)})`,
  );
  return `responders of ${dataset} ranked by reveal rate: Spearman ${number(spearman)} over ${n_responders}, goal ${number(goal_spearman)}; people (estimate): ${rates.join(', ')}`;
}

function alarmsLine({ expert_false_alarms }: ValidityTable): string {
  if (expert_false_alarms === null) return 'expert false alarms: not present';
  const { dataset, n, n_alarms, alarm_frac, alarm_frac_upper, mean_score, goal_frac } = expert_false_alarms;
  return `expert false alarms on ${dataset}: ${n_alarms} of ${n} turns (${number(alarm_frac)}, at most ${number(alarm_frac_upper)} with 95% confidence), goal below ${number(goal_frac)}; mean score ${mean_score.toFixed(2)}`;
}

const WIDTHS = [16, 10, 5, 5, 5, 9, 11, 9, 5, 5, 8, 13, 0];

function columns(...cells: string[]): string {
  return cells
    .map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0))
    .join(' ')
    .trimEnd();
}

/** Three decimals without the leading zero, as in the papers. */
function number(value: number | null): string {
  return value === null ? '–' : value.toFixed(3).replace(/^(-?)0\./, '$1.');
}

function signed(value: number): string {
  return `${value >= 0 ? '+' : ''}${number(value)}`;
}

function interval(low: number | null, high: number | null): string {
  return low === null || high === null ? '–' : `${number(low)}–${number(high)}`;
}
