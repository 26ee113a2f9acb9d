import { groupFolds } from '../../core/validity/group-folds.ts';
import type { ModelTask } from '../../schemas/heuristics-model.ts';
import type { Example } from './examples.ts';
import { fitTask, scoreExample, type Scaling } from './fit-task.ts';
import { TRAINING } from './settings.ts';

/** Scores of an example by models that have not seen its group. */
export interface HeldOutScore {
  example: Example;
  /** Which repeat of the cross-validation. */
  repeat: number;
  linear: number;
  forest: number;
}

/** Repeated cross-validation by group over the examples with a verdict or a share; every one is scored once a repeat. */
export function crossValidate(
  task: ModelTask,
  examples: readonly Example[],
  scaling: Scaling,
): HeldOutScore[] {
  const scores: HeldOutScore[] = [];
  for (let repeat = 0; repeat < TRAINING.repeats; repeat += 1) {
    const folds = groupFolds(
      examples.map(({ group }) => group),
      TRAINING.folds,
      `repeat-${repeat}`,
    );
    for (let fold = 0; fold < TRAINING.folds; fold += 1) {
      const fitted = fitTask(
        task,
        examples.filter((_, index) => folds[index] !== fold),
        scaling,
        `${repeat}:${fold}`,
      );
      for (const [index, example] of examples.entries()) {
        if (folds[index] === fold) scores.push({ example, repeat, ...scoreExample(fitted, example) });
      }
    }
  }
  return scores;
}

/**
 * Scores of one set's rows by models trained on the other sets only, without the groups they share with it (MRBench answers
 * problems of MathDial and sessions of Bridge); empty where no other set has the task.
 */
export function transfer(
  task: ModelTask,
  dataset: string,
  examples: readonly Example[],
  scaling: Scaling,
): HeldOutScore[] {
  const known = new Set(examples.filter(({ row }) => row.dataset === dataset).map(({ group }) => group));
  const others = examples.filter(
    ({ row, group, targets }) => row.dataset !== dataset && !known.has(group) && targets[task] !== null,
  );
  if (others.length === 0) return [];
  const fitted = fitTask(task, others, scaling, `without-${dataset}`);
  return examples
    .filter(({ row }) => row.dataset === dataset)
    .map((example) => ({ example, repeat: 0, ...scoreExample(fitted, example) }));
}
