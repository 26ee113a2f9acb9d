import type { Place } from '../fields.ts';
import { fieldsOf } from '../fields.ts';
import { isObject } from '../json.ts';
import type { ExpressionPlace } from './expressions-check.ts';
import { checkExpressions } from './expressions-check.ts';
import type { Problems } from './problems.ts';

/** Fields whose expressions may read `$states.result`, on the states that have one. */
const RESULT_FIELDS = new Set(['Output', 'Assign']);
const RESULT_PLACES = new Set<Place>(['Task', 'Map', 'Parallel']);

/**
 * Checks an object against the field table: no unknown, no refused and no missing field, and only sound expressions.
 * Gives the object, or undefined when it is none.
 */
export function checkObject(
  value: unknown,
  path: string,
  place: Place,
  reachable: ExpressionPlace,
  problems: Problems,
): Record<string, unknown> | undefined {
  if (!isObject(value)) {
    problems.invalid(path, `${place} must be an object`);
    return undefined;
  }
  const fields = fieldsOf(place);
  for (const [name, content] of Object.entries(value)) {
    const at = join(path, name);
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) problems.invalid(at, `${place} has no field '${name}'`);
    else if (field.support === 'JSONPath only')
      problems.invalid(at, `'${name}' is JSONPath; a JSONata ${place} does not have it`);
    else if (field.support === 'not implemented') problems.notImplemented(at, `'${name}' is not implemented`);
    else if (field.expression === true)
      checkExpressions(content, at, expressionPlace(place, name, reachable), problems);
  }
  for (const [name, field] of Object.entries(fields)) {
    if (field.required === true && !Object.hasOwn(value, name))
      problems.invalid(join(path, name), `${place} needs '${name}'`);
  }
  return value;
}

/** The path of a member. */
export function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function expressionPlace(place: Place, field: string, reachable: ExpressionPlace): ExpressionPlace {
  return {
    unreachable: reachable.unreachable,
    result: RESULT_PLACES.has(place) && RESULT_FIELDS.has(field),
    errorOutput: place === 'Catcher',
    map: field === 'ItemSelector',
  };
}

/** Checks a literal number; expressions are left to the run. */
export function checkNumber(
  value: unknown,
  path: string,
  range: {
    readonly min: number;
    readonly max: number;
    readonly fraction?: boolean;
    readonly literal?: boolean;
  },
  problems: Problems,
): void {
  if (value === undefined) return;
  if (typeof value === 'string' && range.literal !== true && value.startsWith('{%') && value.endsWith('%}'))
    return;
  const isNumber = typeof value === 'number' && (range.fraction === true || Number.isInteger(value));
  if (!isNumber || value < range.min || value > range.max) {
    const kind = range.fraction === true ? 'a number' : 'a whole number';
    problems.invalid(path, `must be ${kind} from ${range.min} to ${range.max}`);
  }
}

/** Checks that a value is one of those AWS knows, and implemented. */
export function checkChoiceOf(
  value: unknown,
  path: string,
  values: { readonly implemented: readonly string[]; readonly others?: readonly string[] },
  problems: Problems,
): void {
  if (value === undefined || values.implemented.includes(value as string)) return;
  if (values.others?.includes(value as string))
    problems.notImplemented(path, `'${String(value)}' is not implemented`);
  else
    problems.invalid(path, `must be one of ${[...values.implemented, ...(values.others ?? [])].join(', ')}`);
}
