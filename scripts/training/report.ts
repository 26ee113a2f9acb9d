import { MODEL_TASKS } from '../../schemas/heuristics-model.ts';
import type { TrainingReport } from './train-model.ts';

/** Prints what the cross-validation showed. */
export function printReport({
  rows,
  curves,
  thresholds,
  blends,
  noncompliance,
  ranking,
}: TrainingReport): void {
  console.log(
    'Out-of-fold figures (repeated group cross-validation; interval: group bootstrap of the first repeat)',
  );
  console.log(
    'task             set        n      pos    AUC    95% CI         F1     acc    ECE    trained on the other sets',
  );
  for (const row of rows) {
    const interval =
      row.interval === null
        ? 'too few groups'
        : `${fixed(row.interval.ci_low)}–${fixed(row.interval.ci_high)}`;
    console.log(
      [
        row.task.padEnd(16),
        row.dataset.padEnd(10),
        String(row.n).padEnd(6),
        fixed(row.positive_frac).padEnd(6),
        fixed(row.auc).padEnd(6),
        interval.padEnd(14),
        fixed(row.f1).padEnd(6),
        fixed(row.accuracy).padEnd(6),
        fixed(row.ece).padEnd(6),
        row.transfer_auc === null ? '–' : fixed(row.transfer_auc),
      ].join(' '),
    );
  }
  for (const task of MODEL_TASKS) {
    const { bias, linear, forest } = blends[task];
    console.log(
      `\n${task}: threshold ${thresholds[task]}, logit = ${bias} + ${linear}·linear + ${forest}·forest`,
    );
    const bins = curves[task].map(
      ({ n, mean_probability, positive_frac }) => `${fixed(mean_probability)}→${fixed(positive_frac)} (${n})`,
    );
    console.log(`  probability → share of positives (n): ${bins.join('  ')}`);
  }
  if (ranking !== null) {
    console.log(
      `\nresponders by reveal rate: Spearman ${fixed(ranking.spearman ?? 0)} over ${ranking.n_responders}`,
    );
  }
  console.log(`\nnoncompliance risk: ${JSON.stringify(noncompliance)}`);
}

function fixed(value: number): string {
  return value.toFixed(3);
}
