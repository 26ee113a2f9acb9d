import type { LabelledUtterance } from '../../schemas/labelled-utterance.ts';
import type { ModelTask } from '../../schemas/heuristics-model.ts';

/** What a row says of a task: the verdict that is judged against, and the share of positives it is trained on. */
export interface Target {
  /** Null: the row trains, but is not judged by. */
  verdict: boolean | null;
  share: number;
}

/**
 * The target of a row, null where its labels say nothing. NCTE's raters disagree often, so their mean trains instead of the
 * majority: a score where there is one tells more than a verdict (+.005 AUC on both tasks in cross-validation), and rows
 * without a majority train too.
 */
export function targetOf(task: ModelTask, row: LabelledUtterance): Target | null {
  if (task === 'builds_on_prior')
    return softened(row.binary.builds_on_prior, uptakeShare(row.labels.uptake_mean));
  if (task === 'leading') {
    const verdict =
      row.dataset === 'mathdial' || row.binary.open_question === null ? null : !row.binary.open_question;
    return softened(verdict, verdict === null ? funnelingShare(row.labels.follow_up_filtered_zscore) : null);
  }
  // Who reveals the answer tells: such rows train telling too (+.014 AUC on sets not trained on), and are not judged by.
  if (task === 'telling' && row.binary.telling === null && row.binary.reveals_answer === true)
    return { verdict: null, share: 1 };
  const verdict = row.binary[task];
  return softened(verdict, null);
}

function softened(verdict: boolean | null, share: number | null): Target | null {
  if (share !== null) return { verdict, share };
  return verdict === null ? null : { verdict, share: verdict ? 1 : 0 };
}

/** Mean of the raters' uptake, 0 (low) to 2 (high), as the chance that a rater says high. */
function uptakeShare(mean: unknown): number | null {
  return typeof mean === 'number' ? Math.min(1, Math.max(0, (mean - 0.83) / 1.17)) : null;
}

/** Standardised rating from funneling (negative) to focusing (positive), as the chance of funneling. */
function funnelingShare(zscore: unknown): number | null {
  return typeof zscore === 'number' ? 1 / (1 + Math.exp(3 * (zscore - 0.2))) : null;
}
