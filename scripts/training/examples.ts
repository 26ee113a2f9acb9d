import { denseFeatures } from '../../core/heuristics/model/dense-features.ts';
import { ngramsOf, studentWordsOf } from '../../core/heuristics/model/ngrams.ts';
import { shapesOf } from '../../core/heuristics/model/shapes.ts';
import { readTurn, type TurnReading } from '../../core/heuristics/read-turn.ts';
import { contextOf, groupOf } from '../../core/validity/labelled-turns.ts';
import { MODEL_TASKS, type ModelTask } from '../../schemas/heuristics-model.ts';
import type { LabelledUtterance } from '../../schemas/labelled-utterance.ts';
import { targetOf, type Target } from './targets.ts';

/** A labelled row with everything the models see of it. */
export interface Example {
  row: LabelledUtterance;
  group: string;
  turn: TurnReading;
  dense: Float64Array;
  ngrams: readonly string[];
  student_words: readonly string[];
  shapes: readonly string[];
  targets: Record<ModelTask, Target | null>;
}

export function toExample(row: LabelledUtterance): Example {
  const turn = readTurn(row.utterance, 'end', contextOf(row));
  const targets = Object.fromEntries(
    MODEL_TASKS.map((task) => [task, targetOf(task, row)]),
  ) as Example['targets'];
  return {
    row,
    group: groupOf(row),
    turn,
    dense: denseFeatures(turn),
    ngrams: [...ngramsOf(turn)],
    student_words: [...studentWordsOf(turn)],
    shapes: [...shapesOf(turn)],
    targets,
  };
}
