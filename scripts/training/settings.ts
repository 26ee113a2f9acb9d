import type { ModelTask } from '../../schemas/heuristics-model.ts';

/**
 * Settings of the training, the same for every data set. Chosen by repeated group cross-validation on MathDial, MRBench,
 * NCTE, CIMA and Bridge; docs/decisions tells what was tried.
 */
export const TRAINING = {
  /** Folds and repeats of the cross-validation whose out-of-fold scores calibrate and judge the models. */
  folds: 5,
  repeats: 3,
  /** An n-gram must occur in this many groups of the training rows. */
  min_groups: 3,
  /** Standardised dense features enter the linear model times this: the penalty weighs on them accordingly. */
  dense_scale: 0.1,
  /** Penalty of the linear model (1/C). */
  l2: { telling: 0.7, reveals_answer: 0.7, leading: 1, builds_on_prior: 1.4 } satisfies Record<
    ModelTask,
    number
  >,
  forest: {
    trees: 100,
    max_leaves: { telling: 100, reveals_answer: 64, leading: null, builds_on_prior: 48 } satisfies Record<
      ModelTask,
      number | null
    >,
    min_leaf_rows: 4,
    feature_frac: 0.3,
  },
  /** Rows of a set weigh n^−½, so that a small set still counts beside a large one. */
  dataset_weight_power: 0.5,
  /** Tasks whose linear model also reads the student's words: what is being explained bears on how open a question is. */
  student_words: {
    telling: false,
    reveals_answer: false,
    leading: true,
    builds_on_prior: false,
  } satisfies Record<ModelTask, boolean>,
  /** Log odds of non-compliance a point below the pass mark: 1% at two points above it, one half on it. */
  risk_per_point: 2.5,
  bootstrap_draws: 1000,
} as const;
