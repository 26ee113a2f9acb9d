import { readTurn, type TurnReading } from '../read-turn.ts';
import { formFeatures } from './form-features.ts';
import { numberFeatures } from './number-features.ts';
import { uptakeFeatures } from './uptake-features.ts';
import { wordFeatures } from './word-features.ts';

/** Raised when the meaning or order of the features changes; an artefact of another number is refused. */
export const FEATURE_SCHEMA_VERSION = 1;

/**
 * Explainable features of a turn by name, in groups and in a fixed order; none depends on the data set. Kept apart by
 * group: one object of them all would be slow (beyond 128 keys engines fall back to a hash table).
 */
function featureGroups(turn: TurnReading): Record<string, number>[] {
  return [formFeatures(turn), wordFeatures(turn), numberFeatures(turn), uptakeFeatures(turn)];
}

/** Names of the dense features in order. */
export const FEATURE_NAMES: readonly string[] = featureGroups(
  readTurn('', 'end', {
    said: '',
    student_turns: [],
    tutor_turns: [],
    reference_answer: null,
    goal: null,
    active_decoys: [],
  }),
).flatMap((group) => Object.keys(group));

/** The features as a vector, in the order of FEATURE_NAMES. */
export function denseFeatures(turn: TurnReading): Float64Array {
  const vector = new Float64Array(FEATURE_NAMES.length);
  let at = 0;
  for (const group of featureGroups(turn)) {
    for (const value of Object.values(group)) {
      vector[at] = value;
      at += 1;
    }
  }
  return vector;
}
