import { readTurn, type TurnReading } from '../read-turn.ts';
import { formFeatures } from './form-features.ts';
import { numberFeatures } from './number-features.ts';
import { uptakeFeatures } from './uptake-features.ts';
import { wordFeatures } from './word-features.ts';

/** Raised when the meaning or order of the features changes; an artefact of another number is refused. */
export const FEATURE_SCHEMA_VERSION = 1;

/** Explainable features of a turn by name, in a fixed order. None depends on the data set. */
export function namedFeatures(turn: TurnReading): Record<string, number> {
  return { ...formFeatures(turn), ...wordFeatures(turn), ...numberFeatures(turn), ...uptakeFeatures(turn) };
}

/** Names of the dense features in order. */
export const FEATURE_NAMES: readonly string[] = Object.keys(
  namedFeatures(
    readTurn('', 'end', {
      said: '',
      student_turns: [],
      tutor_turns: [],
      reference_answer: null,
      goal: null,
      active_decoys: [],
    }),
  ),
);

/** The features as a vector, in the order of FEATURE_NAMES. */
export function denseFeatures(turn: TurnReading): Float64Array {
  return Float64Array.from(Object.values(namedFeatures(turn)));
}
