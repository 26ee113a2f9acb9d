/** Fewer human labels than this correct no mean (spec 3.5). */
export const MIN_CORRECTION_LABELS = 100;

/** What stands beside a mean: how many labels on turns drawn at random there are, and whether they suffice. */
export function correctionNote(n_labels: number): string {
  return n_labels < MIN_CORRECTION_LABELS
    ? `not corrected (${n_labels} of ${MIN_CORRECTION_LABELS} labels)`
    : `corrected by ${n_labels} labels`;
}
