import { MAX_SECONDS } from '../limits.ts';
import type { ExpressionPlace } from './expressions-check.ts';
import { checkChoiceOf, checkNumber, checkObject, join } from './object-check.ts';
import type { Problems } from './problems.ts';

/** Upper bound of MaxDelaySeconds in the AWS documentation: 366 days. */
const MAX_DELAY_SECONDS = 31_622_400;

/** Checks Retry. */
export function checkRetry(value: unknown, path: string, place: ExpressionPlace, problems: Problems): void {
  for (const [index, retrier] of list(value, path, problems).entries()) {
    const at = `${path}[${index}]`;
    const fields = checkObject(retrier, at, 'Retrier', place, problems);
    if (fields === undefined) continue;
    const literal = true;
    checkNumber(
      fields['IntervalSeconds'],
      join(at, 'IntervalSeconds'),
      { min: 1, max: MAX_SECONDS, literal },
      problems,
    );
    checkNumber(
      fields['MaxAttempts'],
      join(at, 'MaxAttempts'),
      { min: 0, max: MAX_SECONDS, literal },
      problems,
    );
    checkNumber(
      fields['BackoffRate'],
      join(at, 'BackoffRate'),
      { min: 1, max: Infinity, literal, fraction: true },
      problems,
    );
    checkNumber(
      fields['MaxDelaySeconds'],
      join(at, 'MaxDelaySeconds'),
      { min: 1, max: MAX_DELAY_SECONDS, literal },
      problems,
    );
    checkChoiceOf(
      fields['JitterStrategy'],
      join(at, 'JitterStrategy'),
      { implemented: ['FULL', 'NONE'] },
      problems,
    );
  }
  checkErrorNames(value, path, problems);
}

/** Checks Catch; where its Next leads is checked with the other transitions. */
export function checkCatch(value: unknown, path: string, place: ExpressionPlace, problems: Problems): void {
  for (const [index, catcher] of list(value, path, problems).entries()) {
    checkObject(catcher, `${path}[${index}]`, 'Catcher', place, problems);
  }
  checkErrorNames(value, path, problems);
}

function checkErrorNames(value: unknown, path: string, problems: Problems): void {
  const entries = Array.isArray(value) ? value : [];
  for (const [index, entry] of entries.entries()) {
    const names: unknown = (entry as Record<string, unknown> | null)?.['ErrorEquals'];
    if (names === undefined) continue;
    const at = `${path}[${index}].ErrorEquals`;
    if (!Array.isArray(names) || names.length === 0 || names.some((name) => typeof name !== 'string')) {
      problems.invalid(at, 'must be a non-empty array of error names');
    } else if (names.includes('States.ALL')) {
      if (names.length > 1) problems.invalid(at, "'States.ALL' must stand alone");
      if (index < entries.length - 1) problems.invalid(at, "'States.ALL' must come last");
    }
  }
}

function list(value: unknown, path: string, problems: Problems): unknown[] {
  if (Array.isArray(value)) return value;
  problems.invalid(path, 'must be an array');
  return [];
}
